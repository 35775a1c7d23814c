// What the manifest says of each row of a shard.
// Threads  free functions, safe
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kale/core/source.h"

namespace kale {

// What the columns that kale does not read may take in one shard; its rows keep them until it is
// committed.
inline constexpr std::int64_t kShardExtrasBytesMax = std::int64_t{2} << 30;

// Each row's share of its file's bytes; what it needs may be more or less.
std::vector<std::int64_t> bytes_by_row(const ShardSpec& spec);

// The file that the shard's row `index` comes from.
const std::string& file_of(const ShardSpec& spec, std::size_t index);

// They take more, the row `index` being the one too many.
Error too_wide(const ShardSpec& spec, std::size_t index);

}  // namespace kale
