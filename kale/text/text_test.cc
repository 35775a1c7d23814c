#include <gtest/gtest.h>
#include <unicode/uchar.h>

#include "kale/text/facts.h"
#include "kale/text/lists.h"
#include "kale/text/phrases.h"
#include "kale/text/sentences.h"
#include "kale/text/utf8.h"
#include "kale/text/words.h"

namespace kale {
namespace {

using Strings = std::vector<std::string>;

Strings copy(const std::vector<std::string_view>& views) { return {views.begin(), views.end()}; }

TEST(Markup, MarksOfXmlAreWrittenOut) {
  EXPECT_EQ(escape_markup("Salt & <b>\"Soup\"</b>"), "Salt &amp; &lt;b&gt;\"Soup\"&lt;/b&gt;");
}

TEST(Utf8, KnowsValidText) {
  EXPECT_TRUE(is_valid_utf8(""));
  EXPECT_TRUE(is_valid_utf8("Caf\u00e9 \u4e2d \U0001F427"));
  EXPECT_FALSE(is_valid_utf8("Caf\xe9"));
  EXPECT_FALSE(is_valid_utf8("\xc0\xaf"));          // overlong
  EXPECT_FALSE(is_valid_utf8("\xed\xa0\x80"));      // surrogate
  EXPECT_FALSE(is_valid_utf8("cut \xf0\x9f\x90"));  // cut in a character
}

TEST(Utf8, ControlCharsAreAllButWhiteSpace) {
  EXPECT_FALSE(has_control_chars("a\tb\nc\r\n"));
  EXPECT_FALSE(has_control_chars("0.05 \u20ac, na\u00efve"));
  EXPECT_TRUE(has_control_chars(std::string_view("a\0b", 3)));
  EXPECT_TRUE(has_control_chars("\x1b[31m"));
  EXPECT_TRUE(has_control_chars("\u0085"));
  EXPECT_TRUE(has_control_chars("abc\u202Ecba"));
}

TEST(Utf8, CollapsesEveryKindOfSpace) {
  EXPECT_EQ(collapse_spaces("  a\u00a0 \n\tb\u3000c "), "a b c");
  EXPECT_EQ(collapse_spaces(" \n "), "");
  EXPECT_EQ(trim(" \u00a0 a b \n"), "a b");
  EXPECT_EQ(trim("  "), "");
}

TEST(Utf8, ComposesMarks) {
  EXPECT_EQ(compose_marks("cafe\xCC\x81 \xE1\x84\x80\xE1\x85\xA1"), "caf\xC3\xA9 \xEA\xB0\x80");
  EXPECT_EQ(compose_marks("\xEF\xAC\x81 plain"), "\xEF\xAC\x81 plain") << "ligatures stay";
}

TEST(Utf8, FoldsBeyondAscii) {
  EXPECT_EQ(fold_case("CAF\u00c9 \u0416"), "caf\u00e9 \u0436");
  EXPECT_EQ(normal_form("\u201cDon\u2019t\u201d  \u2014 GO"), "\"don't\" - go");
}

TEST(Lists, SkipsCommentsAndBlankLines) {
  EXPECT_EQ(list_lines("# title\n\n a b \r\nc"), (Strings{"a b", "c"}));
}

TEST(Lists, FindsWholeWordsOnly) {
  EXPECT_TRUE(holds_phrase("its grammar, then", "grammar"));
  EXPECT_TRUE(holds_phrase("grammar", "grammar"));
  EXPECT_FALSE(holds_phrase("a programmar and grammars", "grammar"));
  EXPECT_FALSE(holds_phrase("\u00e9grammar", "grammar"));
  EXPECT_TRUE(holds_phrase("programmar grammar", "grammar"));
  EXPECT_FALSE(holds_phrase("anything", ""));
}

TEST(Sentences, ALongRunOfDotsIsLookedAtOnce) {
  std::string dots = "Rolex Watch " + std::string(400'000, '.') + "a";
  EXPECT_EQ(sentences(dots), std::vector<std::string_view>{dots});  // quadratic, it took minutes
}

TEST(Words, AreLettersDigitsAndWhatJoinsThem) {
  EXPECT_EQ(copy(words("Don't buy AT&T's five-cent coin ($.05) for 1,000.5 \u20ac!")),
            (Strings{"Don't", "buy", "AT&T's", "five-cent", "coin", ".05", "for", "1,000.5"}));
  EXPECT_EQ(copy(words("end. Next -- 12:30, \u00e9t\u00e9")),
            (Strings{"end", "Next", "12:30", "\u00e9t\u00e9"}));
  EXPECT_EQ(word_count(""), 0);
  EXPECT_EQ(word_count("..."), 0);
}

TEST(Words, FirstWordsKeepsTheMarksBetween) {
  EXPECT_EQ(first_words("A red, old house.", 3), "A red, old");
  EXPECT_EQ(first_words("A red house.", 9), "A red house.");
  EXPECT_EQ(first_words("A red house.", 0), "");
}

TEST(Words, StemsAgreeWhereWordsDo) {
  EXPECT_EQ(stem("antlers"), stem("Antler"));
  EXPECT_EQ(stem("Five"), stem("5"));
  EXPECT_EQ(stem("penguin's"), stem("penguins"));
  EXPECT_EQ(stem("berries"), stem("berry"));
  EXPECT_EQ(stem("standing"), stem("stands"));
  EXPECT_EQ(stem("running"), stem("runs"));
  EXPECT_EQ(stem("features"), stem("featuring"));
  EXPECT_EQ(stem("benches"), stem("bench"));
  EXPECT_EQ(stem("glasses"), stem("glass"));
  EXPECT_NE(stem("bus"), stem("bu"));
  EXPECT_NE(stem("sing"), stem("s"));
  EXPECT_NE(stem("red"), stem("r"));
  EXPECT_NE(stem("1938"), stem("1939"));
}

TEST(Words, StemsHoldThePartsOfHyphenatedWords) {
  const auto all = stems("A five-cent coin-");
  EXPECT_TRUE(all.contains(stem("five-cent")));
  EXPECT_TRUE(all.contains(stem("5")));
  EXPECT_TRUE(all.contains(stem("cents")));
}

TEST(Words, ContentWordsAreNoStopWords) {
  EXPECT_EQ(copy(content_words("The sign for the letter P is in a Box")),
            (Strings{"sign", "letter", "Box"}));
  EXPECT_TRUE(is_stop_word("The"));
  EXPECT_TRUE(is_stop_word("Don\u2019t"));
  EXPECT_FALSE(is_stop_word("penguin"));
}

TEST(Sentences, EndAtStopsBeforeACapital) {
  EXPECT_EQ(copy(sentences("A penguin stands. It is black! Is it? Yes.")),
            (Strings{"A penguin stands.", "It is black!", "Is it?", "Yes."}));
  EXPECT_EQ(copy(sentences("  one ")), (Strings{"one"}));
  EXPECT_TRUE(sentences(" \n ").empty());
}

TEST(Utf8, AsciiIsClassedAsIcuClassesIt) {
  for (UChar32 i = 0; i < 0x80; ++i) {
    const auto c = static_cast<char32_t>(i);
    EXPECT_EQ(is_space(c), u_isUWhiteSpace(i) != 0) << i;
    EXPECT_EQ(is_letter(c), u_isalpha(i) != 0) << i;
    EXPECT_EQ(is_digit(c), u_isdigit(i) != 0) << i;
    EXPECT_EQ(is_upper(c), u_isUUppercase(i) != 0) << i;
    EXPECT_EQ(is_lower(c), u_isULowercase(i) != 0) << i;
    std::string form;
    append_code_point(form, static_cast<char32_t>(u_foldCase(i, U_FOLD_CASE_DEFAULT)));
    EXPECT_EQ(fold_case(std::string(1, static_cast<char>(i))), form) << i;
  }
}

TEST(Words, OneWordIsEnoughToHaveOne) {
  for (const char* text : {"", " \n.,-", "a", ".5", "- \u00e9 -", "\u0301", "\xff"})
    EXPECT_EQ(has_word(text), !words(text).empty()) << text;
}

TEST(Phrases, FirstListedPhraseThatStandsAsWholeWords) {
  const PhraseSet phrases("beta\nalpha beta\ncaf\u00e9\n");
  EXPECT_EQ(phrases.first_in("An ALPHA\u00a0beta test", ""), "beta");
  EXPECT_EQ(phrases.first_in("An alpha beta test", "the beta"), "alpha beta");
  EXPECT_EQ(phrases.first_in("alphabeta, betas, caf\u00e9s", ""), "");
  EXPECT_EQ(phrases.first_in("A CAF\u00c9 \xff", ""), "caf\u00e9");
  EXPECT_EQ(PhraseSet("# none\n").first_in("beta", ""), "");
}

TEST(Sentences, UnitsOfMeasureDoNotEndThem) {
  EXPECT_EQ(copy(sentences("An awning (16 in. H x 30 in. D) in black.")).size(), 1u);
  EXPECT_EQ(copy(sentences("The 22 Cu. Ft. Refrigerator, an 8 oz. Mug and a 1 lb. (0.45 kg) bag.")),
            (Strings{"The 22 Cu. Ft. Refrigerator, an 8 oz. Mug and a 1 lb. (0.45 kg) bag."}));
  EXPECT_EQ(copy(sentences("It costs Rs. 20 Lacs.")).size(), 1u);
  EXPECT_EQ(copy(sentences("The house they live in. Dogs play there.")).size(), 2u);
  EXPECT_EQ(copy(sentences("It is 52 in. It is black.")).size(), 2u);
  EXPECT_EQ(copy(sentences("Held in Fort Myers, FL. Its lawns are green.")).size(), 2u);
}

TEST(Sentences, InitialsInARowDoNotEndThem) {
  EXPECT_EQ(copy(sentences("A book by C. S. Lewis.")).size(), 1u);
}

TEST(Sentences, GoOnAfterAbbreviationsInitialsAndDecimals) {
  EXPECT_EQ(copy(sentences("Mr. Smith and Dr. Who at St. Paul's.")).size(), 1u);
  EXPECT_EQ(copy(sentences("John F. Kennedy held 3.5 coins, e.g. Nickels.")).size(), 1u);
  EXPECT_EQ(copy(sentences("A ship, No. 5 of the line.")).size(), 1u);
  EXPECT_EQ(copy(sentences("Is it red? No. It is blue.")).size(), 3u);
  EXPECT_EQ(copy(sentences("A flag of the U.S. Navy.")).size(), 1u);
  EXPECT_EQ(copy(sentences("Made in the U.S. The flag is red.")).size(), 2u);
  EXPECT_EQ(copy(sentences("This is the letter K. It is black.")).size(), 2u);
  EXPECT_EQ(copy(sentences("The Yahoo! sign. A visit to Yahoo! headquarters.")).size(), 2u);
}

TEST(Sentences, TakeClosingMarksWithThem) {
  EXPECT_EQ(
      copy(sentences("\u201cStop!\u201d He said \"no.\" (It was late.) Then\u2026 The end")),
      (Strings{"\u201cStop!\u201d", "He said \"no.\"", "(It was late.)", "Then\u2026", "The end"}));
  EXPECT_EQ(copy(sentences("Well... maybe... Yes.")), (Strings{"Well... maybe...", "Yes."}));
}

TEST(Sentences, EndAtNewlines) {
  EXPECT_EQ(copy(sentences("New Sentence:\nA fox.\n\n")), (Strings{"New Sentence:", "A fox."}));
}

TEST(Sentences, EndsCompleteLooksBehindQuotes) {
  EXPECT_TRUE(ends_complete("A fox."));
  EXPECT_TRUE(ends_complete("A \"fox.\") "));
  EXPECT_FALSE(ends_complete("A fox"));
  EXPECT_FALSE(ends_complete("A fox,"));
  EXPECT_FALSE(ends_complete(""));
}

TEST(Sentences, TornLastSentenceGoes) {
  EXPECT_EQ(without_torn_sentence("A fox runs. It is quick and"), "A fox runs.");
  EXPECT_EQ(without_torn_sentence("A fox runs. It is quick."), "A fox runs. It is quick.");
  EXPECT_EQ(without_torn_sentence("A fox that"), "");
}

TEST(Facts, NamesAreCapitalsInsideSentences) {
  const Facts facts = facts_of("A Magellanic penguin at Auckland Art Gallery, New Zealand.");
  EXPECT_EQ(facts.names, (Strings{"Magellanic", "Auckland Art Gallery", "New Zealand"}));
  EXPECT_TRUE(facts_of("Penguins stand on ice. They are black.").names.empty());
  EXPECT_EQ(facts_of("NASA launched it.").names, (Strings{"NASA"}));
  EXPECT_EQ(facts_of("Mount Fuji in winter.").names, (Strings{"Mount Fuji"}));
  EXPECT_EQ(facts_of("The White House.").names, (Strings{"White House"}));
}

TEST(Facts, NumbersAreWordsWithDigits) {
  const Facts facts = facts_of("A Canadian 5 cent piece ($.05) of 1938.");
  EXPECT_EQ(facts.names, (Strings{"Canadian"}));
  EXPECT_EQ(facts.numbers, (Strings{"5", ".05", "1938"}));
}

TEST(Facts, KeptFactsMayChangeForm) {
  const Facts facts = facts_of("A Canadian 5 cent piece seen by Ann Lee.");
  EXPECT_EQ(facts_kept(facts, "This Canadian coin is a five-cent piece of Ann Lee's."), 3);
  EXPECT_EQ(facts_kept(facts, "A coin seen by Lee."), 0);
}

TEST(Facts, InventedFactsStandInNoSource) {
  EXPECT_TRUE(
      facts_invented("The Canadian coin has 5 sides.", {"canadian coin", "five sides"}).empty());
  EXPECT_EQ(facts_invented("A coin from Royal Mint of 1939.", {"a royal coin", "1938"}),
            (Strings{"Mint", "1939"}));
  EXPECT_EQ(facts_invented("A toonie (A$2.00).", {"a toonie ($2.00)"}), (Strings{"A$2.00"}));
  EXPECT_TRUE(facts_invented("A toonie, $2.00.", {"a toonie ($2.00)"}).empty());
}

}  // namespace
}  // namespace kale
