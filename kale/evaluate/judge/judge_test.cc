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
    if (is_error(claim.verdict)) {
      EXPECT_FALSE(claim.why.empty()) << caption << ": " << claim.said;
      found.push_back(fmt::format("{}: {}{}", claim_kind_name(claim.kind), claim.said,
                                  claim.verdict == Verdict::kNear ? " (near)" : ""));
    }
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

TEST(Judge, OneIsOneHoweverOftenItIsNamed) {
  expect("One penguin. The penguin is near the centre.", "count: 1 penguin");
  expect("There is only one penguin. It is black.", "count: 1 penguin");
  expect("A single penguin stands left of the car. The penguin is black.", "count: 1 penguin");
  expect("There is one penguin beside the two penguins.", "count: 1 penguin");
  expect("One black penguin and one car. The penguin stands left of the car.", "");
  expect("One penguin is black and another penguin is blue.", "");
  expect("There are two penguins. One penguin is black.", "");
}

TEST(Judge, SharesOutWhatIsThere) {
  expect("A penguin, another penguin and two other things.", "");
  expect("A Magellanic penguin and one other penguin.", "");
  expect("A car and two other penguins.", "");
  expect("Two penguins and three other things.", "count: 3 things");
  expect("One penguin and two other things.", "count: 1 penguin");
}

