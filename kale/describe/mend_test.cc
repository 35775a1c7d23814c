#include "kale/describe/mend.h"

#include <gtest/gtest.h>

#include "kale/describe/texts.h"

namespace kale::describe {
namespace {

std::string mend(std::string_view caption, std::string flat, std::string hedged,
                 std::string_view subject) {
  static const Wording kWording = Wording::parse(describe_texts::wording).value();
  Plan plan;
  plan.flat = std::move(flat);
  plan.hedged = std::move(hedged);
  return restore_hedge(caption, plan, kWording, subject);
}

TEST(RestoreHedge, PutsADroppedHedgeBack) {
  EXPECT_EQ(mend("A newt is shown. The newt is brown.", "", "a newt", "what may be a newt"),
            "What may be a newt is shown. The subject is brown.");
  EXPECT_EQ(
      mend("This is a photo of a newt.", "an amphibian", "a newt", "an amphibian, perhaps a newt"),
      "This is a photo of an amphibian, perhaps a newt.");
  EXPECT_EQ(mend("It is a bird, perhaps a jay. This jay is blue.", "a bird", "a jay", "x"),
            "It is a bird, perhaps a jay. The bird is blue.");
}

TEST(RestoreHedge, LeavesANameInsideAPhraseToTheCheck) {
  EXPECT_EQ(mend("A red newt is shown.", "", "a newt", "what may be a newt"),
            "A red newt is shown.");
}

TEST(PartSplices, PartsSentencesRunTogether) {
  Plan plan;
  plan.flat = "a jay";
  EXPECT_EQ(part_splices("A photo of a jay, it is blue, the background is white.", plan),
            "A photo of a jay. It is blue. The background is white.");
  EXPECT_EQ(part_splices("On the left, the jay is blue, and it is small.", plan),
            "On the left, the jay is blue, and it is small.");
  EXPECT_EQ(part_splices("A jay. Here, it seems blue.", plan), "A jay. Here, it seems blue.");
}

TEST(DropSecondBackground, KeepsTheFirst) {
  EXPECT_EQ(drop_second_background("A jay on a white background. It is blue. The background is "
                                   "plain white."),
            "A jay on a white background. It is blue.");
  EXPECT_EQ(drop_second_background("A jay. The background is white."),
            "A jay. The background is white.");
}

TEST(RestoreHedge, LeavesAHedgedNameAndOtherWordsAlone) {
  const char* const kHedged = "This is what looks like a newt. It is brown.";
  EXPECT_EQ(mend(kHedged, "", "a newt", "what may be a newt"), kHedged);
  EXPECT_EQ(mend("Newts are brown.", "", "a newt", "x"), "Newts are brown.");
  EXPECT_EQ(mend("A newt.", "a newt", "", "a newt"), "A newt.");
  EXPECT_EQ(mend("", "", "a newt", "x"), "");
}

}  // namespace
}  // namespace kale::describe
