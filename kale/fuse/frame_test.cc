#include "kale/fuse/frame.h"

#include <gtest/gtest.h>

#include "kale/core/check.h"
#include "kale/fuse/subject.h"
#include "kale/fuse/texts.h"
#include "kale/fuse/title.h"
#include "kale/text/lists.h"
#include "kale/text/words.h"

namespace kale {
namespace {

const std::set<std::string>& common() {
  static const std::set<std::string> words = [] {
    std::set<std::string> all;
    for (const auto& line : list_lines(fuse_texts::common_words)) all.merge(stems(line));
    return all;
  }();
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
        FrameCase{"Gaten Matarazzo at the Golden Globes", "A man in a tuxedo.",
                  "Gaten Matarazzo, a man in a tuxedo, is seen at the Golden Globes.",
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
        FrameCase{"Why Bilingualism Matters (2012)", "A woman at a desk.",
                  "This picture for \"Why Bilingualism Matters\" (2012) shows a woman at a desk.",
                  FrameForm::kQuoted}));

TEST(Title, CodesAndYearsGoOutOfTheWay) {
  EXPECT_EQ(with_codes_apart("1978 Lincoln Town Car in Kentwood"),
            "Lincoln Town Car of 1978 in Kentwood");
  EXPECT_EQ(with_codes_apart("Piaget Polo watch G0A42002"), "Piaget Polo watch (G0A42002)");
  EXPECT_EQ(with_codes_apart("Adidas Jacket #4"), "Adidas Jacket #4");
}

TEST(Title, CapitalsThatNameNothingGetSmall) {
  EXPECT_EQ(with_small_letters("Cascadian Cat Rug With Fringe", common(), {}),
            "Cascadian cat rug with Fringe");
  EXPECT_EQ(with_small_letters("Forestry road above Lamlash", common(), {}),
            "forestry road above Lamlash");
  EXPECT_EQ(with_small_letters("Walk With Will And US Stars In May", {}, {}),
            "Walk with Will and US Stars in May");
  EXPECT_EQ(with_small_letters("Auckland Art Gallery", common(), {}), "Auckland Art Gallery");
  EXPECT_EQ(with_small_letters("Rear Mirror Holder X", {}, stems("mirror")),
            "Rear mirror Holder X");
}

TEST(Title, ArticlesOnlyForOneCommonThing) {
  auto with = [](std::string_view title) {
    return with_article(title, Article::kIndefinite, common());
  };
  EXPECT_EQ(with("empty chair"), "an empty chair");
  for (const char* title : {"Mount Cook", "red shoes", "Alice's chair", "2 chairs", "brown leather",
                            "Driving a car", "two black cats"})
    EXPECT_EQ(with(title), title);
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
