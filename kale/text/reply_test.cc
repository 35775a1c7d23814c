#include "kale/text/reply.h"

#include <gtest/gtest.h>

#include "kale/text/repetition.h"
#include "kale/text/utf8.h"

namespace kale {
namespace {

TEST(Repetition, FindsLoops) {
  EXPECT_TRUE(is_repetitive("a very very very very big dog"));
  EXPECT_FALSE(is_repetitive("a very very very big dog"));
  EXPECT_TRUE(is_repetitive("the red house and the red house and the red house and"));
  EXPECT_FALSE(is_repetitive("the red house and the red house"));
  EXPECT_TRUE(is_repetitive("The fox is red. It runs. The fox is red."));
  EXPECT_FALSE(is_repetitive("Tap. Tap. Tap."));
  EXPECT_FALSE(is_repetitive(""));
}

TEST(Repetition, FindsScatteredLoopsInLongTexts) {
  std::string text;
  for (const char* end : {"left", "right", "top", "bottom", "side", "edge", "floor", "wall"})
    text += std::string("There is a small red box on the ") + end + ", ";
  EXPECT_TRUE(is_repetitive(text));
}

TEST(Reply, NamesItsFlaw) {
  const std::string instruction =
      "Please merge and refine the information from the two given sentences.";
  const std::vector<std::string_view> instructions = {instruction};
  EXPECT_EQ(reply_flaw("A fox runs.", instructions), ReplyFlaw::kNone);
  EXPECT_EQ(reply_flaw(" ...", instructions), ReplyFlaw::kEmpty);
  EXPECT_EQ(reply_flaw("I\u2019m sorry, but I can't.", instructions), ReplyFlaw::kRefusal);
  EXPECT_EQ(
      reply_flaw("I will merge and refine the information from the two given ones", instructions),
      ReplyFlaw::kEcho);
  EXPECT_EQ(reply_flaw("red fox red fox red fox", instructions), ReplyFlaw::kRepetition);
  EXPECT_EQ(reply_flaw("A card says I'm sorry.", {}, "I'm Sorry card"), ReplyFlaw::kNone);
  EXPECT_EQ(drop_for(ReplyFlaw::kEcho), Drop::kPromptEcho);
  EXPECT_EQ(reply_flaw_name(ReplyFlaw::kRefusal), "refusal");
}

TEST(Reply, TidiesLeadInsAndQuotes) {
  EXPECT_EQ(tidy_reply({"New Sentence:  A red\nfox. "}), "A red fox.");
  EXPECT_EQ(tidy_reply({"Here is the new sentence:\n\n\"A fox.\""}), "A fox.");
  EXPECT_EQ(tidy_reply({"Here is a fox."}), "Here is a fox.");
  EXPECT_EQ(tidy_reply({"\"A\" and \"B\""}), "\"A\" and \"B\"");
  EXPECT_EQ(tidy_reply({"A fox.<|im_end|>"}), "A fox.");
}

TEST(Reply, TornSentenceGoesWhereTheReplyWasCut) {
  EXPECT_EQ(tidy_reply({"A fox runs. It is very", Finish::kLength}), "A fox runs.");
  EXPECT_EQ(tidy_reply({"A fox runs. It is very", Finish::kStop}), "A fox runs. It is very");
  EXPECT_EQ(tidy_reply({"A fox that", Finish::kLength}), "");
}

TEST(Reply, TemplateTokensBecomeBlanks) {
  EXPECT_EQ(without_template_tokens("a<|im_end|>b"), "a b");
  EXPECT_EQ(
      collapse_spaces(without_template_tokens("[INST] x [/INST] <image> <__media__></s><<SYS>>y")),
      "x y");
  EXPECT_EQ(without_template_tokens("1 < 2 | 3 > 2 [sic] <b>"), "1 < 2 | 3 > 2 [sic] <b>");
}

}  // namespace
}  // namespace kale
