// Captions of a small dataset with truth, measured: figures that can be counted by hand.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "kale/evaluate/report/evaluation.h"
#include "kale/evaluate/report/plot.h"
#include "kale/io/parquet/records.h"
#include "kale/io/temp_folder.h"
#include "kale/world/scene/truth.h"

namespace kale::evaluate {
namespace {

world::Scene red_bird() {
  world::Scene scene;
  scene.key = "000000007";
  scene.width = scene.height = 100;
  world::Object bird;
  bird.kind = "bird";
  bird.category = "animal";
  bird.colours = {"red"};
  scene.objects = {bird};
  scene.background.colour = "white";
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
                          {"path", "00000.tar/000000007.jpg"},
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
  std::ofstream(wanted.truth)
      << nlohmann::json{{"key", "000000007"}, {"truth", world::truth_json(red_bird())}}.dump()
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
