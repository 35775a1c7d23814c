#include "kale/engines/llama/reply_text.h"

#include <gtest/gtest.h>

namespace kale::llama {
namespace {

std::string text_of(std::vector<std::string> pieces) {
  ReplyText text({});
  for (const std::string& piece : pieces) text.add(piece);
  return text.take();
}

TEST(ReplyText, EndsBeforeAStopStringThatSpansTokens) {
  ReplyText text({"\n\n", "END"});
  EXPECT_FALSE(text.add("A cat. E"));
  EXPECT_FALSE(text.add("N"));
  EXPECT_TRUE(text.add("D more"));
  EXPECT_EQ(text.take(), "A cat. ");
}

TEST(ReplyText, TheFirstOfSeveralStopStringsCounts) {
  ReplyText text({"world", "lo"});
  EXPECT_TRUE(text.add("hello world"));
  EXPECT_EQ(text.take(), "hel");
}

TEST(ReplyText, AnEmptyStopStringIsNone) {
  ReplyText text({""});
  EXPECT_FALSE(text.add("a"));
  EXPECT_EQ(text.take(), "a");
}

TEST(ReplyText, CharactersSpreadOverTokensAreWhole) {
  EXPECT_EQ(text_of({"caf\xC3", "\xA9 \xF0\x9F", "\x90\xA7"}), "caf\xC3\xA9 \xF0\x9F\x90\xA7");
}

TEST(ReplyText, ACharacterTornByTheEndIsLeftOut) {
  EXPECT_EQ(text_of({"caf\xC3"}), "caf");
  EXPECT_EQ(text_of({"a\xF0\x9F\x90"}), "a");
}

TEST(ReplyText, BytesThatAreNoUtf8AreReplaced) {
  EXPECT_EQ(text_of({"a\xFF", "b"}),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(text_of({"\xED\xA0\x80!"}), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD!");  // a surrogate
  EXPECT_EQ(text_of({"\xC3("}), "\xEF\xBF\xBD(");
}

std::vector<Token> cycle(std::vector<Token> run, std::size_t length) {
  std::vector<Token> tokens = {100, 101, 102};
  for (std::size_t i = 0; i < length; ++i) tokens.push_back(run[i % run.size()]);
  return tokens;
}

TEST(EndsInLoop, FindsRunsOfManyLengths) {
  EXPECT_TRUE(ends_in_loop(cycle({7}, 12), 32, 4));
  EXPECT_TRUE(ends_in_loop(cycle({7, 8, 9}, 12), 32, 4));
  EXPECT_TRUE(ends_in_loop(cycle({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 43), 32, 4));  // not yet whole
}

TEST(EndsInLoop, ShortEmphasisAndLongTextAreNone) {
  EXPECT_FALSE(ends_in_loop(cycle({7}, 4), 32, 4));
  EXPECT_FALSE(ends_in_loop(cycle({7, 8, 9}, 11), 32, 4));
  EXPECT_FALSE(ends_in_loop(cycle({1, 2, 3, 4, 5}, 19), 32, 4));
  EXPECT_FALSE(ends_in_loop(cycle({1, 2, 3, 4, 5}, 20), 4, 4));  // longer than the limit
  EXPECT_FALSE(ends_in_loop({}, 32, 4));
  EXPECT_FALSE(ends_in_loop(cycle({7}, 40), 0, 4));  // off
}

}  // namespace
}  // namespace kale::llama
