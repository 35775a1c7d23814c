// In which order rows are learnt from: all of it follows from the seed, so that a run can go on
// anywhere. Blocks of an epoch are shuffled and taken in groups; the rows of a group, which is in
// memory, are shuffled and cut into batches of like length.
// Threads  free functions, safe
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kale {

// 0 .. n - 1, shuffled.
std::vector<std::size_t> shuffled(std::size_t n, std::uint64_t seed);

// A number of its own for each of a few numbers: seed of seeds.
std::uint64_t mixed(std::uint64_t a, std::uint64_t b, std::uint64_t c = 0);

// Blocks of an epoch in groups: a group ends with the block that takes it to `group_rows` rows.
std::vector<std::vector<std::size_t>> group_blocks(std::span<const std::int64_t> block_rows,
                                                   std::int64_t group_rows, std::uint64_t seed);

// Rows of a group in batches of `batch_rows` rows of like length, the batches in any order; where
// rows are left over, one batch is smaller.
std::vector<std::vector<std::size_t>> cut_batches(std::span<const std::int64_t> lengths,
                                                  std::int64_t batch_rows, std::uint64_t seed);

}  // namespace kale
