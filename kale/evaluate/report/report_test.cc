// Captions of a small dataset with truth, measured: figures that can be counted by hand.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "kale/evaluate/report/evaluation.h"
#include "kale/evaluate/report/plot.h"
#include "kale/io/parquet/records.h"
#include "kale/io/temp_folder.h"
#include "kale/text/utf8.h"
#include "kale/world/scene/truth.h"

namespace kale::evaluate {
namespace {

world::Scene red_bird() {
  world::Scene scene;
  scene.key = "test-7-000000007";
  scene.width = scene.height = 100;
  world::Object bird;
  bird.kind = "bird";
  bird.category = "animal";
  bird.colours = {"red"};
  scene.objects = {bird};
  scene.background.colour = "white";
  scene.alt_text.text = "Bird";
  scene.captions.brief = "A red bird on a white background.";
  return scene;
}

// Two captions of the scene: one true, one with a thing and a colour that are wrong.
std::filesystem::path write_data(const std::filesystem::path& folder, bool with_truth) {
  const std::filesystem::path path = folder / "data.jsonl";
  std::ofstream out(path);
  const std::string truth = world::truth_json(red_bird());
  int number = 0;
  for (const char* caption : {"A red bird.", "A blue bird and a car."}) {
    nlohmann::json row = {{"key", std::to_string(++number)},
                          {"path", "00000.tar/test-7-000000007.jpg"},
                          {"caption", caption},
                          {"caption_dense", "A red bird."},
                          {"alt_text", "Bird"}};
    if (with_truth) row["truth"] = truth;
    out << row.dump() << "\n";
  }
  return path;
}

std::unique_ptr<Evaluation> evaluated(const CaptionsWanted& wanted) {
  auto set = read_captions(wanted);
  EXPECT_TRUE(set) << set.error().message;
  auto evaluation = evaluate(std::move(*set), wanted, {{200, 1, 0.95}, 2, 10});
  EXPECT_TRUE(evaluation) << evaluation.error().message;
  return std::move(*evaluation);
}

const Interval& sum_of(const ColumnMeasures& column, std::string_view name) {
  for (std::size_t m = 0; m < measure_table().size(); ++m)
    if (measure_table()[m].name == name && column.sums[m]) return *column.sums[m];
  ADD_FAILURE() << "no measure " << name;
  static const Interval kNone;
  return kNone;
}

TEST(Report, CountsErrorsAndFacts) {
  TempFolder folder;
  CaptionsWanted wanted;
  wanted.data = write_data(folder.path(), true);
  const auto evaluation = evaluated(wanted);
  EXPECT_DOUBLE_EQ(sum_of(evaluation->column, "chair_i").value, 1.0 / 3);
  EXPECT_DOUBLE_EQ(sum_of(evaluation->column, "chair_s").value, 0.5);
  EXPECT_DOUBLE_EQ(sum_of(evaluation->column, "colour_errors").value, 0.5);
  EXPECT_DOUBLE_EQ(sum_of(evaluation->column, "wrong_claims").value, 1);
  // Kind, colour, background, twice: told are bird and red, and bird.
  EXPECT_DOUBLE_EQ(sum_of(evaluation->column, "facts_told").value, 3.0 / 6);
  EXPECT_DOUBLE_EQ(sum_of(evaluation->column, "words").value, 4.5);
  EXPECT_GT(evaluation->column.corpus.overlap->rouge_l, 0);
}

TEST(Report, FindsTruthsByTheNameOfThePath) {
  TempFolder folder;
  CaptionsWanted wanted;
  wanted.data = write_data(folder.path(), false);
  wanted.truth = folder.path() / "truth.jsonl";
  std::ofstream(wanted.truth) << nlohmann::json{{"key", "test-7-000000007"},
                                                {"truth", world::truth_json(red_bird())}}
                                     .dump()
                              << "\n";
  const auto set = read_captions(wanted);
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_EQ(set->without_truth, 0);
  ASSERT_TRUE(set->rows[0].truth);
  EXPECT_EQ(*set->rows[0].truth, red_bird());
}

TEST(Report, ErrorsNameTheCure) {
  TempFolder folder;
  CaptionsWanted wanted;
  wanted.data = write_data(folder.path(), false);
  wanted.column = "no_such";
  EXPECT_NE(read_captions(wanted).error().message.find("--column"), std::string::npos);
  wanted.column = "caption";
  wanted.truth = folder.path() / "nowhere";
  EXPECT_EQ(read_captions(wanted).error().code, Code::kNotFound);
  std::ofstream(folder.path() / "other.jsonl")
      << nlohmann::json{{"key", "1000"}, {"truth", world::truth_json(red_bird())}}.dump() << "\n";
  wanted.truth = folder.path() / "other.jsonl";
  EXPECT_EQ(read_captions(wanted).error().code, Code::kBadConfig) << "no key in common";
}

TEST(Report, ComparesTwoColumns) {
  TempFolder folder;
  CaptionsWanted wanted;
  wanted.data = write_data(folder.path(), true);
  wanted.other = "caption_dense";
  const auto evaluation = evaluated(wanted);
  EXPECT_DOUBLE_EQ(sum_of(*evaluation->other, "chair_i").value, 0);
  EXPECT_NE(measures_table(*evaluation).find("difference"), std::string::npos);
  EXPECT_EQ(evaluation->other->corpus.captions_shared, 2);
}

// A caption that is missing was once a perfectly true one of no words.
TEST(Report, AMissingCaptionIsComparedWithNothing) {
  TempFolder folder;
  CaptionsWanted wanted;
  wanted.data = folder.path() / "data.jsonl";
  wanted.other = "other";
  std::ofstream out(wanted.data);
  const std::string truth = world::truth_json(red_bird());
  out << nlohmann::json{{"caption", "A car."}, {"other", "A red bird."}, {"truth", truth}} << "\n"
      << nlohmann::json{{"caption", "A blue bird."}, {"other", ""}, {"truth", truth}} << "\n"
      << nlohmann::json{{"caption", ""}, {"other", "A car and a dog."}, {"truth", truth}} << "\n"
      << nlohmann::json{{"caption", "A boat."}, {"truth", truth}} << "\n";
  out.close();
  const auto evaluation = evaluated(wanted);
  EXPECT_EQ(sum_of(evaluation->column, "all_true").captions, 3);
  EXPECT_EQ(sum_of(*evaluation->other, "all_true").captions, 2);
  EXPECT_DOUBLE_EQ(sum_of(*evaluation->other, "all_true").value, 0.5);
  EXPECT_DOUBLE_EQ(sum_of(*evaluation->other, "words").value, 4);
  EXPECT_EQ(evaluation->other->corpus.captions, 2);
  EXPECT_EQ(evaluation->compared, 1);
  std::size_t all_true = 0;
  while (measure_table()[all_true].name != "all_true") ++all_true;
  ASSERT_TRUE(evaluation->differences[all_true]);
  EXPECT_DOUBLE_EQ(evaluation->differences[all_true]->value, 1) << "of the one row that has both";
  const std::string table = measures_table(*evaluation);
  EXPECT_NE(table.find("1 have both captions"), std::string::npos) << table;
  EXPECT_NE(table.find("`other`: 2 captions (2 rows have none)"), std::string::npos) << table;
}

// Only the second column quotes something.
TEST(Report, ShowsAMeasureThatOnlyTheOtherColumnHas) {
  TempFolder folder;
  CaptionsWanted wanted;
  wanted.data = folder.path() / "data.jsonl";
  wanted.other = "other";
  std::ofstream(wanted.data) << nlohmann::json{{"caption", "A bird."},
                                               {"other", "A sign says \"closed\"."},
                                               {"truth", world::truth_json(red_bird())}}
                             << "\n";
  const auto evaluation = evaluated(wanted);
  EXPECT_NE(measures_table(*evaluation).find("`text_errors`"), std::string::npos);
  const auto plots = plots_of(*evaluation);
  ASSERT_FALSE(plots.empty());
  EXPECT_EQ(plots[0].name, "errors");
  std::vector<std::string> labels;
  for (const Bar& bar : plots[0].bars) labels.push_back(bar.label);
  EXPECT_EQ(std::count(labels.begin(), labels.end(), "quotations that differ from what is written"),
            1);
  EXPECT_NE(bar_chart(plots[0]).find("</svg>"), std::string::npos);
}

TEST(Report, CaptionsMoveNoCursor) {
  TempFolder folder;
  CaptionsWanted wanted;
  wanted.data = folder.path() / "data.jsonl";
  std::ofstream out(wanted.data);
  const std::string caption = "A car \x1b[31m" + std::string(1000, 'x');
  for (int i = 0; i < 2; ++i)
    out << nlohmann::json{{"caption", caption}, {"truth", world::truth_json(red_bird())}} << "\n";
  out.close();
  const auto evaluation = evaluated(wanted);
  EXPECT_FALSE(has_control_chars(wrong_captions(*evaluation)));
  const std::string table = measures_table(*evaluation);
  EXPECT_FALSE(has_control_chars(table));
  EXPECT_NE(table.find("\\x1b[31m"), std::string::npos) << table;
  EXPECT_EQ(table.find(std::string(300, 'x')), std::string::npos) << table;
}

TEST(Report, DistinctRunsOfWordsAreCounted) {
  const std::vector<std::string> captions = {"A dog, a dog!", "a cat a dog", "", "Dog"};
  std::vector<Measured> all;
  for (const std::string& caption : captions) all.push_back({nullptr, caption, {}, {}});
  const CorpusMeasures corpus = corpus_measures(all);
  EXPECT_EQ(corpus.captions, 3);
  EXPECT_EQ(corpus.words, 9);
  EXPECT_EQ(corpus.vocabulary, 3);
  ASSERT_EQ(corpus.distinct_grams.size(), 4u);
  EXPECT_DOUBLE_EQ(corpus.distinct_grams[0], 3.0 / 9);
  EXPECT_DOUBLE_EQ(corpus.distinct_grams[1], 4.0 / 6);  // a dog, dog a, a cat, cat a
  EXPECT_DOUBLE_EQ(corpus.distinct_grams[2], 4.0 / 4);
  EXPECT_DOUBLE_EQ(corpus.distinct_grams[3], 2.0 / 2);
}

TEST(Report, WritesWhatItPromises) {
  TempFolder folder;
  CaptionsWanted wanted;
  wanted.data = write_data(folder.path(), true);
  const auto evaluation = evaluated(wanted);
  const auto out = folder.path() / "out";
  ASSERT_TRUE(write_evaluation(real_disk(), out, *evaluation));
  const auto json = nlohmann::json::parse(real_disk().read(out / "measures.json", 1 << 20).value());
  EXPECT_EQ(json["columns"][0]["measures"]["chair_i"]["numerator"], 1);
  EXPECT_EQ(count_parquet_records(out / "measures.parquet").value(), 2);
  const std::string wrong = real_disk().read(out / "wrong.md", 1 << 20).value();
  EXPECT_NE(wrong.find("A **blue** bird and a **car**."), std::string::npos) << wrong;
  EXPECT_EQ(wrong.find("A red bird.\n"), std::string::npos) << "it is true";
  EXPECT_NE(real_disk().read(out / "errors.svg", 1 << 20).value().find("</svg>"),
            std::string::npos);
}

TEST(Bootstrap, IntervalsHoldTheValueAndShrinkWithCaptions) {
  std::vector<Ratio> few, many;
  for (int i = 0; i < 2000; ++i) {
    const Ratio ratio{i % 4 == 0 ? 1.0 : 0.0, 1};
    if (i < 40) few.push_back(ratio);
    many.push_back(ratio);
  }
  const auto wide = interval_of(few, {});
  const auto narrow = interval_of(many, {});
  EXPECT_DOUBLE_EQ(wide->value, 0.25);
  EXPECT_LT(wide->low, 0.25);
  EXPECT_GT(wide->high, 0.25);
  // The normal interval of a share: 1.96 * sqrt(p (1 - p) / n).
  EXPECT_NEAR(narrow->high - narrow->low, 2 * 1.96 * std::sqrt(0.25 * 0.75 / 2000), 0.004);
  EXPECT_GT(wide->high - wide->low, 5 * (narrow->high - narrow->low));
  EXPECT_FALSE(interval_of({{0, 0}}, {})) << "nothing was measured";
}

// Resamples without the one caption once said that its column had no error at all.
TEST(Bootstrap, ASparseMeasureHasNoDifferenceWhereThereIsNone) {
  std::vector<Ratio> a(50, {1, 1}), b(50);
  b[7] = {1, 1};
  const auto difference = paired_difference(a, b, {});
  ASSERT_TRUE(difference);
  EXPECT_DOUBLE_EQ(difference->value, 0);
  EXPECT_DOUBLE_EQ(difference->low, 0);
  EXPECT_DOUBLE_EQ(difference->high, 0);
  EXPECT_EQ(difference->captions, 1);
  EXPECT_FALSE(paired_difference(a, std::vector<Ratio>(50), {}));
}

TEST(Report, ADifferenceOfAHandfulOfCaptionsIsNotCalledBetter) {
  for (const std::int64_t captions : {kClearCaptionsMin - 1, kClearCaptionsMin}) {
    Evaluation evaluation;
    for (ColumnMeasures* column : {&evaluation.column, &evaluation.other.emplace()}) {
      column->name = "x";
      column->sums.assign(measure_table().size(), std::nullopt);
    }
    evaluation.column.sums[0] = Interval{0.5, 0.4, 0.6, 5, 10, captions};
    evaluation.differences.assign(measure_table().size(), std::nullopt);
    evaluation.differences[0] = Interval{-0.4, -0.5, -0.3, 0, 0, captions};
    const bool called = measures_table(evaluation).find(" better |") != std::string::npos;
    EXPECT_EQ(called, captions >= kClearCaptionsMin);
  }
}

TEST(Bootstrap, PairedDifferencesForgetWhatBothShare) {
  std::vector<Ratio> a, b;
  for (int i = 0; i < 100; ++i) {
    a.push_back({static_cast<double>(i), 1});
    b.push_back({i + 1.0, 1});
  }
  const auto difference = paired_difference(a, b, {});
  EXPECT_DOUBLE_EQ(difference->value, 1);
  EXPECT_NEAR(difference->low, 1, 1e-9);
  EXPECT_NEAR(difference->high, 1, 1e-9);
}

}  // namespace
}  // namespace kale::evaluate
