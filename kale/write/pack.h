// Parts to published formats in one pass: a projection onto the columns that readers of the dataset
// want. One row group of a part and one row's picture are in memory at a time.
// Errors   kNotFound, kCorrupt naming the part or row and the cure; kIo
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "kale/core/sink.h"
#include "kale/io/disk.h"
#include "kale/write/format.h"
#include "kale/write/picture.h"
#include "kale/write/statistics.h"

namespace kale {

inline constexpr std::string_view kImageColumn = "image";

struct Packed {
  DatasetStatistics statistics;
  std::set<std::string> provenances;     // of shards, each once
  std::int64_t pictures_not_raster = 0;  // of those read
};

// What the published columns are, from the footers of all parts. Names of parts are relative to
// `out`.
Result<TableSpec> published_columns(Disk& disk, const std::filesystem::path& out,
                                    const std::vector<WrittenShard>& shards, bool image_bytes);

// Shows every row to every writer, in shard order. `pictures` is null where none are published.
Result<Packed> pack_parts(Disk& disk, const std::filesystem::path& out,
                          const std::vector<WrittenShard>& shards, PictureReader* pictures,
                          std::span<const std::unique_ptr<FormatWriter>> writers);

// Up to `count` kept rows, spread evenly over all parts; for people to look at.
Result<std::vector<Row>> sample_rows(Disk& disk, const std::filesystem::path& out,
                                     const std::vector<WrittenShard>& shards, std::int64_t count);

}  // namespace kale
