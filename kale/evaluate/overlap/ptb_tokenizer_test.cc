#include "kale/evaluate/overlap/ptb_tokenizer.h"

#include <gtest/gtest.h>

namespace kale {
namespace {

TEST(PtbTokenizer, LowersAndLeavesPunctuationOut) {
  EXPECT_EQ(ptb_tokenized("A dog, a cat; and: a \"bird\" - or two."),
            "a dog a cat and a bird or two");
  EXPECT_EQ(ptb_tokenized(""), "");
  EXPECT_EQ(ptb_tokenized(" . , ! ? -- ... "), "");
}

TEST(PtbTokenizer, KeepsBracketsSpeltOutAndRunsOfMarks) {
  EXPECT_EQ(ptb_tokenized("a (red) [b] {c}"), "a -lrb- red -rrb- -lsb- b -rsb- -lcb- c -rcb-");
  EXPECT_EQ(ptb_tokenized("wow!!! what?! yes!"), "wow !!! what ?! yes");
}

TEST(PtbTokenizer, SplitsContractions) {
  EXPECT_EQ(ptb_tokenized("It's a dog that can't; they'll cannot it"),
            "it 's a dog that ca n't they 'll can not it");
  EXPECT_EQ(ptb_tokenized("it\u2019s don\u2019t"), "it 's do n't");
  EXPECT_EQ(ptb_tokenized("'Tis: 'tisreads 'twas 'tis"), "'t is 't isreads 't was 't is");
  EXPECT_EQ(ptb_tokenized("the boys' O'Malley rock 'n' roll"), "the boys o'malley rock 'n' roll");
}

TEST(PtbTokenizer, KeepsHyphensAddressesAndAbbreviationsTogether) {
  EXPECT_EQ(ptb_tokenized("a black-and-white 3-year-old at www.x.com/yz, u@v.org"),
            "a black-and-white 3-year-old at www.x.com/yz u@v.org");
  EXPECT_EQ(ptb_tokenized("Mr. Fox in the U.S. saw no. 5 etc. and fig. trees"),
            "mr. fox in the u.s. saw no. 5 etc. and fig trees");
}

TEST(PtbTokenizer, PutsNumbersAndMoneyApart) {
  EXPECT_EQ(ptb_tokenized("$5 \u00A36 \u20AC7 10% 12:30 1,000.5 AT&amp;T"),
            "$ 5 # 6 $ 7 10 % 12:30 1,000.5 at&t");
  EXPECT_EQ(ptb_tokenized("1 1/2 cups, \u00BD cup"), "1\u00A01/2 cups 1/2 cup");
}

TEST(PtbTokenizer, DropsWhatItDoesNotKnow) {
  EXPECT_EQ(ptb_tokenized("a \U0001F600 b\U0001F600c"), "a b c");
  EXPECT_EQ(ptb_tokenized("a\xFF"
                          "b"),
            "a b");
}

TEST(PtbTokenizer, TheNextLineDecidesWhetherALetterEndsASentence) {
  EXPECT_EQ(ptb_tokenized("Vitamin C.", "The man"), "vitamin c");
  EXPECT_EQ(ptb_tokenized("Vitamin C.", "vitamins"), "vitamin c.");
  EXPECT_EQ(ptb_tokenized("Vitamin C."), "vitamin c.");
}

TEST(PtbTokenizer, EveryTruncationOfNastyTextIsRead) {
  const std::string nasty =
      "<a b='c'> &eacute; http://x.y/z&amp;q 'tis 1 1/2 (555) 555-1234 ^_^ a@b.c";
  for (std::size_t size = 0; size <= nasty.size(); ++size)
    EXPECT_LE(ptb_tokenized(nasty.substr(0, size), nasty).size(), 4 * size);
}

}  // namespace
}  // namespace kale
