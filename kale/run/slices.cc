#include "kale/run/slices.h"

#include <fmt/format.h>

#include <algorithm>

namespace kale {

std::vector<std::int64_t> bytes_by_row(const ShardSpec& spec) {
  std::vector<std::int64_t> bytes;
  for (const Slice& slice : spec.slices)
    bytes.insert(bytes.end(), static_cast<std::size_t>(slice.rows),
                 slice.bytes / std::max<std::int64_t>(1, slice.rows));
  return bytes;
}

const std::string& file_of(const ShardSpec& spec, std::size_t index) {
  auto slice = spec.slices.begin();
  for (auto left = static_cast<std::int64_t>(index); left >= slice->rows; ++slice)
    left -= slice->rows;
  return slice->path;
}

Error too_wide(const ShardSpec& spec, std::size_t index) {
  return {
      Code::kLimit,
      fmt::format("{}: up to row {} of the {} of shard {}, the columns that kale does not read "
                  "come to more than {} bytes; take out those that nobody needs, or start a "
                  "new output folder with a smaller run.shard_rows",
                  file_of(spec, index), index + 1, spec.rows(), spec.index, kShardExtrasBytesMax)};
}

}  // namespace kale
