#include "kale/train/data/order.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "kale/core/rng.h"

namespace kale {

std::uint64_t mixed(std::uint64_t a, std::uint64_t b, std::uint64_t c) {
  return Rng(Rng(Rng(a).next() ^ b).next() ^ c).next();
}

std::vector<std::size_t> shuffled(std::size_t n, std::uint64_t seed) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  Rng rng(seed);
  for (std::size_t i = n; i > 1; --i) std::swap(order[i - 1], order[rng.below(i)]);
  return order;
}

std::vector<std::vector<std::size_t>> group_blocks(std::span<const std::int64_t> block_rows,
                                                   std::int64_t group_rows, std::uint64_t seed) {
  std::vector<std::vector<std::size_t>> groups;
  std::int64_t rows = group_rows;  // of the last group; there is none yet
  for (std::size_t block : shuffled(block_rows.size(), seed)) {
    if (rows >= group_rows) {
      groups.emplace_back();
      rows = 0;
    }
    groups.back().push_back(block);
    rows += block_rows[block];
  }
  return groups;
}

std::vector<std::vector<std::size_t>> cut_batches(std::span<const std::int64_t> lengths,
                                                  std::int64_t batch_rows, std::uint64_t seed) {
  std::vector<std::size_t> rows = shuffled(lengths.size(), seed);
  std::stable_sort(rows.begin(), rows.end(),
                   [&](std::size_t a, std::size_t b) { return lengths[a] < lengths[b]; });
  std::vector<std::vector<std::size_t>> sorted;
  for (std::size_t first = 0; first < rows.size(); first += static_cast<std::size_t>(batch_rows)) {
    std::size_t last = std::min(rows.size(), first + static_cast<std::size_t>(batch_rows));
    sorted.emplace_back(rows.begin() + static_cast<std::ptrdiff_t>(first),
                        rows.begin() + static_cast<std::ptrdiff_t>(last));
  }
  std::vector<std::vector<std::size_t>> batches;
  for (std::size_t i : shuffled(sorted.size(), mixed(seed, 1))) {
    batches.push_back(std::move(sorted[i]));
  }
  return batches;
}

}  // namespace kale
