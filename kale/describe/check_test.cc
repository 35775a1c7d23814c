#include "kale/describe/check.h"

#include <gtest/gtest.h>

#include "kale/describe/texts.h"

namespace kale::describe {
namespace {

class CheckCaption : public ::testing::Test {
 protected:
  CheckCaption() : wording_(Wording::parse(describe_texts::wording).value()) {
    plan_.flat = "a bird";
    plan_.hedged = "a king penguin";
    plan_.colours = {"black", "white", "orange"};
    plan_.colour_extent = "most";
    plan_.background = "blue";
    plan_.position = "left";
    plan_.size = "third";
    plan_.orientation = "portrait";
    plan_.kind = "photograph";
  }
  void passes(std::string_view caption) {
    Verdict verdict = check_caption(caption, plan_, wording_);
    EXPECT_TRUE(verdict.passed) << caption << "\n  " << verdict.reason;
  }
  void fails(std::string_view caption, std::string_view reason) {
    Verdict verdict = check_caption(caption, plan_, wording_);
    EXPECT_FALSE(verdict.passed) << caption;
    EXPECT_EQ(verdict.reason, reason) << caption;
  }

  Wording wording_;
  Plan plan_;
};

const std::string kOpening =
    "This photograph shows a bird, most likely a king penguin, against a plain blue background. ";

TEST_F(CheckCaption, PassesWhatWasMeasured) {
  passes(kOpening + "It is mostly black, with some white and a little orange.");
  passes(kOpening + "The bird is mainly black and takes up about a third of the upright frame.");
  passes(
      "In this photo, the background is plain blue. A bird is shown, perhaps a king penguin, on "
      "the left of the frame. It is mostly black.");
}

TEST_F(CheckCaption, CatchesAnInventedObject) {
  fails(kOpening + "It is mostly black and has a fish.", "says \"fish\"");
}

TEST_F(CheckCaption, CatchesAnInventedAction) {
  fails(kOpening + "It is mostly black and is walking.", "says \"walking\"");
}

TEST_F(CheckCaption, CatchesAnInventedCount) {
  fails(kOpening + "The two are mostly black.", "says \"two\"");
  fails(kOpening + "The birds are mostly black.", "says \"birds\"");
}

TEST_F(CheckCaption, CatchesAnInventedNameOrPlace) {
  fails(kOpening + "It is mostly black, from Antarctica.", "says \"antarctica\"");
  fails(kOpening + "It is mostly black and on the right.", "says \"right\"");
}

TEST_F(CheckCaption, CatchesAnInventedColour) {
  fails(kOpening + "It is mostly black with some green.", "says \"green\"");
}

TEST_F(CheckCaption, CatchesAColourOfTheWrongThing) {
  fails(
      "This photograph shows a bird, most likely a king penguin, against a plain black "
      "background. It is mostly black.",
      "calls the background black");
  fails(kOpening + "It is mostly black with some blue.", "calls the subject blue");
  fails("In this photo the background is white. A bird, perhaps a king penguin, is mostly black.",
        "calls the background white");
}

TEST_F(CheckCaption, CatchesColoursInTheWrongOrder) {
  fails(kOpening + "It is mostly white, with some black.", "says mostly white");
  fails(kOpening + "It is white with some black.", "says some black");
}

TEST_F(CheckCaption, CatchesAMissingHedge) {
  fails("This photograph shows a king penguin against a plain blue background. It is mostly black.",
        "is too sure of \"king\"");
  fails(kOpening + "The penguin is mostly black.", "is too sure of \"penguin\"");
}

TEST_F(CheckCaption, NeedsNoHedgeWhereTheClassIsSure) {
  plan_.flat = "a king penguin";
  plan_.hedged = "";
  passes("This photograph shows a king penguin. It is mostly black.");
}

TEST_F(CheckCaption, CatchesAnInventedQuotation) {
  plan_.text = "STOP here";
  passes(kOpening + "It is mostly black. The text \"STOP here\" can be read in the photograph.");
  passes(kOpening + "It is mostly black. The text \u201CStop here\u201D can be read.");
  fails(kOpening + "It is mostly black. The text \"GO here\" can be read.", "quotes \"GO here\"");
  fails(kOpening + "It is mostly black. The text \"STOP here can be read.",
        "leaves a quotation open");
  fails(kOpening + "It is mostly black.", "does not quote the text");
  fails(kOpening + "It is mostly black. It says stop.", "says \"stop\"");
}

TEST_F(CheckCaption, CatchesAQuotationWhereNothingWasRead) {
  fails(kOpening + "It is mostly black. The picture shows \"STOP\".", "quotes \"STOP\"");
}

TEST_F(CheckCaption, CatchesOneSentenceAndSix) {
  fails("A bird, perhaps a king penguin, is mostly black.", "has 1 sentences");
  fails(kOpening +
            "It is black. It is on the left. It is in a frame. The frame is upright. It is "
            "white.",
        "has 6 sentences");
}

TEST_F(CheckCaption, CatchesWhatIsSaidOfTheWrongThing) {
  fails(kOpening +
            "The background is plain blue, and it covers roughly a third of the picture. "
            "The bird is black.",
        "says \"it\" of the background");
  fails(kOpening + "The picture is on the left and the bird is black.",
        "says of the picture what is so of the subject");
  passes(kOpening + "It is black, and the background is plain blue.");
  passes(kOpening + "The background is plain blue, and the bird is black and on the left.");
}

TEST_F(CheckCaption, CatchesALongRunThatComesBack) {
  fails(kOpening +
            "It is black and on the left of the upright frame. A bird is on the left of the "
            "upright frame.",
        "says the same twice");
}

TEST_F(CheckCaption, CatchesANameGivenTwiceInASentence) {
  fails("This is a photo of a bird, possibly a king penguin, and it is a bird. It is mostly black.",
        "names a bird twice in a sentence");
}

TEST_F(CheckCaption, CatchesAWrongArticle) {
  fails(kOpening + "It is mostly black in a upright frame.", "says \"a upright\"");
}

TEST_F(CheckCaption, FlowingScoresHigherThanChoppy) {
  Verdict flowing = check_caption(
      kOpening + "It is mostly black and on the left of the upright frame.", plan_, wording_);
  Verdict choppy = check_caption(
      kOpening + "It is mostly black. It is on the left. The frame is upright.", plan_, wording_);
  EXPECT_GT(flowing.score, choppy.score);
}

TEST_F(CheckCaption, CatchesASentenceSaidTwice) {
  fails(kOpening + "It is mostly black. It is mostly black.", "says a sentence twice");
}

TEST_F(CheckCaption, CatchesALostSubject) {
  fails("This is a photograph. It is mostly black.", "does not name the subject");
  fails(kOpening + "It is on the left.", "does not say black");
}

TEST_F(CheckCaption, AClassNameMayHoldAColour) {
  plan_.flat = "a little blue heron";
  plan_.hedged = "";
  plan_.background = "white";
  passes(
      "This photo shows a little blue heron against a plain white background. The little blue "
      "heron is mostly black.");
  fails("This photo shows a little blue heron. The little blue heron is blue and black.",
        "calls the subject blue");
  plan_.flat = "an orange";
  passes("This photo shows an orange. The orange is mostly black.");
}

TEST_F(CheckCaption, TellsMoreScoresHigher) {
  Verdict little = check_caption(kOpening + "It is mostly black.", plan_, wording_);
  Verdict more = check_caption(kOpening +
                                   "It is mostly black with some white and takes up about a "
                                   "third of the picture, on the left.",
                               plan_, wording_);
  EXPECT_GT(more.score, little.score);
}

}  // namespace
}  // namespace kale::describe
