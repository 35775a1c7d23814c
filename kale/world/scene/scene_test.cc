#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <set>

#include "kale/world/scene/kinds.h"
#include "kale/world/scene/named.h"
#include "kale/world/scene/truth.h"
#include "kale/world/scene/world_plan.h"

namespace kale::world {
namespace {

Scene full_scene() {
  Scene scene{.seed = std::numeric_limits<std::uint64_t>::max(),
              .key = "test-7-000000042",
              .split = Split::kTest,
              .layout = Layout::kChart,
              .style = "mixed",
              .width = 224,
              .height = 168};
  scene.objects = {{.part = "stamp/animals/birds/magellanic_penguin",
                    .kind = "penguin",
                    .name = "Magellanic penguin",
                    .category = "animal",
                    .colours = {"black", "white"},
                    .tint = "blue",
                    .box = {0.1F, 2, 30.25F, 40},
                    .rotation = -12.5F,
                    .visible = 0.92F},
                   {.part = "flag/no", .kind = "flag", .name = "Norway"}};
  scene.relations = {{0, Relation::kLeftOf, 1}, {1, Relation::kRightOf, 0}};
  scene.texts = {{.text = "Caf\u00e9 \"7\"",
                  .role = TextRole::kCell,
                  .font = "DejaVu Sans",
                  .colour = "red",
                  .box = {1, 2, 3, 4},
                  .row = 0,
                  .column = 2}};
  scene.chart = Chart{"Sales", "kg", "blue", {"May", "June"}, {3, -4}};
  scene.background = {"wallpaper", "xfce-teal.jpg", "green"};
  scene.spoiling = {0.7F, 3, 0.25F, 0.1F, 71};
  scene.knowledge = {"artist/17", "Dawn", "Ilo Marr", "Vesk", "Norway", "1907", "the fair"};
  scene.alt_text = {"Dawn by Ilo Marr", AltForm::kHalfWrong, {"Ilo Marr"}, {"Bergen"}};
  scene.captions = {"a", "b", "c", "d"};
  scene.questions = {{QuestionKind::kProbe, "Is there a cat?", {"no"}, {}, "adversarial"},
                     {QuestionKind::kChoice, "Which?", {"B"}, {"1", "2", "3", "4"}, ""}};
  return scene;
}

TEST(Truth, ComesBackWhole) {
  for (const Scene& scene : {full_scene(), Scene{}}) {
    const Result<Scene> back = parse_truth(truth_json(scene));
    ASSERT_TRUE(back) << describe_error(back.error());
    EXPECT_EQ(*back, scene);
  }
}

TEST(Truth, WritesShortNumbersOnOneLine) {
  const std::string json = truth_json(full_scene());
  EXPECT_EQ(json.find('\n'), std::string::npos);
  EXPECT_EQ(json.find("{\"truth\":1,\"seed\":18446744073709551615,"), 0u);
  EXPECT_NE(json.find("\"box\":[0.1,2.0,30.25,40.0]"), std::string::npos);
  EXPECT_NE(json.find("\"visible\":0.92}"), std::string::npos);
}

std::string problem_of(std::string json, std::string_view from, std::string_view to) {
  const std::size_t at = json.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  json.replace(at, from.size(), to);
  const Result<Scene> back = parse_truth(json);
  if (back) return "";
  EXPECT_EQ(back.error().code, Code::kCorrupt);
  return back.error().message;
}

void expect_problem(std::string_view from, std::string_view to, std::string_view words) {
  const std::string problem = problem_of(truth_json(full_scene()), from, to);
  EXPECT_NE(problem.find(words), std::string::npos) << problem;
}

TEST(Truth, ErrorsNameTheKey) {
  expect_problem("\"visible\":0.92", "\"visible\":\"all\"", "'objects[0].visible' is not a number");
  expect_problem("\"part\":\"flag", "\"port\":\"flag", "'objects[1].part' is missing");
  expect_problem("\"left_of\"", "\"beside\"",
                 "'relations[0].relation' is not one of: left_of, right_of");
  expect_problem("[0.1,2.0,30.25,40.0]", "[0.1,2.0,30.25]", "'objects[0].box' is not a box");
  expect_problem("\"jpeg_quality\":71", "\"jpeg_quality\":3000000000",
                 "'spoiling.jpeg_quality' is not a");
  expect_problem("18446744073709551615", "-1", "'seed' is not a whole number from 0");
  expect_problem("\"jpeg_quality\":71", "\"jpeg_quality\":18446744073709551615", "of 32 bits");
  expect_problem("\"visible\":0.92", "\"visible\":1e300",
                 "'objects[0].visible' is not a number of 32");
  expect_problem("\"truth\":1", "\"truth\":2", "reads version 1");
  EXPECT_FALSE(parse_truth("[]"));
  const std::string json = truth_json(full_scene());
  EXPECT_FALSE(parse_truth(json.substr(0, json.size() - 1)));
}

// Who judges goes from relations to objects, and from labels to values, without looking.
TEST(Truth, WhatContradictsItselfIsNoTruth) {
  expect_problem("\"subject\":0", "\"subject\":500000000", "'relations[0]' is of object 500000000");
  expect_problem("\"subject\":0", "\"subject\":-1", "'relations[0]' is of object -1");
  expect_problem("\"object\":1", "\"object\":2",
                 "'relations[0]' is of object 2, and 'objects' has 2");
  expect_problem("\"object\":1", "\"object\":-5", "'relations[0]' is of object -5");
  expect_problem("\"row\":0", "\"row\":2147483647",
                 "'texts[0]' stands in row or column 2147483647");
  expect_problem("\"column\":2", "\"column\":-2", "'texts[0]' stands in row or column -2");
  expect_problem("[3,-4]", "[3]", "'chart.values' has 1");
}

template <class E>
void expect_distinct_names() {
  const std::vector<std::string_view> names = names_of<E>();
  EXPECT_EQ(std::set(names.begin(), names.end()).size(), names.size());
}

TEST(Truth, EnumeratorsHaveNamesOfTheirOwn) {
  expect_distinct_names<Split>();
  expect_distinct_names<Layout>();
  expect_distinct_names<Relation>();
  expect_distinct_names<TextRole>();
  expect_distinct_names<AltForm>();
  expect_distinct_names<QuestionKind>();
  EXPECT_EQ(role_name(TextRole::kPriceTag), "price_tag");
  EXPECT_EQ(alt_form_name(AltForm::kHalfWrong), "half_wrong");
}

TEST(WorldPlan, ComesBackAndNamesWhatIsWrong) {
  const WorldPlan plan{Split::kTest, 1300, std::numeric_limits<std::uint64_t>::max(), 224, 1000};
  const Result<WorldPlan> back = parse_world_plan(world_plan_json(plan));
  ASSERT_TRUE(back) << describe_error(back.error());
  EXPECT_EQ(*back, plan);
  EXPECT_EQ(plan.shards(), 2);
  EXPECT_FALSE(parse_world_plan("half"));
  EXPECT_NE(parse_world_plan("{\"version\":1}").error().message.find("'rows'"), std::string::npos);
}

TEST(Kinds, AreFoundByNoun) {
  ASSERT_NE(find_kind("sheep"), nullptr);
  EXPECT_EQ(find_kind("sheep")->plural, "sheep");
  EXPECT_EQ(find_kind("mouse")->plural, "mice");
  EXPECT_EQ(find_kind("pair of scissors")->synonyms, std::vector<std::string>{"scissors"});
  EXPECT_EQ(find_kind("flag")->noun, "flag");
  EXPECT_EQ(find_kind("scissor"), nullptr);
}

// A word that means the same must not be a lesser word too, nor another thing of the table.
TEST(Kinds, WordsDoNotContradict) {
  std::set<std::string> nouns;
  for (const Kind& kind : kinds()) {
    EXPECT_TRUE(nouns.insert(kind.noun).second) << kind.noun;
    EXPECT_FALSE(kind.plural.empty() || kind.category.empty()) << kind.noun;
    for (const std::string& word : kind.synonyms) {
      EXPECT_FALSE(std::ranges::count(kind.hypernyms, word)) << kind.noun << ": " << word;
      EXPECT_FALSE(find_kind(word)) << kind.noun << " means the same as another kind: " << word;
    }
    EXPECT_FALSE(std::ranges::count(kind.hypernyms, kind.noun)) << kind.noun;
  }
}

}  // namespace
}  // namespace kale::world
