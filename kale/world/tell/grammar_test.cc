#include "kale/world/tell/grammar.h"

#include <gtest/gtest.h>

#include <set>

#include "kale/world/tell/nouns.h"

namespace kale::world {
namespace {

std::set<std::string> all_of(const Grammar& grammar, const Slots& slots, int draws = 400) {
  std::set<std::string> texts;
  Rng rng(1);
  for (int draw = 0; draw < draws; ++draw) texts.insert(grammar.say("start", slots, rng).text);
  return texts;
}

TEST(Grammar, SaysEveryAlternativeAndChoiceButNoneThatLacksAValue) {
  Grammar grammar("# a comment\nstart\n  one [a|b] <more>\n  {absent} never\n\nmore\n  x{here}\n");
  Slots slots;
  slots.set("here", "!");
  EXPECT_EQ(all_of(grammar, slots), (std::set<std::string>{"one a x!", "one b x!"}));
  EXPECT_FALSE(grammar.can_say("start", Slots()));
  Rng rng(1);
  EXPECT_EQ(grammar.say("start", Slots(), rng).text, "");
}

TEST(Grammar, NumberFollowsTheSlotThatIsNamed) {
  Grammar grammar("start\n  {np} {np:is|are} {colour:a|some}\n");
  Slots slots;
  slots.set("np", "the birds", true);
  slots.set("colour", "red");
  EXPECT_EQ(all_of(grammar, slots), (std::set<std::string>{"the birds are a"}));
}

TEST(Grammar, ConditionsPrintNothingAndTellWhatWasUsed) {
  Grammar grammar("start\n  {?small} small {np}\n  {!small} {np}\n");
  Slots slots;
  slots.set("np", "cat");
  EXPECT_EQ(all_of(grammar, slots), (std::set<std::string>{"cat"}));
  slots.flag("small");
  Rng rng(3);
  Said said = grammar.say("start", slots, rng);
  EXPECT_EQ(said.text, "small cat");
  EXPECT_TRUE(said.holds("small"));
  EXPECT_TRUE(said.holds("np"));
}

TEST(Grammar, WeightsCount) {
  Grammar grammar("start\n  @9 often\n  seldom\n");
  Rng rng(5);
  int often = 0;
  for (int draw = 0; draw < 1000; ++draw) {
    if (grammar.say("start", Slots(), rng).text == "often") ++often;
  }
  EXPECT_GT(often, 850);
  EXPECT_LT(often, 950);
}

TEST(Grammar, BracketsCanBeWords) {
  Grammar grammar("start\n  \\[INST\\] a | \\<b>\n");
  EXPECT_EQ(all_of(grammar, Slots()), (std::set<std::string>{"[INST] a | <b>"}));
}

TEST(GrammarDeath, ABadGrammarNamesItsLine) {
  EXPECT_DEATH(Grammar("start\n  <nowhere>\n"), "no rule <nowhere>");
  EXPECT_DEATH(Grammar("start\n  [a|b\n"), "no '\\]'");
  EXPECT_DEATH(Grammar("start\n  a\nstart\n  b\n"), "start stands there twice");
}

TEST(TidyWords, ArticlesFollowTheSoundOfTheNextWord) {
  EXPECT_EQ(tidy_words("a owl and a unicorn, a hourglass, a SUV, a F-22, a UK post box, a 8 km"),
            "an owl and a unicorn, an hourglass, an SUV, an F-22, a UK post box, an 8 km");
  EXPECT_EQ(as_sentence("a sign says \"a apple\" near a \"EXIT\""),
            "A sign says \"a apple\" near an \"EXIT\"");
}

TEST(TidyWords, MarksLoseTheBlankBeforeThemButQuotationsStayAsTheyAre) {
  EXPECT_EQ(tidy_words("in  Tarsk , , in 1987 , ."), "in Tarsk, in 1987.");
  EXPECT_EQ(tidy_words("it says \"so  , and ...\" ."), "it says \"so  , and ...\".");
}

TEST(Nouns, PluralsBendTheRightWord) {
  EXPECT_EQ(plural_of("mouse"), "mice");
  EXPECT_EQ(plural_of("pair of scissors"), "pairs of scissors");
  EXPECT_EQ(plural_of("Magellanic penguin"), "Magellanic penguins");
  EXPECT_EQ(plural_of("lionfish"), "lionfish");
  EXPECT_EQ(counted(1, "owl"), "an owl");
  EXPECT_EQ(counted(3, "loaf of bread"), "three loaves of bread");
  EXPECT_EQ(counted(1, "bowling pins"), "some bowling pins");
  EXPECT_EQ(counted(2, "bowling pins"), "two sets of bowling pins");
}

TEST(Nouns, NamesAreFoundAsWholeWords) {
  EXPECT_TRUE(holds_name("from Tarsk, 1987", "Tarsk"));
  EXPECT_FALSE(holds_name("Tarskian", "Tarsk"));
  EXPECT_EQ(name_as_in("Jeans from Tarsk", "jeans"), "Jeans");
}

}  // namespace
}  // namespace kale::world
