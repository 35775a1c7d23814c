// The frozen list of inputs: which rows make which shard. Written at the first run; input files
// that appear later append shards and shift none.
// Errors   kCorrupt for a foreign file; kIo from the disk
// Threads  one thread writes; shard() is safe from many threads once loaded
// Units    about 40 bytes of memory and disk a slice: 218 M rows in tars of 10,000 are 21,800
//          slices
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "kale/core/source.h"
#include "kale/io/disk.h"
#include "kale/resume/counts.h"

namespace kale {

inline constexpr std::int64_t kShardRowsMax = 1'000'000;
inline constexpr std::int64_t kChangedFilesTold = 5;

struct ChangedFile {
  std::string path;
  std::int64_t bytes_then = 0;  // when its rows were frozen
  std::int64_t bytes_now = 0;
};

// What goes along with listing a source, and what is met on the way.
struct Listing {
  Counts* counts = nullptr;  // what earlier runs counted; none: every new file is counted
  // Told before each file that takes reading; `rows` are those of new files before it.
  std::function<void(const InputFile& file, std::int64_t rows)> watch = {};
  // Frozen files that have another size now, and the first few of them. Their rows stay those of
  // before.
  std::int64_t files_changed = 0;
  std::vector<ChangedFile> changed = {};
};

class Manifest {
 public:
  // Loads `path`, or starts empty where there is none.
  static Result<Manifest> open(Disk& disk, const std::filesystem::path& path);

  // Lists the source and appends shards of at most `shard_rows` rows for files not seen before.
  // Returns how many shards were added. The new list replaces the old one in one rename.
  Result<std::int64_t> append_new(Disk& disk, Source& source, std::int64_t shard_rows,
                                  Listing* listing = nullptr);

  std::int64_t shards() const { return static_cast<std::int64_t>(lines_.size()); }
  std::int64_t rows() const { return rows_; }
  std::int64_t shard_rows(std::int64_t index) const;  // without parsing the shard's slices
  ShardSpec shard(std::int64_t index) const;
  // Calls `take` for every frozen file in the order of its first row, with its rows and bytes.
  void files(const std::function<void(const InputFile&)>& take) const;

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
