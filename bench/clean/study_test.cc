#include "bench/clean/study.h"

#include <gtest/gtest.h>

#include "kale/clean/texts.h"
#include "kale/io/disk.h"
#include "kale/text/lists.h"
#include "kale/text/utf8.h"

namespace kale::bench {
namespace {

constexpr const char* kData = "../shared/data/capsfusion-triplets.jsonl";
constexpr const char* kLabels = "tests/clean/labels.jsonl";

const ArtifactWords& built_in() {
  static const ArtifactWords words(clean_texts::artifact_words);
  return words;
}

std::filesystem::path written(const char* name, std::string_view text) {
  const auto file = std::filesystem::path(testing::TempDir()) / name;
  EXPECT_TRUE(write_whole_file(real_disk(), file, text));
  return file;
}

const std::vector<Triplet> kFour = {
    {"", "A red bus.", "A red bus. It has real-world use."},  // found
    {"", "A bus.", "A bus and its flawed input."},            // missed
    {"", "A bus.", "A car. A real-world car."},               // arguable, and removed
    {"", "A dog.", "A new caption."},                         // found, emptied
};
const Labels kFourLabels = {{{0, {2, {1}, {}, "tune", "net"}},
                             {1, {1, {0}, {}, "report", "net"}},
                             {2, {2, {}, {1}, "report", "rest"}},
                             {3, {1, {0}, {}, "", ""}}},
                            {{"net", 10}, {"rest", 2}}};

TEST(Study, CountsWhatIsFoundMissedAndTakenWrongly) {
  const auto all = score(kFour, kFourLabels, built_in(), Rows::kAll, Reading::kDefined);
  ASSERT_TRUE(all.has_value());
  EXPECT_EQ(all->rows, 4u);
  EXPECT_EQ(all->sentences, 6u);
  EXPECT_EQ(all->leaked, 3u);
  EXPECT_EQ(all->removed, 3u);
  EXPECT_EQ(all->removed_leaked, 2u);
  EXPECT_EQ(all->leaked_rows, 3u);
  EXPECT_EQ(all->leaked_rows_left, 1u);
  EXPECT_EQ(all->emptied, 1u);
  EXPECT_EQ(all->filled, 1u);
  EXPECT_DOUBLE_EQ(all->clean_removed(), 1.0 / 3);
  const auto strict = score(kFour, kFourLabels, built_in(), Rows::kAll, Reading::kStrict);
  EXPECT_EQ(strict->leaked, 4u);
  EXPECT_EQ(strict->removed_leaked, 3u);
  const auto tune = score(kFour, kFourLabels, built_in(), Rows::kTune, Reading::kDefined);
  EXPECT_EQ(tune->rows, 1u);
  EXPECT_EQ(tune->recall(), 1);
  const auto report = score(kFour, kFourLabels, built_in(), Rows::kReport, Reading::kDefined);
  EXPECT_EQ(report->rows, 2u);
  EXPECT_EQ(report->recall(), 0);
}

TEST(Study, StrataCountBySize) {
  const Estimate estimate = leaked_rows_by_strata(kFourLabels);
  EXPECT_DOUBLE_EQ(estimate.rows, 10);
  EXPECT_LT(estimate.interval.low, 10);
  EXPECT_LE(estimate.interval.high, 12);
}

TEST(Study, WilsonIntervalsAgreeWithTheTextbook) {
  EXPECT_NEAR(wilson(8, 10).low, 0.4902, 1e-4);
  EXPECT_NEAR(wilson(8, 10).high, 0.9433, 1e-4);
  EXPECT_EQ(wilson(0, 20).low, 0);
  EXPECT_NEAR(wilson(0, 20).high, 0.1611, 1e-4);
}

TEST(Study, LabelsOfAnotherSplitAreRefused) {
  Labels labels = kFourLabels;
  labels.rows[0].sentences = 3;
  const auto result = score(kFour, labels, built_in(), Rows::kAll, Reading::kDefined);
  ASSERT_FALSE(result.has_value());
  EXPECT_NE(result.error().message.find("row 0"), std::string::npos);
  labels.rows[9].sentences = 1;
  EXPECT_FALSE(score(kFour, labels, built_in(), Rows::kAll, Reading::kDefined).has_value());
}

TEST(Study, BrokenLabelLinesAreNamed) {
  const char* const kBroken[] = {"{\"row\": 1, \"sentences\": 1, \"leaked\": [1]}\n", "[]\n",
                                 "{\"row\": 1, \"sentences\": 1}\n{\"row\": 1, \"sentences\": 1}\n",
                                 "{\"row\": 1}\n"};
  for (const char* text : kBroken) {
    const auto labels = read_labels(written("labels.jsonl", text));
    ASSERT_FALSE(labels.has_value()) << text;
    EXPECT_EQ(labels.error().code, Code::kCorrupt);
  }
  EXPECT_FALSE(read_triplets(written("rows.jsonl", "{\"alt_text\": \"a\"}\n")).has_value());
}

class CleanStudy : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kData))
      GTEST_SKIP() << kData << " is not here: CapsFusion's triplets are not part of the repository";
    auto read = read_triplets(kData);
    ASSERT_TRUE(read.has_value()) << describe_error(read.error());
    data = std::move(*read);
  }
  std::vector<Triplet> data;
};

TEST_F(CleanStudy, TargetsHoldOnEveryPart) {
  const auto labels = read_labels(kLabels);
  ASSERT_TRUE(labels.has_value()) << describe_error(labels.error());
  for (const Rows which : {Rows::kTune, Rows::kReport, Rows::kSample, Rows::kAll}) {
    const auto part = score(data, *labels, built_in(), which, Reading::kDefined);
    ASSERT_TRUE(part.has_value()) << describe_error(part.error());
    EXPECT_GT(part->leaked, 5u);
    EXPECT_GE(part->precision(), 0.95);
    EXPECT_GE(part->recall(), 0.95);
    EXPECT_LE(part->clean_removed(), 0.002);
  }
}

// The list one phrase after another: what the search for all at once must agree with.
std::string_view leaked_one_by_one(const std::vector<std::string>& phrases,
                                   std::string_view sentence) {
  const std::string form = normal_form(sentence);
  for (const auto& phrase : phrases)
    if (holds_phrase(form, phrase)) return phrase;
  return {};
}

TEST_F(CleanStudy, PhrasesAreFoundAsIfSoughtOneByOne) {
  std::vector<std::string> phrases;
  for (const auto& line : list_lines(clean_texts::artifact_words))
    phrases.push_back(normal_form(line));
  std::size_t found = 0;
  for (const Triplet& row : data) {
    for (const std::string* text : {&row.alt_text, &row.synthetic, &row.fused}) {
      const auto phrase = leaked_one_by_one(phrases, *text);
      EXPECT_EQ(built_in().leaked(*text, ""), phrase) << *text;
      found += phrase.empty() ? 0 : 1;
    }
  }
  EXPECT_GT(found, 200u);
}

}  // namespace
}  // namespace kale::bench
