#include "kale/train/data/order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace kale {
namespace {

TEST(Order, AShuffleHoldsEachOnceAndFollowsItsSeed) {
  auto order = shuffled(1000, 7);
  EXPECT_EQ(std::set<std::size_t>(order.begin(), order.end()).size(), 1000u);
  EXPECT_EQ(order, shuffled(1000, 7));
  EXPECT_NE(order, shuffled(1000, 8));
  EXPECT_FALSE(std::is_sorted(order.begin(), order.end()));
}

TEST(Order, GroupsHoldEachBlockOnceAndEndWhereTheyAreFull) {
  std::vector<std::int64_t> rows(37, 64);
  rows.back() = 3;
  auto groups = group_blocks(rows, 200, 1);
  std::set<std::size_t> seen;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    std::int64_t sum = 0;
    for (std::size_t block : groups[g]) {
      EXPECT_TRUE(seen.insert(block).second);
      EXPECT_LT(sum, 200) << "the group was full before";
      sum += rows[block];
    }
    if (g + 1 < groups.size()) EXPECT_GE(sum, 200);
  }
  EXPECT_EQ(seen.size(), rows.size());
}

TEST(Order, BatchesAreOfLikeLengthAndLoseNobody) {
  std::vector<std::int64_t> lengths;
  for (int i = 0; i < 1003; ++i) lengths.push_back(10 + i * 37 % 190);
  auto batches = cut_batches(lengths, 16, 3);
  std::set<std::size_t> seen;
  std::int64_t padded = 0, real = 0;
  std::size_t small = 0;
  std::vector<std::int64_t> longest;
  for (const auto& batch : batches) {
    std::int64_t most = 0;
    for (std::size_t row : batch) {
      EXPECT_TRUE(seen.insert(row).second);
      most = std::max(most, lengths[row]);
      real += lengths[row];
    }
    padded += most * static_cast<std::int64_t>(batch.size());
    small += batch.size() < 16 ? 1 : 0;
    longest.push_back(most);
  }
  EXPECT_EQ(seen.size(), lengths.size());
  EXPECT_EQ(small, 1u);
  EXPECT_LT(static_cast<double>(padded), 1.05 * static_cast<double>(real));
  EXPECT_FALSE(std::is_sorted(longest.begin(), longest.end()))
      << "short ones do not all come first";
}

}  // namespace
}  // namespace kale
