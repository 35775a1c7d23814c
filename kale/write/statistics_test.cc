#include "kale/write/statistics.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace kale {
namespace {

TEST(TextStatistics, CountsWordsAndDistinctWordsWithoutCase) {
  TextStatistics text;
  text.add("A caribou, a Caribou.");
  text.add("");
  text.add("The ÉTÉ; l'été");
  EXPECT_EQ(text.rows, 3);
  EXPECT_EQ(text.words, 7);
  EXPECT_EQ(text.vocabulary.size(), 5);  // a, caribou, the, été, l'été
  EXPECT_DOUBLE_EQ(text.words_per_row(), 7.0 / 3);
  EXPECT_EQ(TextStatistics().words_per_row(), 0);
}

TEST(WordSet, IsExactUpToItsLimitAndCloseBeyond) {
  WordSet words;
  std::int64_t number = 0;
  for (; number < static_cast<std::int64_t>(WordSet::kExactMax); ++number)
    words.add(fmt::format_int(number).c_str());
  EXPECT_TRUE(words.exact());
  EXPECT_EQ(words.size(), number);
  for (; number < 1'300'000; ++number) words.add(fmt::format_int(number).c_str());
  EXPECT_FALSE(words.exact());
  EXPECT_NEAR(static_cast<double>(words.size()), 1.3e6, 0.03 * 1.3e6);
  std::int64_t before = words.size();
  for (std::int64_t again = 0; again < 1000; ++again) words.add(fmt::format_int(again).c_str());
  EXPECT_EQ(words.size(), before);
}

TEST(DatasetStatistics, CountsOnlyWhatIsFilled) {
  DatasetStatistics all;
  Row row;
  row.caption = "not filled";
  row.alt_text = "one two";
  row.filled = {Column::kAltText};
  all.add(row);
  EXPECT_EQ(all.rows, 1);
  EXPECT_EQ(all.alt_text.words, 2);
  EXPECT_EQ(all.caption.rows, 0);
  EXPECT_TRUE(all.fused_by.empty());
  EXPECT_EQ(all.licences.at("not known"), 1);
}

TEST(DatasetStatistics, ManyLicencesAreCountedTogether) {
  DatasetStatistics all;
  Row row;
  row.filled = {Column::kLicence};
  for (std::size_t i = 0; i < DatasetStatistics::kLicencesMax + 10; ++i) {
    row.licence = fmt::format("licence {}", i);
    all.add(row);
  }
  EXPECT_EQ(all.licences.size(), DatasetStatistics::kLicencesMax + 1);
  EXPECT_EQ(all.licences.at("others"), 10);
}

}  // namespace
}  // namespace kale
