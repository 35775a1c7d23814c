#include "kale/evaluate/overlap/pope.h"

#include <gtest/gtest.h>

#include <vector>

namespace kale {
namespace {

// Yes of yes: 2. Yes of no: 1. No of yes: 1. No of no: 1. "Yes." and "maybe" are neither.
TEST(Pope, ScoresByHand) {
  const std::vector<PopeAnswer> answers = {{"Yes", "yes"}, {" yes\n", "Yes"}, {"yes", "no"},
                                           {"no", "yes"},  {"NO", "no"},      {"Yes.", "yes"},
                                           {"maybe", "no"}};
  const PopeScores scores = score_pope(answers);
  EXPECT_DOUBLE_EQ(scores.accuracy, 3.0 / 7);
  EXPECT_DOUBLE_EQ(scores.precision, 2.0 / 3);
  EXPECT_DOUBLE_EQ(scores.recall, 2.0 / 3);
  EXPECT_DOUBLE_EQ(scores.f1, 2.0 / 3);
  EXPECT_DOUBLE_EQ(scores.yes_ratio, 4.0 / 7);  // of the truth
  EXPECT_DOUBLE_EQ(scores.predicted_yes_ratio, 3.0 / 7);
  EXPECT_EQ(scores.answers, 7);
}

// Python's lower() keeps the long s; its strip() takes the separators of ASCII off, and leaves a
// space of no width.
TEST(Pope, ReadsAnswersAsPythonDoes) {
  EXPECT_EQ(score_pope(std::vector<PopeAnswer>{{"ye\u017f", "yes"}}).accuracy, 0);
  EXPECT_EQ(score_pope(std::vector<PopeAnswer>{{"\x1cYES\x1f\u00a0", "yes"}}).accuracy, 1);
  EXPECT_EQ(score_pope(std::vector<PopeAnswer>{{"y es", "yes"}}).accuracy, 0);
  EXPECT_EQ(score_pope(std::vector<PopeAnswer>{{"yes\u200b", "yes"}}).accuracy, 0);
}

TEST(Pope, NothingIsDividedByNothing) {
  const PopeScores scores = score_pope({});
  EXPECT_EQ(scores.accuracy, 0);
  EXPECT_EQ(scores.f1, 0);
}

}  // namespace
}  // namespace kale
