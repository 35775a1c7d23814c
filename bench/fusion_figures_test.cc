#include "bench/fusion_figures.h"

#include <gtest/gtest.h>

#include <cmath>

namespace kale::study {
namespace {

constexpr const char* kAlt = "Old Pier at Brighton, 1890";
constexpr const char* kDense = "A wooden bridge over water.";

Part part(const RowFigures& row, Figure figure) { return row[static_cast<std::size_t>(figure)]; }

TEST(FusionFigures, CountsWhatIsKept) {
  const auto row = measure(kAlt, kDense, "The Old Pier at Brighton is a bridge over water.");
  EXPECT_EQ(part(row, Figure::kNamesKept).of, 2);
  EXPECT_EQ(part(row, Figure::kNamesKept).all, 3);
  EXPECT_EQ(part(row, Figure::kDenseKept).of, 2);
  EXPECT_EQ(part(row, Figure::kDenseKept).all, 3);
  EXPECT_EQ(part(row, Figure::kInventedRows).of, 0);
  EXPECT_EQ(part(row, Figure::kWords).of, 10);
}

TEST(FusionFigures, ANameOfNeitherSourceIsInvented) {
  auto invented = [](const char* caption) {
    return part(measure(kAlt, kDense, caption), Figure::kInventedRows).of;
  };
  EXPECT_EQ(invented("A bridge in London."), 1);
  EXPECT_EQ(invented("A bridge of 1891."), 1);
  EXPECT_EQ(invented("A Wooden Bridge at Brighton."), 0);
}

TEST(FusionFigures, CopiesAreToldApart) {
  const auto verbatim = measure(kAlt, kDense, "See the Old Pier at Brighton, 1890 here.");
  EXPECT_EQ(part(verbatim, Figure::kVerbatimRows).of, 1);
  EXPECT_EQ(part(verbatim, Figure::kWordsCopied).of, 1);
  const auto words_alone = measure(kAlt, kDense, "The old pier at Brighton (1890).");
  EXPECT_EQ(part(words_alone, Figure::kVerbatimRows).of, 0);
  EXPECT_EQ(part(words_alone, Figure::kWordsCopied).of, 1);
  const auto appended = measure(kAlt, kDense, "Brighton: a wooden bridge over water.");
  EXPECT_EQ(part(appended, Figure::kAppendedRows).of, 1);
  EXPECT_EQ(part(appended, Figure::kFallbackRows).of, 0);
  const auto alone = measure(kAlt, kDense, "A wooden bridge over water");
  EXPECT_EQ(part(alone, Figure::kAppendedRows).of, 0);
  EXPECT_EQ(part(alone, Figure::kFallbackRows).of, 1);
}

TEST(FusionFigures, IntervalsHoldTheRatioOfSums) {
  std::vector<RowFigures> rows;
  for (int i = 0; i < 100; ++i) {
    RowFigures row{};
    row[0] = {i < 25 ? 1.0 : 0.0, 1.0};
    rows.push_back(row);
  }
  const Interval interval = estimate(rows, Figure::kNamesKept);
  EXPECT_DOUBLE_EQ(interval.value, 0.25);
  EXPECT_NEAR(interval.low, 0.165, 0.03);  // 0.25 -+ 1.96 * sqrt(0.25 * 0.75 / 100)
  EXPECT_NEAR(interval.high, 0.335, 0.03);
  EXPECT_TRUE(std::isnan(estimate(rows, Figure::kDenseKept).value));
}

}  // namespace
}  // namespace kale::study
