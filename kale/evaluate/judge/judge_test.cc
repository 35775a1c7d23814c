// Captions of one scene, true and false, and which of their claims are errors.
#include "kale/evaluate/judge/judge.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace kale::evaluate {
namespace {

using world::Relation;

world::Object object(std::string kind, std::string name, std::string category,
                     std::vector<std::string> colours, world::Box box) {
  world::Object made;
  made.kind = std::move(kind);
  made.name = std::move(name);
  made.category = std::move(category);
  made.colours = std::move(colours);
  made.box = box;
  return made;
}

// Two penguins left of a red car, which stands on a box; a sign.
world::Scene street() {
  world::Scene scene;
  scene.width = scene.height = 224;
  scene.objects = {
      object("penguin", "Magellanic penguin", "animal", {"black", "white"}, {5, 100, 40, 60}),
      object("penguin", "", "animal", {"blue", "white"}, {50, 100, 40, 60}),
      object("car", "", "vehicle", {"red", "grey"}, {130, 90, 60, 40}),
      object("package", "", "thing", {"brown"}, {130, 140, 60, 60})};
  for (const int penguin : {0, 1}) {
    scene.relations.push_back({penguin, Relation::kLeftOf, 2});
    scene.relations.push_back({2, Relation::kRightOf, penguin});
  }
  scene.relations.push_back({2, Relation::kOn, 3});
  scene.texts.push_back({"GRAND OPENING", world::TextRole::kSign, "", "red", {}});
  scene.background = {"plain", "", "yellow"};
  scene.knowledge.maker = "Ida Holm";
  scene.knowledge.date = "1938";
  scene.alt_text.text = "Magellanic penguins by Ida Holm, Bergen, 1938";
  scene.alt_text.true_names = {"Magellanic", "Ida Holm", "1938"};
  scene.alt_text.false_names = {"Bergen"};
  return scene;
}

std::string errors(const world::Scene& scene, std::string_view caption) {
  std::vector<std::string> found;
  for (const JudgedClaim& claim : judge(scene, caption).claims)
    if (is_error(claim.verdict))
      found.push_back(fmt::format("{}: {}{}", claim_kind_name(claim.kind), claim.said,
                                  claim.verdict == Verdict::kNear ? " (near)" : ""));
  return fmt::format("{}", fmt::join(found, "; "));
}

void expect(std::string_view caption, std::string_view wanted) {
  EXPECT_EQ(errors(street(), caption), wanted) << caption;
}

TEST(Judge, TrueCaptionsHaveNoErrors) {
  expect(
      "Two penguins stand to the left of a red car on a cardboard box. The background is yellow. "
      "A sign reads \"Grand Opening\".",
      "");
  expect("Two birds, one black and one blue, and a vehicle. The car is above the package.", "");
  expect("A Magellanic penguin, painted by Ida Holm in 1938, beside a car. There is no dog.", "");
}

// As two readers marked captions of a language model (docs/truth_measures.md).
TEST(Judge, FreeWordsAreJudgedAsReadersDo) {
  expect("A subject that is mostly red and brown is shown.", "");
  expect("A subject that is green is shown.", "colour: subject green");
  expect("A giraffe that is brown.", "thing: giraffe; colour: giraffe brown");
  auto scene = street();
  scene.texts.push_back({"Pages read", world::TextRole::kHeading, "", "red", {}});
  scene.texts.push_back({"217", world::TextRole::kValue, "", "red", {}});
  EXPECT_EQ(errors(scene, "The text \"Pages read GRAND 217\" can be read."), "");
  EXPECT_EQ(errors(scene, "The text \"Pages read 217 217\" can be read."),
            "text: \"Pages read 217 217\"");
  scene.alt_text.text = "Ida Holm Penguin, Paperback, Pack of 4";
  EXPECT_EQ(errors(scene, "This photo shows an Ida Holm Penguin by a Paperback."),
            "name: Paperback");
}

TEST(Judge, WiderWordsAreTrueAndFinerOnesGoByTheName) {
  expect("An animal and a motor vehicle.", "");
  auto scene = street();
  scene.objects[1].name = "Rockhopper penguin";
  EXPECT_EQ(errors(scene, "A penguin, possibly a king penguin."), "thing: king penguin");
  EXPECT_EQ(errors(street(), "A penguin, possibly a king penguin."), "") << "one has no name";
}

TEST(Judge, FindsThingsThatAreNotThere) {
  expect("Two penguins, a red car and a giraffe.", "thing: giraffe");
  expect("There is no car.", "thing: no car");
}

TEST(Judge, FindsWrongCounts) {
  expect("Three penguins and one car.", "count: 3 penguins");
  expect("Two cars and penguins.", "count: 2 cars");
  expect("Cars and two penguins.", "count: at least 2 cars");
  expect("One penguin.", "count: 1 penguin");
  expect("One penguin is black and one penguin is blue.", "");
}

TEST(Judge, CountsThoseOfAName) {
  auto scene = street();
  for (auto& object : scene.objects) object.kind = "flag";
  scene.objects[0].name = scene.objects[1].name = "the Netherlands";
  EXPECT_EQ(errors(scene, "Two flags of the Netherlands and two other flags."), "");
  EXPECT_EQ(errors(scene, "Three flags of the Netherlands."), "count: 3 flags");
}

TEST(Judge, FindsWrongColours) {
  expect("A green car and a black penguin.", "colour: car green");
  expect("The car is red. It is on a white background.", "background: background white");
  expect("A red and blue car.", "colour: car blue");
  expect("A black and blue penguin.", "colour: penguin blue");
}

TEST(Judge, FindsWrongRelations) {
  expect("The penguins are to the right of the car.", "relation: penguin right_of car");
  expect("A box on a car.", "relation: box on car");
  expect("The car sits below the package.", "relation: car below package");
}

TEST(Judge, ReadsQuotationsLetterByLetter) {
  expect("The sign says \"GRAND OPENlNG\".", "text: \"GRAND OPENlNG\" (near)");
  expect("The sign says \"CLOSED\".", "text: \"CLOSED\"");
  expect("It reads \"opening\".", "");
  expect("There is no text.", "text: no text");
}

TEST(Judge, TellsNamesApart) {
  const Judgement judged = judge(street(), "Penguins by Ida Holm in Bergen, seen by Kofi Mensah.");
  EXPECT_EQ(judged.names_kept, std::vector<std::string>{"Ida Holm"});
  EXPECT_EQ(judged.names_lost, (std::vector<std::string>{"Magellanic", "1938"}));
  EXPECT_EQ(judged.false_names, std::vector<std::string>{"Bergen"});
  expect("Penguins by Ida Holm in Bergen, seen by Kofi Mensah.", "name: Bergen; name: Kofi Mensah");
}

TEST(Judge, ReadsChartsByTheirLabels) {
  auto scene = street();
  scene.objects.clear();
  scene.relations.clear();
  scene.chart = world::Chart{"Sales", "t", "blue", {"Apples", "Pears"}, {12, 7}};
  EXPECT_EQ(errors(scene, "Apples reach 12 and pears 7. There are two bars."), "");
  EXPECT_EQ(errors(scene, "Apples reach 7 and pears 12."), "number: Apples 7; number: Pears 12");
  EXPECT_EQ(errors(scene, "A chart of three bars."), "number: 3 bars");
}

TEST(Judge, ListsWhatIsTold) {
  const Judgement judged =
      judge(street(), "Two penguins, a red car. A sign reads \"GRAND OPENING\".");
  std::vector<std::string> told;
  for (const Fact& fact : judged.facts)
    if (fact.told) told.push_back(fact.what);
  EXPECT_EQ(fmt::format("{}", fmt::join(told, "; ")),
            "car; penguin; 2 penguins; car is red; \"GRAND OPENING\"");
  EXPECT_EQ(judged.facts.size(), 3U + 1U + 4U + 2U + 1U + 1U);
}

}  // namespace
}  // namespace kale::evaluate
