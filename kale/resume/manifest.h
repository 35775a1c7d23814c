// The frozen list of inputs: which rows make which shard. Written at the first run; input files
// that appear later append shards and shift none.
// Errors   kCorrupt for a foreign file; kIo from the disk
// Threads  one thread writes; shard() is safe from many threads once loaded
// Units    about 40 bytes of memory and disk a slice: 218 M rows in tars of 10,000 are 21,800
//          slices
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "kale/core/source.h"
#include "kale/io/disk.h"

namespace kale {

inline constexpr std::int64_t kShardRowsMax = 1'000'000;

class Manifest {
 public:
  // Loads `path`, or starts empty where there is none.
  static Result<Manifest> open(Disk& disk, const std::filesystem::path& path);

  // Lists the source and appends shards of at most `shard_rows` rows for files not seen before.
  // Returns how many shards were added. The new list replaces the old one in one rename.
  Result<std::int64_t> append_new(Disk& disk, Source& source, std::int64_t shard_rows);

  std::int64_t shards() const { return static_cast<std::int64_t>(lines_.size()); }
  std::int64_t rows() const { return rows_; }
  std::int64_t shard_rows(std::int64_t index) const;  // without parsing the shard's slices
  ShardSpec shard(std::int64_t index) const;

 private:
  struct Line {
    std::string payload;
    std::int64_t rows = 0;
  };
  Status add(std::string payload);

  std::filesystem::path path_;
  std::vector<Line> lines_;
  std::int64_t rows_ = 0;
};

}  // namespace kale
