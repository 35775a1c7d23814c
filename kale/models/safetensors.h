// Reads safetensors files: eight bytes of header length, a JSON header, raw tensors.
// Format   https://huggingface.co/docs/safetensors
// Errors   kCorrupt for a file that contradicts itself, kLimit for a header over kHeaderBytesMax
// Threads  plain values
// Units    offsets in bytes from the end of the header
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kale/core/result.h"

namespace kale {

// The header comes from anywhere, so every number in it is checked against the file before use.
struct Tensor {
  std::string dtype;  // "F32"
  std::vector<std::int64_t> shape;
  std::string_view bytes;  // into the file
  std::int64_t elements() const;
};

class Safetensors {
 public:
  static constexpr std::uint64_t kHeaderBytesMax = 64 << 20;

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

}  // namespace kale
