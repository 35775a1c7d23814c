// Errors that are put in are errors, and where they are said to be.
#include "bench/truth/errors.h"

#include <gtest/gtest.h>

namespace kale::bench {
namespace {

world::Scene scene() {
  world::Scene made;
  world::Object bird;
  bird.kind = "bird";
  bird.colours = {"red"};
  made.objects = {bird, bird};
  made.texts.push_back({"OPEN TODAY", world::TextRole::kSign, "", "blue", {}});
  made.background.colour = "white";
  made.alt_text.true_names = {"Ida Holm"};
  return made;
}

constexpr std::string_view kCaption =
    "Two red birds by Ida Holm, above a sign that says \"OPEN TODAY\".";

std::string spoiled(ErrorType type) {
  Rng rng(7);
  const auto made = spoil(scene(), kCaption, type, rng);
  return made ? made->caption : "";
}

TEST(Errors, EachChangesItsOwnWord) {
  EXPECT_EQ(spoiled(ErrorType::kColour).find("red"), std::string::npos);
  const std::string counted = spoiled(ErrorType::kCount);
  EXPECT_TRUE(counted.starts_with("Three red birds") || counted.starts_with("One red birds"));
  EXPECT_TRUE(spoiled(ErrorType::kOne).starts_with("One red bird by Ida Holm"));
  EXPECT_NE(spoiled(ErrorType::kRelation).find("below a sign"), std::string::npos);
  EXPECT_EQ(spoiled(ErrorType::kQuote).find("OPEN TODAY"), std::string::npos);
  EXPECT_EQ(spoiled(ErrorType::kName).find("Ida Holm"), std::string::npos);
  EXPECT_NE(spoiled(ErrorType::kNameLost).find("by someone,"), std::string::npos);
  EXPECT_GT(spoiled(ErrorType::kThing).size(), kCaption.size());
  EXPECT_EQ(spoiled(ErrorType::kNumber), "") << "no chart, no value";
}

TEST(Errors, SpansAreWhatWasPutIn) {
  Rng rng(3);
  const auto made = spoil(scene(), kCaption, ErrorType::kCount, rng);
  ASSERT_TRUE(made);
  const auto put = made->caption.substr(made->span.begin, made->span.end - made->span.begin);
  EXPECT_TRUE(put == "Three" || put == "One") << put;
}

TEST(Errors, FindingsTellTheErrorFromOthers) {
  Rng rng(3);
  const auto made = spoil(scene(), kCaption, ErrorType::kColour, rng);
  ASSERT_TRUE(made);
  const auto judged = evaluate::judge(scene(), made->caption);
  EXPECT_TRUE(look(*made, judged, ErrorType::kColour).found);
  EXPECT_FALSE(look(*made, judged, ErrorType::kCount).found);
  EXPECT_EQ(look(*made, judged, ErrorType::kColour).elsewhere, 0);
}

}  // namespace
}  // namespace kale::bench
