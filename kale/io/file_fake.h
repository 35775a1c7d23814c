// A file in memory, whose disk may fail at a place.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <utility>

#include "kale/io/disk.h"

namespace kale {

class MemoryFile : public ReadableFile {
 public:
  static constexpr std::int64_t kNowhere = std::numeric_limits<std::int64_t>::max();
  // Reading the byte at `fails_at`, or one behind it, is kIo.
  explicit MemoryFile(std::string bytes, std::int64_t fails_at = kNowhere)
      : bytes_(std::move(bytes)), fails_at_(fails_at) {}

  std::int64_t bytes() const override { return std::ssize(bytes_); }
  Result<std::size_t> read_at(std::int64_t offset, std::span<char> out) override {
    std::int64_t from = std::min(offset, bytes());
    std::size_t taken = std::min(out.size(), static_cast<std::size_t>(bytes() - from));
    if (from + static_cast<std::int64_t>(taken) > fails_at_)
      return Error{Code::kIo, "the disk does not answer"};
    std::memcpy(out.data(), bytes_.data() + from, taken);
    return taken;
  }

 private:
  std::string bytes_;
  std::int64_t fails_at_;
};

}  // namespace kale
