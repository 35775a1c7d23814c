// The tensors of a LLaVA folder by the names of transformers 4, whatever their files call them,
// read one by one as floats.
// Errors   kBadConfig for tensors that are missing, left over, of another shape or type than
//          config.json asks for, by their names; those of kale/models/folder.h
// Threads  belongs to one
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "kale/core/result.h"
#include "kale/io/disk.h"
#include "kale/models/safetensors.h"

namespace kale {

class LlavaWeights {
 public:
  static Result<LlavaWeights> open(Disk& disk, const std::filesystem::path& folder);

  // Notes that the tensor will be read; what does not fit is kept for missing().
  void claim(const std::string& name, const std::vector<std::int64_t>& shape);
  // Tensors that begin so are left out on purpose.
  void leave_out(const std::string& beginning);
  // Once everything is claimed: whether the files hold this and nothing else.
  Status check() const;

  Result<std::vector<float>> read(const std::string& name) const;

 private:
  struct Place {
    std::size_t file = 0;
    std::string name;  // in the file
    TensorPlace tensor;
    bool claimed = false;
  };
  std::filesystem::path folder_;
  std::vector<std::filesystem::path> paths_;
  std::vector<SafetensorsFile> files_;
  std::map<std::string, Place, std::less<>> places_;
  std::vector<std::string> missing_;
  std::string unfit_;  // the first of another shape or type
};

}  // namespace kale
