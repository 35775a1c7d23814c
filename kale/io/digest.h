// Digests: xxh128 for identity and checksums of our own files, sha256 for what other people
// compare.
// Threads  free functions are safe; a Digest belongs to one thread
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "kale/core/result.h"

namespace kale {

std::uint64_t xxh3_64(std::string_view bytes, std::uint64_t seed = 0);
std::string xxh128_hex(std::string_view bytes);  // 32 hex digits
std::string sha256_hex(std::string_view bytes);  // 64 hex digits
Result<std::string> xxh128_file(const std::filesystem::path& path);

// Hashes a sequence of fields; add("ab"), add("c") differs from add("a"), add("bc").
class Digest {
 public:
  Digest();
  ~Digest();
  Digest& add(std::string_view field);
  Digest& add(std::int64_t field);
  // The bytes alone, no frame: after append("ab"), append("c") hex() is xxh128_hex("abc").
  Digest& append(std::string_view bytes);
  std::string hex() const;  // 32 hex digits
  std::uint64_t low64() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace kale
