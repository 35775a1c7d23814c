// A GGUF file in the making: keys, and tensors whose values are fetched when they are written.
// Errors   kBadConfig for weights that the type cannot hold; the disk's
// Threads  belongs to one
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "kale/core/result.h"
#include "kale/io/disk.h"

struct gguf_context;

namespace kale {

enum class WeightType { kF32, kF16, kQ8_0 };

struct GgufTensor {
  std::string name;
  std::vector<std::int64_t> shape;  // as PyTorch has it: the last one lies together
  bool exact = false;               // F32 whatever the file's type; vectors always are
  std::function<Result<std::vector<float>>()> values;
};

class GgufFile {
 public:
  explicit GgufFile(WeightType type);
  ~GgufFile();
  GgufFile(const GgufFile&) = delete;
  GgufFile& operator=(const GgufFile&) = delete;

  void set(const std::string& key, std::int64_t value);  // from 0 to 2^32 - 1
  void set(const std::string& key, double value);        // as F32
  void set(const std::string& key, bool value);
  void set(const std::string& key, const std::string& value);
  void set(const std::string& key, const std::vector<float>& values);
  void set(const std::string& key, const std::vector<std::int32_t>& values);
  gguf_context& keys() { return *keys_; }

  void add(GgufTensor tensor) { tensors_.push_back(std::move(tensor)); }

  // Written aside, synced, renamed.
  Status write(Disk& disk, const std::filesystem::path& path);

 private:
  struct Free {
    void operator()(gguf_context* keys) const;
  };
  WeightType type_;
  std::unique_ptr<gguf_context, Free> keys_;
  std::vector<GgufTensor> tensors_;
};

}  // namespace kale
