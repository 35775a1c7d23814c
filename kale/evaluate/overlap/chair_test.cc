#include "kale/evaluate/overlap/chair.h"

#include <gtest/gtest.h>

namespace kale {
namespace {

constexpr std::string_view kSynonyms =
    "person, man, woman, child, people, baby\nbus\nski, skis\nchair, seat\ntoilet\nbird\n"
    "wine glass\ntie, bow, bow tie\nsports ball, ball\ntraffic light, stop light\nvase\nknife\n";

Chair chair() { return *Chair::from_synonyms(kSynonyms); }

std::vector<std::string> mentioned(std::string_view caption) {
  return chair().judge({std::string(caption), {}}).mentioned;
}
using Objects = std::vector<std::string>;

TEST(Chair, FindsSynonymsAndPluralsInAnyCase) {
  EXPECT_EQ(mentioned("A Woman's child, two people and BUSES."),
            (Objects{"person", "person", "person", "bus"}));
  EXPECT_EQ(mentioned("children with knives near the bus; a dog"),
            (Objects{"person", "knife", "bus"}));
}

TEST(Chair, ReadsTwoWordsAsOne) {
  EXPECT_EQ(mentioned("two wine glasses, a wine glass and a bow tie"),
            (Objects{"wine glass", "wine glass", "tie"}));
  EXPECT_EQ(mentioned("a baby bird under stop lights"), (Objects{"bird", "traffic light"}));
  EXPECT_EQ(mentioned("a glass of wine, a baby, bird"), (Objects{"person", "bird"}));
}

TEST(Chair, TheSeatOfAToiletIsNoChair) {
  EXPECT_EQ(mentioned("the seat of a toilet"), (Objects{"toilet"}));
  EXPECT_EQ(mentioned("a toilet seat"), (Objects{"toilet"}));
  EXPECT_EQ(mentioned("a seat"), (Objects{"chair"}));
}

TEST(Chair, PassesOverThePluralsThatLmmsEvalDoes) {
  EXPECT_EQ(mentioned("men with vases"), (Objects{}));
  EXPECT_EQ(mentioned("women with a vase"), (Objects{"person", "vase"}));
}

TEST(Chair, AWordBehindTwoBlanksIsNeverFound) {
  const Chair odd = *Chair::from_synonyms("cake,  cheesecake, cupcake");
  EXPECT_EQ(odd.judge({"a cheesecake and cupcakes", {}}).mentioned, (Objects{"cake"}));
}

TEST(Chair, CountsCaptionsMentionsAndObjects) {
  const std::vector<ChairCaption> captions = {
      {"a man and a woman on a bus", {"person", "bird"}},  // bus is not there; bird not named
      {"a bird", {"bird"}},
      {"a view", {"vase"}},
  };
  const ChairReport report = chair().score(captions);
  EXPECT_DOUBLE_EQ(report.chair_s, 1.0 / 3);
  EXPECT_DOUBLE_EQ(report.chair_i, 1.0 / 4);
  EXPECT_DOUBLE_EQ(report.recall, 2.0 / 4);
  EXPECT_EQ(report.captions[0].hallucinated, (Objects{"bus"}));
  EXPECT_DOUBLE_EQ(chair().score({}).chair_i, 0);
}

TEST(Chair, RefusesListsWithoutWords) {
  EXPECT_EQ(Chair::from_synonyms("").error().code, Code::kCorrupt);
  const Result<Chair> torn = Chair::from_synonyms("dog, puppy\n, \ncat");
  EXPECT_EQ(torn.error().code, Code::kCorrupt);
  EXPECT_NE(torn.error().message.find("line 2"), std::string::npos);
}

}  // namespace
}  // namespace kale
