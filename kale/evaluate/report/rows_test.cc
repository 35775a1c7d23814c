// What data may hold and how a world may lie on the disk: whose truth is taken, what is left out.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "kale/evaluate/report/captions.h"
#include "kale/evaluate/report/evaluation.h"
#include "kale/evaluate/report/tables.h"
#include "kale/io/temp_folder.h"
#include "kale/world/scene/truth.h"
#include "kale/world/scene/world_plan.h"

namespace kale::evaluate {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

world::Scene scene_with(const std::string& key, const std::string& kind) {
  world::Scene scene;
  scene.key = key;
  scene.width = scene.height = 100;
  scene.objects = {{.kind = kind, .category = "animal"}};
  scene.alt_text.text = "A " + kind + ",  seen today\n";
  return scene;
}

json row_of(const world::Scene& scene) {
  return {{"key", scene.key},
          {"alt_text", "A " + scene.objects[0].kind + ", seen today"},
          {"caption", "A " + scene.objects[0].kind + "."},
          {"truth", world::truth_json(scene)}};
}

class Rows : public testing::Test {
 protected:
  fs::path write(const std::string& name, const std::vector<json>& rows) const {
    fs::create_directories((folder_.path() / name).parent_path());
    std::ofstream out(folder_.path() / name);
    for (const json& row : rows) out << row.dump() << "\n";
    return folder_.path() / name;
  }
  CaptionsWanted wanted(const fs::path& data, const fs::path& truth = {}) const {
    CaptionsWanted all;
    all.data = data;
    all.truth = truth;
    return all;
  }
  static std::string problem_of(const CaptionsWanted& wanted) {
    const auto set = read_captions(wanted);
    return set ? "" : set.error().message;
  }
  static bool says(const std::string& text, std::string_view words) {
    return text.find(words) != std::string::npos;
  }
  TempFolder folder_;
  const world::Scene bird_ = scene_with("test-7-000000001", "bird");
  const world::Scene dog_ = scene_with("test-7-000000002", "dog");
};

// Two splits in one world once had the same keys, and the last one's truth was taken.
TEST_F(Rows, TwoTruthsOfOneKeyAreRefused) {
  world::Scene other = dog_;
  other.key = bird_.key;
  write("world/parquet/a.jsonl", {row_of(bird_)});
  write("world/parquet/b.jsonl", {row_of(other)});
  const fs::path data = write("data.jsonl", {row_of(bird_)});
  const std::string problem = problem_of(wanted(data, folder_.path() / "world"));
  EXPECT_TRUE(says(problem, bird_.key) && says(problem, "a.jsonl") && says(problem, "b.jsonl"))
      << problem;
}

TEST_F(Rows, AnotherWorldsTruthIsRefused) {
  const fs::path data = write("data.jsonl", {row_of(bird_)});
  world::Scene foreign = dog_;
  foreign.key = bird_.key;
  const fs::path world = write("world.jsonl", {row_of(foreign)});
  const std::string problem = problem_of(wanted(data, world));
  EXPECT_TRUE(says(problem, "A bird, seen today") && says(problem, "A dog,")) << problem;
  EXPECT_TRUE(says(problem, "data.jsonl") && says(problem, "world.jsonl")) << problem;
  json without = row_of(bird_);
  without.erase("alt_text");
  EXPECT_EQ(problem_of(wanted(write("plain.jsonl", {without}), world)), "") << "nothing to compare";
  EXPECT_EQ(problem_of(wanted(data, write("own.jsonl", {row_of(bird_)}))), "") << "but for blanks";
}

TEST_F(Rows, CaptionsOfAWorldFindTheirTruthByInputKeyAndPath) {
  const fs::path world = write("world.jsonl", {row_of(bird_), row_of(dog_)});
  json by_path = row_of(bird_), by_input = row_of(dog_);
  by_path["key"] = "00a1b2";  // kale's own, hashed
  by_path["path"] = "test-00000.tar/test-7-000000001.jpg";
  by_input["key"] = "00c3d4";
  by_input["input_key"] = dog_.key;
  const auto set = read_captions(wanted(write("data.jsonl", {by_path, by_input}), world));
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_EQ(*set->rows[0].truth, bird_);
  EXPECT_EQ(*set->rows[1].truth, dog_);
}

TEST_F(Rows, ABadRowEndsNothing) {
  const fs::path data = write("data.jsonl", {row_of(bird_)});
  json list = row_of(bird_), large = row_of(bird_), truth = row_of(bird_), none = row_of(bird_);
  list["caption"] = {"a", "b"};
  large["caption"] = std::string((1 << 20) + 1, 'a');
  truth["truth"] = "{}";
  none["caption"] = " \n";
  std::ofstream(data, std::ios::app) << list << "\n"
                                     << large << "\n"
                                     << truth << "\n"
                                     << none << "\n"
                                     << "{\"caption\": \"\xff\"}\n"
                                     << row_of(dog_) << "\n"
                                     << "{\"caption\": \"tor";
  const CaptionsWanted all = wanted(data);
  auto set = read_captions(all);
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_EQ(set->rows_read, 8);
  EXPECT_EQ(set->rows.size(), 2u);
  EXPECT_EQ(set->rows[1].number, 6);
  EXPECT_EQ(set->bad_rows(), 5);
  EXPECT_EQ(set->bad["too_long"].rows, 1);
  EXPECT_EQ(set->bad["bad_truth"].rows, 1);
  EXPECT_EQ(set->bad["unreadable"].rows, 3);
  EXPECT_TRUE(says(set->bad["unreadable"].first, "line 2")) << set->bad["unreadable"].first;
  const auto evaluation = evaluate(std::move(*set), all, {{100, 1, 0.95}, 1, 10});
  ASSERT_TRUE(evaluation) << evaluation.error().message;
  const std::string table = measures_table(**evaluation);
  EXPECT_TRUE(says(table, "8 rows read")) << table;
  EXPECT_TRUE(says(table, "3 rows are left out (unreadable)")) << table;
  EXPECT_TRUE(says(table, "2 captions (1 rows have none)")) << table;
  const json told = json::parse(measures_json(**evaluation));
  EXPECT_EQ(told["bad_rows"]["unreadable"], 3);
  EXPECT_EQ(told["columns"][0]["without_caption"], 1);
}

TEST_F(Rows, WhereAllRowsAreBadTheFirstIsNamed) {
  const fs::path data = folder_.path() / "data.jsonl";
  std::ofstream(data) << "{\"caption\": [1]}\n{\"caption\"\n";
  const auto set = read_captions(wanted(data));
  ASSERT_FALSE(set);
  EXPECT_EQ(set.error().code, Code::kCorrupt);
  const std::string& problem = set.error().message;
  EXPECT_TRUE(says(problem, "2 rows are bad") && says(problem, "line 1")) << problem;
}

TEST_F(Rows, AColumnTruthThatIsNoneIsNamed) {
  json row = row_of(bird_), without_caption = row_of(dog_);
  row["truth"] = "a bird";
  without_caption["truth"] = "a dog";
  without_caption["caption"] = "";
  const auto set = read_captions(wanted(write("data.jsonl", {without_caption, row})));
  ASSERT_FALSE(set);
  EXPECT_EQ(set.error().code, Code::kBadConfig);
  const std::string& problem = set.error().message;
  EXPECT_TRUE(says(problem, "column 'truth'") && says(problem, "--truth")) << problem;
}

TEST_F(Rows, BadRowsAndTruthsAreNamedByFileRowAndKey) {
  json truth = row_of(dog_);
  truth["truth"] = "{}";
  json large = row_of(bird_);
  large["caption"] = std::string(kMeasuredBytesMax + 1, 'a');
  const fs::path data = write("data.jsonl", {row_of(bird_), truth, large});
  auto set = read_captions(wanted(data));
  ASSERT_TRUE(set) << set.error().message;
  const std::string place = data.string() + ", row 1: truth of '" + dog_.key + "'";
  EXPECT_TRUE(says(set->bad["bad_truth"].first, place)) << set->bad["bad_truth"].first;
  EXPECT_TRUE(
      says(set->bad["too_long"].first, data.string() + ", row 2, key '" + bird_.key + "': "))
      << set->bad["too_long"].first;
  const std::string problem = problem_of(wanted(write("good.jsonl", {row_of(bird_)}), data));
  EXPECT_TRUE(says(problem, place) && says(problem, "make the world again")) << problem;
}

TEST_F(Rows, OneColumnMayServeTwice) {
  CaptionsWanted all = wanted(write("data.jsonl", {row_of(bird_)}));
  all.column = "alt_text";
  all.other = "caption";
  const auto set = read_captions(all);
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_EQ(set->rows[0].caption, "A bird, seen today");
  EXPECT_EQ(set->rows[0].alt_text, "A bird, seen today");
  EXPECT_EQ(set->rows[0].other, "A bird.");
  all.other = "alt_text";
  EXPECT_TRUE(says(problem_of(all), "--compare names the column 'alt_text'")) << problem_of(all);
  all.other = "no_such";
  EXPECT_TRUE(says(problem_of(all), "by --compare")) << problem_of(all);
}

TEST_F(Rows, MessagesAreAboutTheEvaluation) {
  EXPECT_TRUE(says(problem_of(wanted(folder_.path() / "nowhere")), "--data"));
  fs::create_directories(folder_.path() / "empty");
  const std::string none = problem_of(wanted(folder_.path() / "empty"));
  EXPECT_TRUE(says(none, "holds no table") && says(none, "--data")) << none;
  const auto packed = folder_.path() / "packed";
  write("packed/a.jsonl", {row_of(bird_)});
  const std::string command = "gzip -q '" + (packed / "a.jsonl").string() + "'";
  ASSERT_EQ(std::system(command.c_str()), 0);
  EXPECT_EQ(problem_of(wanted(packed)), "");
  json plain = row_of(bird_);
  plain.erase("key");
  const auto set = read_captions(wanted(write("plain.jsonl", {plain})));
  ASSERT_TRUE(set && set->notes.size() == 1);
  EXPECT_TRUE(says(set->notes[0], "'key'")) << set->notes[0];
}

// Parts of a run that was killed lie in its folder, and once were measured as its captions.
TEST_F(Rows, ARunThatPublishedNothingIsRefused) {
  write("run/parts/00000.jsonl", {row_of(bird_)});
  write("run/state/manifest", {});
  const auto set = read_captions(wanted(folder_.path() / "run"));
  ASSERT_FALSE(set);
  EXPECT_EQ(set.error().code, Code::kBadConfig);
  EXPECT_TRUE(says(set.error().message, "publish.formats")) << set.error().message;
  write("run/core/00000.jsonl", {row_of(bird_)});
  EXPECT_EQ(problem_of(wanted(folder_.path() / "run")), "");
}

TEST_F(Rows, AHalfWorldIsCalledHalf) {
  write("world/parquet/test-00000.parquet.jsonl", {row_of(bird_)});
  const world::WorldPlan plan{world::Split::kTest, 1300, 7, 224, 1000};
  std::ofstream(folder_.path() / "world" / world::world_plan_file(plan.split))
      << world::world_plan_json(plan);
  for (const char* file : {"tar/test-00000.tar", "parquet/test-00000.parquet"}) {
    fs::create_directories((folder_.path() / "world" / file).parent_path());
    std::ofstream(folder_.path() / "world" / file) << "";
  }
  const auto lines = unfinished_worlds(folder_.path() / "world");
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_TRUE(says(lines[0], "1 of 2 shards")) << lines[0];
  EXPECT_EQ(unfinished_worlds(folder_.path() / "world" / "parquet"), lines);
  for (const char* file : {"tar/test-00001.tar", "parquet/test-00001.parquet"})
    std::ofstream(folder_.path() / "world" / file) << "";
  EXPECT_TRUE(unfinished_worlds(folder_.path() / "world").empty());
}

// claims.jsonl has a key and a caption too, and once was measured with the data beside it.
TEST_F(Rows, ResultsBesideTheDataAreNotData) {
  const CaptionsWanted all = wanted(folder_.path() / "data");
  write("data/a.jsonl", {row_of(bird_), row_of(dog_)});
  for (int round = 0; round < 3; ++round) {
    auto set = read_captions(all);
    ASSERT_TRUE(set) << set.error().message;
    EXPECT_EQ(set->rows.size(), 2u);
    const auto evaluation = evaluate(std::move(*set), all, {{100, 1, 0.95}, 1, 10});
    ASSERT_TRUE(evaluation);
    const fs::path out = round == 0 ? all.data / "below" : all.data;
    ASSERT_TRUE(write_evaluation(real_disk(), out, **evaluation));
    EXPECT_TRUE(fs::exists(out / "claims.jsonl"));
  }
}

TEST_F(Rows, NothingOfAnOlderEvaluationStays) {
  const CaptionsWanted with = wanted(write("data.jsonl", {row_of(bird_)}));
  json plain = row_of(bird_);
  plain.erase("truth");
  const CaptionsWanted without = wanted(write("plain.jsonl", {plain}));
  const fs::path out = folder_.path() / "out";
  for (const CaptionsWanted& all : {with, without}) {
    auto set = read_captions(all);
    ASSERT_TRUE(set);
    const auto evaluation = evaluate(std::move(*set), all, {{100, 1, 0.95}, 1, 10});
    ASSERT_TRUE(write_evaluation(real_disk(), out, **evaluation));
    EXPECT_EQ(fs::exists(out / "wrong.md"), all.data == with.data);
    EXPECT_EQ(fs::exists(out / "facts.svg"), all.data == with.data);
    EXPECT_TRUE(fs::exists(out / "form.svg"));
    EXPECT_FALSE(fs::exists(out / "measures.parquet.aside"));
  }
  const fs::path mine = write("mine/claims.jsonl", {row_of(bird_)});
  auto set = read_captions(with);
  const auto evaluation = evaluate(std::move(*set), with, {{100, 1, 0.95}, 1, 10});
  const Status refused = write_evaluation(real_disk(), mine.parent_path(), **evaluation);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(says(refused.error().message, "claims.jsonl")) << refused.error().message;
  EXPECT_TRUE(fs::exists(mine));
  EXPECT_FALSE(check_results_folder(real_disk(), mine.parent_path()));
  EXPECT_TRUE(check_results_folder(real_disk(), out));
}

}  // namespace
}  // namespace kale::evaluate
