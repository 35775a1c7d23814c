// A file from its start to its end, block by block; unpacked where it is gzip.
// Errors   kNotFound, kIo; kCorrupt for gzip that is damaged or cut short, once what stands before
//          the damage was handed out; kLimit likewise for gzip of more than kUnpackedPerByteMax
// Threads  one thread at a time
// Units    a block holds at most kBlockBytes
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "kale/core/result.h"

namespace kale {

inline constexpr std::int64_t kBlockBytes = std::int64_t{256} << 10;

// A gzip file may unpack to this many times its own bytes, and to kUnpackedBytesFree in any case:
// gzip reaches a thousand, tables of the web ten or twenty.
inline constexpr std::int64_t kUnpackedPerByteMax = 200;
inline constexpr std::int64_t kUnpackedBytesFree = std::int64_t{64} << 20;

class ByteBlocks {
 public:
  // gzip is known by its first two bytes, whatever the name.
  static Result<std::unique_ptr<ByteBlocks>> open(const std::filesystem::path& path) {
    return open(path, path.string());
  }
  // `shown` is what messages about its bytes call the file.
  static Result<std::unique_ptr<ByteBlocks>> open(const std::filesystem::path& path,
                                                  std::string shown);
  virtual ~ByteBlocks() = default;
  // Good until the next call; empty after the last.
  virtual Result<std::string_view> next() = 0;
};

}  // namespace kale