TEST(Judge, NothingIsNoBugWhereNothingIs) {
  world::Scene bare;
  bare.background = {"plain", "", "white"};
  for (const char* zero : {"0", "00", "000", "no", "zero"})
    EXPECT_EQ(errors(bare, fmt::format("The picture shows {} objects.", zero)), "") << zero;
  EXPECT_EQ(errors(bare, "The picture shows 00 birds."), "");
  expect("The picture shows 00 penguins.", "thing: no penguin");
  EXPECT_EQ(errors(bare, "The picture shows 001 objects."), "count: 1 object");
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

TEST(Judge, ColoursOfSeveralAreOfEach) {
  expect("Two black penguins.", "colour: penguin black");
  expect("Both penguins are blue.", "colour: penguin blue");
  expect("All the penguins are blue.", "colour: penguin blue");
  expect("The penguins are blue.", "colour: penguin blue");
  expect("There are two penguins. They are blue.", "colour: penguin blue");
  expect("Every penguin is blue.", "colour: penguin blue");
  expect("Two white penguins. Both penguins are white.", "");
  expect("The penguins are black and blue.", "");
  expect("The penguins are black and green.", "colour: penguin green");
  expect("One of the penguins is blue.", "");
  expect("Some of the penguins are blue.", "");
  expect("Two of the penguins are blue.", "colour: penguin blue");
  auto scene = street();
  scene.objects.push_back(scene.objects[0]);
  EXPECT_EQ(errors(scene, "Two black penguins and one blue penguin."), "");
  EXPECT_EQ(errors(scene, "Two of the penguins are black."), "");
  EXPECT_EQ(errors(scene, "Three black penguins."), "colour: penguin black");
  EXPECT_EQ(errors(scene, "Black penguins."), "");
  EXPECT_EQ(errors(scene, "The penguins are black."), "colour: penguin black");
}

TEST(Judge, DeniesWhatVerbsDeny) {
  expect("The image does not contain any submarines.", "");
  expect("It doesn't show a submarine or a dog.", "");
  expect("A submarine cannot be seen. Dogs are not visible in the picture.", "");
  expect("The car is not next to a dog, and it does not touch a submarine.", "");
  expect("The picture does not show a car.", "thing: no car");
  expect("Cars are not shown.", "thing: no car");
  expect("The penguin does not have a car.", "");
  expect("The car is not next to a penguin.", "");
  expect("There is no car on the penguin. No green car is there.", "");
  expect("The picture shows no red car.", "thing: no car");
  expect("The car is not only red. It is a car, not a truck.", "");
  expect("The car is not sitting on the package.", "relation: car not on package");
  expect("The car is not painted blue. It is not painted red.", "colour: car not red");
  expect("The picture does not have a red background.", "");
  expect("The sign does not say \"CLOSED\".", "");
  expect("The sign doesn't read \"GRAND OPENING\".", "text: not \"GRAND OPENING\"");
  expect("The picture does not contain any text.", "text: no text");
  const Judgement judged = judge(street(), "The picture does not show a car.");
  EXPECT_EQ(judged.facts_told(), 0);
  EXPECT_EQ(judged.count(ClaimKind::kThing), 0);
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
  expect("It reads \"...\".", "");
  EXPECT_EQ(judge(street(), "It reads \"...\".").count(ClaimKind::kText), 0) << "no quotation";
  auto greek = street();
  greek.texts.push_back({"\u03a9\u03bc\u03ad\u03b3\u03b1", world::TextRole::kSign, "", "red", {}});
  // Two of five letters are four of ten bytes of another word: letters decide, and 2/5 is far.
  EXPECT_EQ(errors(greek, "It reads \"\u03a9\u03bc\u03ad\u03b3A\"."),
            "text: \"\u03a9\u03bc\u03ad\u03b3A\" (near)");
  EXPECT_EQ(errors(greek, "It reads \"\u03a9\u03bc\u03adAA\"."), "text: \"\u03a9\u03bc\u03adAA\"");
  expect("There is no text.", "text: no text");
}

TEST(Judge, TellsNamesApart) {
  const Judgement judged = judge(street(), "Penguins by Ida Holm in Bergen, seen by Kofi Mensah.");
  EXPECT_EQ(judged.names_kept, std::vector<std::string>{"Ida Holm"});
  EXPECT_EQ(judged.names_lost, (std::vector<std::string>{"Magellanic", "1938"}));
  EXPECT_EQ(judged.false_names, std::vector<std::string>{"Bergen"});
  expect("Penguins by Ida Holm in Bergen, seen by Kofi Mensah.", "name: Bergen; name: Kofi Mensah");
}

TEST(Judge, NamesAreKeptWhole) {
  auto scene = street();
  scene.alt_text.true_names = {"Old Hall Press", "Ida Holm"};
  scene.alt_text.false_names = {"Red Bird Mill"};
  const Judgement apart = judge(
      scene, "An old wall in a hall where people press grapes; a mill with a red bird. Holm, Ida.");
  EXPECT_TRUE(apart.names_kept.empty());
  EXPECT_TRUE(apart.false_names.empty());
  scene.alt_text.true_names = {"Old Hall Press", "Ida Holm", "Bruvex & Bradar", "28 June 1991"};
  const Judgement whole = judge(scene,
                                "The Old Hall Press's Red Bird Mill, for Ida  Holm, by Bruvex and "
                                "Bradar on June 28, 1991.");
  EXPECT_EQ(whole.names_kept, scene.alt_text.true_names);
  EXPECT_EQ(whole.false_names, scene.alt_text.false_names);
}

TEST(Judge, ReadsChartsByTheirLabels) {
  auto scene = street();
  scene.objects.clear();
  scene.relations.clear();
  scene.chart = world::Chart{"Sales", "t", "blue", {"Apples", "Pears"}, {12, 7}};
  EXPECT_EQ(errors(scene, "Apples reach 12 and pears 7. There are two bars."), "");
  EXPECT_EQ(errors(scene, "Apples reach 7 and pears 12."), "number: Apples 7; number: Pears 12");
  EXPECT_EQ(errors(scene, "A chart of three bars."), "number: 3 bars");
  scene.chart->labels = {"May", "Sun"};
  EXPECT_EQ(errors(scene, "May is at 12 and Sun at 7."), "");
  EXPECT_EQ(errors(scene, "It runs from 12 units for May to 7 for Sun."), "");
  EXPECT_EQ(errors(scene, "May is 12abc."), "number: 12abc");
  EXPECT_EQ(errors(scene, "The chart may show 7, and the sun shines 12."), "");
  EXPECT_EQ(errors(scene, "MAY: 7."), "number: May 7");
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
