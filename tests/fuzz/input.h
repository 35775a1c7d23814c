// What fuzz targets of state files share: the first byte says whether the rest is the file as it
// lies on disk, or what stands behind its checksums, which no fuzzer would guess.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace kale {

struct FuzzInput {
  bool behind_checksums = false;
  std::string_view bytes;

  FuzzInput(const std::uint8_t* data, std::size_t size) {
    std::string_view all(reinterpret_cast<const char*>(data), size);
    if (all.empty()) return;
    behind_checksums = all.front() == 'c';
    bytes = all.substr(1);
  }
};

}  // namespace kale
