#include "kale/fuse/clauses.h"

#include <gtest/gtest.h>

#include "kale/fuse/compose.h"
#include "kale/fuse/plural.h"
#include "kale/fuse/texts.h"
#include "kale/text/lists.h"
#include "kale/text/words.h"

namespace kale {
namespace {

DenseParts split(std::string_view dense) {
  static const Hedges hedges(fuse_texts::hedges);
  std::set<std::string> setting;
  for (const std::string_view list : {fuse_texts::setting_words, fuse_texts::frame_words})
    for (const auto& line : list_lines(list)) setting.merge(stems(line));
  return split_dense(dense, hedges, setting);
}

struct SplitCase {
  const char* dense;
  const char* first;
  const char* others;
};

class Split : public ::testing::TestWithParam<SplitCase> {};

TEST_P(Split, LeavesAShortMainClause) {
  const DenseParts parts = split(GetParam().dense);
  EXPECT_EQ(parts.first, GetParam().first);
  EXPECT_EQ(parts.others, GetParam().others);
}

INSTANTIATE_TEST_SUITE_P(
    Sentences, Split,
    ::testing::Values(
        SplitCase{"This picture shows a writing or drawing tool that looks like a pen. It is red.",
                  "This picture shows [name].", "It is red."},
        SplitCase{
            "The animal is mostly grey with some black, and it is in the middle of the frame.",
            "[name] is mostly grey with some black.", "It is in the middle of the frame."},
        SplitCase{
            "This image shows a wild cat, perhaps a leopard, which is mainly orange and black.",
            "This image shows [name].", "It is mainly orange and black."},
        SplitCase{"This photo shows a hoofed animal, mainly brown, with grey in parts.",
                  "This photo shows [name].", "It is mainly brown, with grey in parts."},
        SplitCase{"This illustration shows what is possibly an instrument or device. It is grey.",
                  "This illustration shows [name].", "It is grey."},
        SplitCase{"This photo shows what may be a garbage can against a white background.",
                  "This photo shows [name] against a white background.", ""},
        SplitCase{"This is a picture of a pink subject, which is in the centre of the frame.",
                  "This is a picture of [name].", "It is pink. It is in the centre of the frame."},
        SplitCase{"This daisy is shown against a white background. It is purple.",
                  "[name] is shown against a white background.", "It is purple."},
        SplitCase{"This image shows a brown bear. The brown bear is large.",
                  "This image shows [name].", "The brown bear is large."},
        SplitCase{"A zebu that is grey is shown in this photo.", "[name] is shown in this photo.",
                  "It is grey."},
        SplitCase{"This photo shows what may be a bird, and the subject is green and yellow.",
                  "This photo shows [name].", "It is green and yellow."},
        SplitCase{"This photo shows a bird that is grey. It is grey and fills the frame.",
                  "This photo shows [name].", "It is grey and fills the frame."}));

TEST(Clauses, ThatAThingIsShownIsNoSaying) {
  for (const char* dense :
       {"This is a bird that is shown against a white background in this photograph. It is black.",
        "This photo shows a bird that is shown against a plain white background. It is black.",
        "A bird, which is shown, is set against a plain white background. It is black.",
        "A bird that is shown is set against a white background. It is shown. It is black."}) {
    const DenseParts parts = split(dense);
    const std::string caption = with_others("A heron.", parts);
    EXPECT_EQ(caption.find("is shown."), std::string::npos) << caption;
    EXPECT_TRUE(caption.ends_with("It is black.")) << caption;
  }
}

TEST(Clauses, PlainerSentenceSaysItsSettingApart) {
  DenseParts parts =
      plainer(split("Set against a plain white background, this photo shows a cow."));
  EXPECT_EQ(parts.first, "This photo shows [name].");
  EXPECT_EQ(parts.others, "It is set against a plain white background.");
  parts =
      plainer(split("In this drawing, a subject is set against a white background. It is red."));
  EXPECT_EQ(parts.first, "This drawing shows [name].");
  EXPECT_EQ(parts.others, "It is set against a white background. It is red.");
  parts = plainer(split("This subject is mainly red. It fills the frame."));
  EXPECT_EQ(parts.first, "This is [name].");
  EXPECT_EQ(parts.others, "It is mainly red. It fills the frame.");
  parts = plainer(split("A man in a red coat holds a dog."));
  EXPECT_EQ(parts.first, "A man in a red coat holds a dog.");
}

TEST(Clauses, BackgroundOfTheModelsOwnIsTakenOff) {
  const DenseParts bare{"This photo shows [name].", "", ""};
  EXPECT_EQ(
      without_added_background("This photo shows a cow against a plain white background.", bare),
      "This photo shows a cow.");
  for (const char* kept : {"A cow is shown against a plain white background.",
                           "This photo shows a cow.", "This photo shows a cow against a wall."})
    EXPECT_EQ(without_added_background(kept, bare), kept);
  const DenseParts seen{"A photo of [name] against a white background.", "", ""};
  EXPECT_EQ(without_added_background("A photo of a cow against a white background.", seen),
            "A photo of a cow against a white background.");
}

TEST(Clauses, TheSubjectOfAPictureIsNoName) {
  const DenseParts parts = split("A photo of a camel. The camel is the subject of this photo.");
  EXPECT_EQ(with_others("A photo of a dromedary.", parts),
            "A photo of a dromedary. It is the subject of this photo.");
}

TEST(Plural, TitlesOfSeveralThings) {
  for (const char* title : {"Two wild boars", "Some flowers", "A pair of scissors", "Penguins",
                            "Several old cars", "A few pears", "Holly leaves"})
    EXPECT_TRUE(names_several(title, "This shows penguins and holly leaves.")) << title;
  for (const char* title : {"Two", "An iris", "Cactus", "A flower", "Hibiscus", "Glass", "Mars",
                            "The Netherlands", "A pair", ""})
    EXPECT_FALSE(names_several(title, "This shows Mars, cactus, hibiscus, glass.")) << title;
}

TEST(Plural, OtherSentencesSpeakOfThem) {
  const DenseParts dense = split(
      "This photo shows a subject that is red. The subject is in the middle of the frame and takes "
      "up a third. It covers most of it, and the background is white.");
  EXPECT_EQ(
      with_others("This photo shows two wild boars.", dense, "Two wild boars"),
      "This photo shows two wild boars. They are red. They are in the middle of the frame and "
      "take up a third. They cover most of it, and the background is white.");
  EXPECT_EQ(with_others("This photo shows a boar.", dense, "A boar"),
            "This photo shows a boar. It is red. It is in the middle of the frame and takes up a "
            "third. It covers most of it, and the background is white.");
}

TEST(Plural, VerbBehindTheTitleAgrees) {
  const DenseParts dense{"[name] is shown.", "", ""};
  EXPECT_EQ(with_others("Two boars is shown here.", dense, "Two boars"),
            "Two boars are shown here.");
  EXPECT_EQ(with_others("A pair of pliers is shown.", dense, "A pair of pliers"),
            "A pair of pliers is shown.");
  EXPECT_EQ(with_others("This shows a holly leaves.", dense, "Holly leaves"),
            "This shows holly leaves.");
}

}  // namespace
}  // namespace kale
