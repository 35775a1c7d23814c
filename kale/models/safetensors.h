// Reads and writes safetensors files: eight bytes of header length, a JSON header, raw tensors.
// Format   https://huggingface.co/docs/safetensors
// Errors   kCorrupt for a file that contradicts itself, kLimit for a header over kHeaderBytesMax;
//          the disk's own
// Threads  plain values; a SafetensorsFile may be read from many threads
// Units    offsets in bytes from the end of the header
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kale/core/result.h"
#include "kale/io/disk.h"

namespace kale {

inline constexpr std::uint64_t kSafetensorsHeaderBytesMax = 64 << 20;

// The header comes from anywhere, so every number in it is checked against the file before use.
struct Tensor {
  std::string dtype;  // "F32"
  std::vector<std::int64_t> shape;
  std::string_view bytes;  // into the file
  std::int64_t elements() const;
};

class Safetensors {
 public:
  static constexpr std::uint64_t kHeaderBytesMax = kSafetensorsHeaderBytesMax;

  // Keeps the file's bytes; `name` is for messages.
  static Result<Safetensors> parse(std::string file, std::string name);

  const std::map<std::string, Tensor, std::less<>>& tensors() const { return tensors_; }
  const std::map<std::string, std::string>& metadata() const { return metadata_; }

  Safetensors(Safetensors&&) = default;
  Safetensors& operator=(Safetensors&&) = default;
  Safetensors(const Safetensors&) = delete;
  Safetensors& operator=(const Safetensors&) = delete;

 private:
  Safetensors() = default;

  std::vector<char> file_;  // a vector keeps its address when moved; a short string does not
  std::map<std::string, Tensor, std::less<>> tensors_;
  std::map<std::string, std::string> metadata_;
};

// Where a tensor lies in a file of any size.
struct TensorPlace {
  std::string dtype;
  std::vector<std::int64_t> shape;
  std::int64_t offset = 0;  // from the file's beginning
  std::int64_t bytes = 0;
};

// Holds the header; tensors are read one by one.
class SafetensorsFile {
 public:
  static Result<SafetensorsFile> open(Disk& disk, const std::filesystem::path& path);

  const std::map<std::string, TensorPlace, std::less<>>& tensors() const { return tensors_; }
  // Fills `out`, which is as long as the tensor.
  Status read(const TensorPlace& place, std::span<char> out) const;

 private:
  SafetensorsFile() = default;

  std::filesystem::path path_;
  std::unique_ptr<ReadableFile> file_;
  std::map<std::string, TensorPlace, std::less<>> tensors_;
};

// Written aside, synced, renamed. Tensors come in the order of their names; `metadata` holds
// {"format", "pt"} for files that transformers is to load.
Status write_safetensors(Disk& disk, const std::filesystem::path& path,
                         const std::map<std::string, Tensor, std::less<>>& tensors,
                         const std::map<std::string, std::string>& metadata);

}  // namespace kale
