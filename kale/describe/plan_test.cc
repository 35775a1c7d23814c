#include "kale/describe/plan.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "kale/describe/check.h"
#include "kale/describe/texts.h"
#include "kale/describe/wording.h"

namespace kale::describe {
namespace {

const ClassGroups& groups() {
  static const ClassGroups kGroups = ClassGroups::parse(describe_texts::class_groups).value();
  return kGroups;
}
const Wording& wording() {
  static const Wording kWording = Wording::parse(describe_texts::wording).value();
  return kWording;
}
Plan plan_of(std::vector<ClassGuess> classes) {
  Facts facts;
  facts.classes = std::move(classes);
  return make_plan(facts, "", groups(), {.sure = 0.8, .unsure = 0.35});
}

TEST(Plan, StatesASureClassFlatly) {
  Plan plan = plan_of({{"king penguin", 0.9}});
  EXPECT_EQ(plan.flat, "a king penguin");
  EXPECT_EQ(plan.hedged, "");
}

TEST(Plan, StatesTheKindWhereOnlyTheKindIsSure) {
  Plan plan = plan_of({{"king penguin", 0.5}, {"albatross", 0.4}});
  EXPECT_EQ(plan.flat, "a bird");
  EXPECT_EQ(plan.hedged, "a king penguin");
  plan = plan_of({{"jay", 0.3}, {"magpie", 0.3}, {"bulbul", 0.25}});
  EXPECT_EQ(plan.flat, "a bird");
  EXPECT_EQ(plan.hedged, "");
}

TEST(Plan, SumsKindsIntoWiderKinds) {
  Plan plan = plan_of({{"jay", 0.3}, {"Beagle", 0.3}, {"newt", 0.25}});
  EXPECT_EQ(plan.flat, "an animal");
}

TEST(Plan, HedgesWhatIsUnsure) {
  Plan plan = plan_of({{"teapot", 0.5}, {"jay", 0.1}});
  EXPECT_EQ(plan.flat, "");
  EXPECT_EQ(plan.hedged, "a teapot");
}

TEST(Plan, NamesNothingWhereNothingIsLikely) {
  Plan plan = plan_of({{"teapot", 0.1}, {"jay", 0.1}, {"jeans", 0.1}});
  EXPECT_EQ(plan.flat + plan.hedged, "");
}

TEST(Plan, QuotesTextOnOneLineAndNotNoise) {
  auto text_of = [](std::string_view ocr) {
    return make_plan(Facts{}, ocr, groups(), Thresholds{}).text;
  };
  EXPECT_EQ(text_of("CITY \n LINE\n7"), "CITY LINE 7");
  EXPECT_EQ(text_of("say \"hi\" now"), "say hi now");
  EXPECT_EQ(text_of("| -- ~ i"), "");
  EXPECT_EQ(text_of(" \n"), "");
}

TEST(Plan, PlacesNoSubjectWithoutAPlainBackground) {
  Facts facts;
  facts.background_colour = "green";
  facts.position = "centre";
  facts.area_share = 1;
  Plan plan = make_plan(facts, "", groups(), Thresholds{});
  EXPECT_EQ(plan.background + plan.position + plan.size, "");
}

TEST(ClassGroups, SayNamesWithTheirArticle) {
  EXPECT_EQ(groups().find("hourglass").phrase, "an hourglass");
  EXPECT_EQ(groups().find("unicycle").phrase, "a unicycle");
  EXPECT_EQ(groups().find("jeans").phrase, "a pair of jeans");
  EXPECT_EQ(groups().find("TENCH, Tinca tinca").kind, "fish");
  EXPECT_EQ(groups().find("manx cat").kind, "cat");
  EXPECT_EQ(groups().find("gadget").phrase, "a gadget");
  EXPECT_EQ(groups().find("").kind, "");
  EXPECT_GE(groups().size(), 995U);
}

TEST(ClassGroups, RefuseAHeaderOfAnotherForm) {
  auto parsed = ClassGroups::parse("[bird]\nhen\n");
  ASSERT_FALSE(parsed.has_value());
  EXPECT_EQ(parsed.error().code, Code::kBadConfig);
  EXPECT_NE(parsed.error().message.find("line 1"), std::string::npos);
}

TEST(Wording, RefusesTextBeforeTheFirstSection) {
  EXPECT_FALSE(Wording::parse("hello\n[opening]\n").has_value());
  EXPECT_FALSE(Wording::parse("[opening]\nA {kind}.\n").has_value());
}

// Every combination of facts must come out as a caption that its own check would let pass.
TEST(Wording, FixedWordingPassesTheCheck) {
  Rng rng(7);
  auto one_of = [&](std::vector<std::string> choices) {
    return choices[rng.below(choices.size())];
  };
  for (int i = 0; i < 250; ++i) {
    Facts facts;
    for (const char* name : {"king penguin", "jay", "teapot", "jeans", "grey whale"})
      if (rng.below(2) == 0) facts.classes.push_back({name, rng.uniform() * 0.95});
    std::ranges::sort(facts.classes, std::greater{}, &ClassGuess::probability);
    double left = 1;
    for (const char* colour : {"grey", "white", "beige"}) {
      if (rng.below(3) == 0) continue;
      facts.colours.push_back({colour, left * 0.6});
      left -= left * 0.6;
    }
    facts.background_colour = one_of({"white", "black", ""});
    facts.background_plain = rng.below(2) == 0;
    facts.position = one_of({"centre", "left", "top right", "bottom", ""});
    facts.area_share = rng.uniform();
    facts.orientation = one_of({"portrait", "landscape", "square", ""});
    facts.kind = one_of({"photograph", "drawing", "unsure", ""});
    facts.brightness = one_of({"dark", "medium", "bright"});
    Plan plan = make_plan(facts, one_of({"", "STOP", "a b c d e f g h i j k l m n"}), groups(),
                          {.sure = 0.7, .unsure = 0.3});
    std::string caption = realise(plan, wording(), rng);
    Verdict verdict = check_caption(caption, plan, wording());
    bool bare = facts.colours.empty() || facts.orientation.empty();  // may need one sentence only
    EXPECT_TRUE(verdict.passed || bare) << caption << "\n  " << verdict.reason;
  }
}

}  // namespace
}  // namespace kale::describe
