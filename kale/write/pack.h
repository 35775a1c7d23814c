// Parts to few published files, row group by row group: a projection onto the columns that readers
// of the dataset want. One row group is in memory at a time.
// Errors   kNotFound, kCorrupt naming the part and the cure; kBadConfig where an extra column has
//          two types; kIo
#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "kale/core/sink.h"
#include "kale/io/disk.h"
#include "kale/write/statistics.h"

namespace kale {

struct PackedFile {
  std::string name;  // in its folder: "train-00000-of-00002.parquet"
  std::int64_t bytes = 0;
};

struct Packed {
  std::vector<PackedFile> files;
  DatasetStatistics statistics;
  std::set<std::string> provenances;  // of shards, each once
};

// Packs the parts of `shards` (their names are relative to `out`) into the empty folder `into`,
// starting a new file once one has `file_bytes`. No rows give one file without rows.
Result<Packed> pack_parts(Disk& disk, const std::filesystem::path& out,
                          const std::vector<WrittenShard>& shards,
                          const std::filesystem::path& into, std::int64_t file_bytes);

}  // namespace kale
