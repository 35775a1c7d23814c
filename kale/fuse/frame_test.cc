#include "kale/fuse/frame.h"

#include <gtest/gtest.h>

#include "kale/core/check.h"
#include "kale/fuse/subject.h"
#include "kale/fuse/texts.h"
#include "kale/fuse/title.h"
#include "kale/fuse/word_use.h"
#include "kale/text/words.h"

namespace kale {
namespace {

const std::set<std::string>& common() {
  static const std::set<std::string> words = listed_stems(fuse_texts::common_words);
  return words;
}

struct FrameCase {
  const char* alt_text;
  const char* sentence;
  const char* fused;
  FrameForm form;
};

class FrameTest : public ::testing::TestWithParam<FrameCase> {};

TEST_P(FrameTest, PutsTheTitleWhereItBelongs) {
  const auto rules = WebTextRules::parse(fuse_texts::web_boilerplate);
  ASSERT_TRUE(rules.has_value());
  const FrameCase& c = GetParam();
  const WebText web = rules->split(c.alt_text);
  const Frame frame = frame_of(c.sentence, web, common());
  EXPECT_EQ(with_phrases(fill_frame(frame), frame.name, web), c.fused);
  EXPECT_EQ(frame_form_name(frame.form), frame_form_name(c.form));
}

INSTANTIATE_TEST_SUITE_P(
    Forms, FrameTest,
    ::testing::Values(
        FrameCase{"Greater Swiss Mountain Dog", "A dog sitting on top of a stump.",
                  "A Greater Swiss mountain dog sitting on top of a stump.", FrameForm::kNamed},
        FrameCase{"Automatic Filling Machine", "Two filling machines are shown.",
                  "Two automatic filling machines are shown.", FrameForm::kNamed},
        FrameCase{"Cascadian Cat", "An orange cat on the floor.",
                  "An orange Cascadian cat on the floor.", FrameForm::kNamed},
        FrameCase{"two black cats", "Two cats on the floor.", "Two black cats on the floor.",
                  FrameForm::kNamed},
        FrameCase{"BMW 3-Series Sports Wagon", "The BMW car is driving down the road.",
                  "The BMW 3-Series Sports Wagon is driving down the road.", FrameForm::kNamed},
        FrameCase{"Bio-Mos Pouch - Animal Feed", "A bio mos pouch with a label.",
                  "A Bio-Mos pouch (Animal Feed) with a label.", FrameForm::kNamed},
        FrameCase{"Antoine Griezmann", "The man is giving a thumbs up.",
                  "The man, Antoine Griezmann, is giving a thumbs up.", FrameForm::kPerson},
        FrameCase{"Daniel Brühl at the Golden Globes", "A man in a tuxedo.",
                  "Daniel Brühl, a man in a tuxedo, is seen at the Golden Globes.",
                  FrameForm::kPerson},
        FrameCase{"Close Relations by Susan Isaacs", "The cover for close relation.",
                  "The cover for Susan Isaacs' Close Relations.", FrameForm::kCover},
        FrameCase{"Rich Wilde and the Shield of Athena logo", "The logo for the shield of Athena.",
                  "The logo for Rich Wilde and the Shield of Athena.", FrameForm::kCover},
        FrameCase{"Darkglass Alpha Omega Ultra", "An analog pedal with four knobs.",
                  "Darkglass Alpha Omega Ultra is an analog pedal with four knobs.",
                  FrameForm::kThing},
        FrameCase{"Dhp Victoria Full Size Daybed", "The bed frame is white.",
                  "Dhp Victoria Full Size Daybed, a bed frame, is white.", FrameForm::kThing},
        FrameCase{"Kane and Abel by Jeffrey Archer", "A pillow with a book.",
                  "This picture of Jeffrey Archer's Kane and Abel shows a pillow with a book.",
                  FrameForm::kPicture},
        FrameCase{"David Bowie in Labyrinth", "The sky is dark.",
                  "In this picture of David Bowie in Labyrinth, the sky is dark.",
                  FrameForm::kPicture},
        FrameCase{"Stars will play at the festival in May.", "Two men on a stage.",
                  "Two men on a stage. Stars will play at the festival in May.",
                  FrameForm::kSentence},
        FrameCase{
            "Why Bilingualism Matters (2012)", "A woman at a desk.",
            "This picture for \"Why Bilingualism Matters\" from 2012 shows a woman at a desk.",
            FrameForm::kQuoted},
        FrameCase{"The Mule (2018)", "A man in a car.",
                  "This picture of the Mule from 2018 shows a man in a car.", FrameForm::kPicture},
        FrameCase{"Eric Clapton (photo by Paul Natkin)", "A man with a guitar.",
                  "Eric Clapton in a photo by Paul Natkin, a man with a guitar, is seen here.",
                  FrameForm::kPerson},
        FrameCase{"Green Pillow", "the green pillow is on a bed.", "The green pillow is on a bed.",
                  FrameForm::kNamed},
        FrameCase{"Approaches To Problem Solving", "the cover for approaches to problem solving.",
                  "The cover for Approaches to Problem Solving.", FrameForm::kCover},
        FrameCase{"The Gift of Maybe by Allison Carmen", "The gift of life, maybe.",
                  "This picture of Allison Carmen's gift of Maybe shows the gift of life, maybe.",
                  FrameForm::kPicture},
        FrameCase{"woman holding a business card", "A person with an empty business card.",
                  "This picture of a woman holding a business card shows a person with an empty "
                  "business card.",
                  FrameForm::kPicture},
        FrameCase{"Black Mesh Office Chair", "The table is round.",
                  "In this picture of a black mesh office chair, the table is round.",
                  FrameForm::kPicture},
        FrameCase{"Lady Gaga attends the Gala", "A woman in a dress.",
                  "This picture of Lady Gaga attending the Gala shows a woman in a dress.",
                  FrameForm::kPicture}));

TEST(Frame, TitleOfAnotherThingClaimsNothingOfTheSubject) {
  const std::vector<std::pair<const char*, const char*>> all = {
      {"Golden Retriever dog Food Bag", "The dog is sitting on the floor."},
      {"Tesla Model 3 key card", "The car is parked."},
      {"Tesla Model 3 key card", "The Tesla car is parked."},
      {"HP printer Ink Cartridge 61XL", "The printer is on a desk."},
      {"HP printer Ink Cartridge 61XL", "The HP printer is on a desk."},
      {"apple iPad Pro", "The apple is red."},
      {"Dog ate my homework", "A dog is on a rug."},
      {"Nikon D850 vs Canon", "A canon is on a table."},
      {"Labrador Dog vs Siamese Cat", "A cat is on a rug."},
      {"Labrador Dog v Siamese Dog", "A dog is on a rug."}};
  for (const auto& [title, sentence] : all) {
    WebText web;
    web.title = title;
    EXPECT_EQ(frame_of(sentence, web, common()).form, FrameForm::kPicture) << title;
  }
}

TEST(Title, CodesAndYearsGoOutOfTheWay) {
  EXPECT_EQ(with_codes_apart("1978 Lincoln Town Car in Kentwood"),
            "Lincoln Town Car of 1978 in Kentwood");
  EXPECT_EQ(with_codes_apart("Piaget Polo watch G0A42002"), "Piaget Polo watch (G0A42002)");
  EXPECT_EQ(with_codes_apart("Adidas Jacket #4"), "Adidas Jacket #4");
}

TEST(Title, LastYearStandsInBrackets) {
  EXPECT_EQ(with_codes_apart("View of Tower 1937"), "View of Tower (1937)");
  EXPECT_EQ(with_codes_apart("Picadilly Circus London 1947"), "Picadilly Circus London (1947)");
  EXPECT_EQ(with_codes_apart("Spanish troops resting, Mar 1937"),
            "Spanish troops resting, Mar 1937");
}

TEST(Title, NumbersOfANameAreNoYears) {
  for (const char* name :
       {"1984 by George Orwell", "2001 A Space Odyssey", "2001 Space Odyssey", "1800 Tequila",
        "Nokia Lumia 920", "1917 film", "Boeing 747", "1984 George Orwell", "2000 watt heater",
        "2000 piece puzzle", "Blade Runner 2049"})
    EXPECT_EQ(with_codes_apart(name), name);
}

TEST(Title, ByIsNotAlwaysAnAuthor) {
  for (const char* title : {"Stand by Me", "Step by Step", "Walk by Lake Michigan", "Day by Day",
                            "House by Hudson River", "Light by Night"})
    EXPECT_EQ(with_author_first(title), title);
  EXPECT_EQ(with_author_first("Kane and Abel by Jeffrey Archer"), "Jeffrey Archer's Kane and Abel");
}

TEST(Title, CapitalsComeFromTheCaptionAndTheList) {
  EXPECT_EQ(with_capitals_of("rbi policy of madrid", "The RBI logo in Madrid.", {}),
            "RBI policy of Madrid");
  EXPECT_EQ(with_capitals_of("the cat rug", "A Cat rug.", common()), "the cat rug");
  EXPECT_EQ(with_proper_words("mens nike shoes with usb"), "men's Nike shoes with USB");
  EXPECT_EQ(with_proper_words("NIKE shoes"), "NIKE shoes");
}

TEST(Title, SmallWordsAndGenitivesOfAWork) {
  EXPECT_EQ(with_small_joints("On Aristotle'S Commentary On Memory And US Law"),
            "On Aristotle's Commentary on Memory and US Law");
}

TEST(Title, AndIsWrittenOutBesideCommonWords) {
  EXPECT_EQ(with_and("Lamp & Chair by Johnson & Wales", common()),
            "Lamp and Chair by Johnson & Wales");
}

TEST(Title, HeadlineWithOneKnownVerbIsAScene) {
  const auto scene = scene_of("BMW launches 1-series cabrio");
  ASSERT_TRUE(scene.has_value());
  EXPECT_EQ(scene->who, "BMW");
  EXPECT_EQ(scene->act, "launching 1-series cabrio");
  const auto progress = scene_of("Two men are walking in a park");
  ASSERT_TRUE(progress.has_value());
  EXPECT_EQ(progress->act, "walking in a park");
  for (const char* other : {"", "Man says no, storms out", "Why she says no", "Who wins this?",
                            "Lily Pads Rug", "attends the Gala", "The man says"})
    EXPECT_FALSE(scene_of(other).has_value()) << other;
}

TEST(Title, PhrasesBehindAName) {
  EXPECT_EQ(phrases_worded({}), "");
  EXPECT_EQ(phrases_worded({"2018"}), " from 2018");
  EXPECT_EQ(phrases_worded({"Red", "1999", "7x5"}), " from 1999 (red, 7x5)");
  EXPECT_EQ(phrases_worded({"Image by Ann Lee"}), " in a photo by Ann Lee");
}

TEST(Title, CapitalsThatNameNothingGetSmall) {
  EXPECT_EQ(with_small_letters("Cascadian Cat Rug With Fringe", {}),
            "Cascadian cat rug with fringe");
  EXPECT_EQ(with_small_letters("Mountain road above Lamlash", {}), "mountain road above Lamlash");
  EXPECT_EQ(with_small_letters("Walk With Will And US Stars In May", {}),
            "Walk with Will and US Stars in May");
  EXPECT_EQ(with_small_letters("Auckland Art Gallery", {}), "Auckland Art Gallery");
  EXPECT_EQ(with_small_letters("Green smoothies", {}), "green smoothies");
  EXPECT_EQ(with_small_letters("Rear Xyster Holder X", {"xyster"}), "Rear xyster Holder X");
}

TEST(Title, NamesKeepTheirCapitals) {
  for (const char* name : {"NASA rocket", "FBI", "Open MRI", "Obama speech", "Paris restaurant",
                           "Toyota truck", "Obama speech in the park", "Susan Brown", "Betty White",
                           "Jack Black", "John Deere", "Blue MRI"})
    EXPECT_EQ(with_small_letters(name, {"deer", "white", "black"}), name);
  EXPECT_EQ(with_small_letters("Chanel Black Bag", {}), "Chanel Black bag");
  EXPECT_EQ(with_small_letters("Chanel Leather Black Bag", {}), "Chanel leather black bag");
}

TEST(Title, TailThatTheCaptionHasSaidGoes) {
  const std::string_view plate = "A plate with chicken and broccoli.";
  EXPECT_EQ(without_said_tail("sheet pan chicken on a plate", plate), "sheet pan chicken");
  EXPECT_EQ(without_said_tail("Eotech sight on rifle", "A close up shot of a rifle."),
            "Eotech sight");
  for (std::string_view title :
       {"sheet pan chicken on a board", "Chicken at Plate House", "cake topped with chicken",
        "bowl of chicken", "chicken on plate 7", "plate"})
    EXPECT_EQ(without_said_tail(title, plate), title);
}

TEST(Title, ColourAtTheEndIsSaid) {
  EXPECT_EQ(with_colour_last("Rib Tall Knit black"), "Rib Tall Knit in black");
  for (std::string_view title :
       {"Ann Lee Brown", "S7 navy blue", "fade to black", "tables black white", "black"})
    EXPECT_EQ(with_colour_last(title), title);
}

TEST(Title, ArticlesOnlyForOneCommonThing) {
  auto with = [](std::string_view title) {
    return with_article(title, Article::kIndefinite, common());
  };
  EXPECT_EQ(with("empty chair"), "an empty chair");
  EXPECT_EQ(with("men's jacket"), "a men's jacket");
  for (const char* title : {"Mount Cook", "red shoes", "Alice's chair", "2 chairs", "brown leather",
                            "Driving a car", "two black cats"})
    EXPECT_EQ(with(title), title);
}

TEST(Title, ArticleFollowsTheSound) {
  for (const char* phrase : {"hour",
                             "honest man",
                             "heir",
                             "ugly duck",
                             "urban street",
                             "usher",
                             "uninhabited island",
                             "LED lamp",
                             "NFL shirt",
                             "RV",
                             "SMS",
                             "XL shirt",
                             "FBI agent",
                             "X-ray",
                             "F-150",
                             "SUV",
                             "8 inch nail",
                             "11 inch nail",
                             "18 inch nail",
                             "80s car",
                             "800 watt drill",
                             "1850 house"})
    EXPECT_EQ(with_indefinite(phrase), "an " + std::string(phrase));
  for (const char* phrase :
       {"180 degree view", "110 volt lamp", "1 inch nail", "unique car", "user", "Utah map", "UFO",
        "USB stick", "NASA rocket", "LEGO set", "one-piece", "European car", "house", "TV", "DVD",
        "RED dress", "uniform"})
    EXPECT_EQ(with_indefinite(phrase), "a " + std::string(phrase));
}

TEST(Subject, IsTheFirstNounPhraseBehindWordsOfTheFrame) {
  auto subject = subject_of("A picture of two red t - shirts hanging on a wall.");
  ASSERT_TRUE(subject.has_value());
  EXPECT_EQ(subject->article, "two");
  EXPECT_EQ(subject->head, "shirts");
  EXPECT_FALSE(subject->verb_follows);
  subject = subject_of("The long sleeved shirt is shown.");
  ASSERT_TRUE(subject.has_value());
  EXPECT_EQ(subject->before, (std::vector<std::string>{"long", "sleeved"}));
  EXPECT_TRUE(subject->verb_follows);
  EXPECT_FALSE(subject_of("of the").has_value());
  EXPECT_FALSE(subject_of("").has_value());
}

TEST(Subject, ClauseHasAVerbOutsideARelativeClause) {
  EXPECT_TRUE(is_clause("The sky is blue."));
  EXPECT_FALSE(is_clause("A sign that says stop."));
  EXPECT_FALSE(is_clause("A man with a hat."));
}

}  // namespace
}  // namespace kale
