#include <gtest/gtest.h>

#include "kale/fuse/compose.h"
#include "kale/fuse/hedges.h"
#include "kale/fuse/prompt.h"
#include "kale/fuse/score.h"
#include "kale/fuse/texts.h"
#include "kale/text/alt_text.h"
#include "kale/text/texts.h"
#include "kale/text/words.h"

namespace kale {
namespace {

AltText prepared(std::string_view alt_text) {
  static const AltTextRules rules =
      std::move(AltTextRules::parse(text_texts::empty_alt_text, text_texts::instruction_alt_text))
          .value();
  return rules.prepare(alt_text, 60);
}

const std::set<std::string>& setting() {
  static const std::set<std::string> all =
      stems("plain white background photo photograph shown set show");
  return all;
}

const Hedges& hedges() {
  static const Hedges all(fuse_texts::hedges);
  return all;
}

TEST(Hedges, GuessesAreTakenOut) {
  EXPECT_EQ(hedges().without_guesses("This photograph shows a bird, most likely a king penguin, "
                                     "against a plain white background."),
            "This photograph shows a bird against a plain white background.");
  EXPECT_EQ(hedges().without_guesses("A photograph of what could be a conch on a table."),
            "A photograph of something on a table.");
  EXPECT_EQ(hedges().without_guesses("What may be a pair of jeans is shown."),
            "Something is shown.");
  EXPECT_EQ(hedges().without_guesses("A car that looks like a convertible is shown. It is red."),
            "A car is shown. It is red.");
  EXPECT_EQ(hedges().without_guesses("An insect, most likely a mantis. It may be a bug."),
            "An insect.");
  EXPECT_EQ(hedges().without_guesses("A red house stands here."), "A red house stands here.");
}

TEST(Hedges, GuessedWordsAreThoseNotSaidForCertain) {
  const auto words = hedges().guessed("A bird, perhaps a goose, is shown. The bird is white.");
  EXPECT_EQ(words, (std::set<std::string>{"goos"}));
  EXPECT_TRUE(hedges().guessed("A bird is shown.").empty());
}

TEST(Compose, OtherSentencesFollowAndForgetReplacedNames) {
  const DenseParts dense = split_dense(
      "A castle, possibly a fort, stands on a hill. The castle is grey. In colour, the castle wall "
      "is red. The photograph is dark.",
      hedges(), setting());
  EXPECT_EQ(dense.first, "A castle stands on a hill.");
  EXPECT_EQ(with_others("A round tower stands on a hill.", dense),
            "A round tower stands on a hill. It is grey. In colour, the castle wall is red. "
            "The photograph is dark.");
  EXPECT_EQ(with_others("The castle Neuschwanstein stands.", dense),
            "The castle Neuschwanstein stands. The castle is grey. In colour, the castle wall is "
            "red. The photograph is dark.");
}

TEST(Compose, OnlyNounPhraseOfAPlainSentenceIsMasked) {
  DenseParts dense = split_dense(
      "A photo of an arabian camel against a plain white background. The arabian camel is brown.",
      hedges(), setting());
  EXPECT_EQ(dense.first, "A photo of [name] against a plain white background.");
  EXPECT_EQ(dense.masked, "an arabian camel");
  EXPECT_EQ(with_others("A photo of a dromedary.", dense), "A photo of a dromedary. It is brown.");
  EXPECT_EQ(with_others("A photo of a camel.", dense), "A photo of a camel. It is brown.");
  EXPECT_EQ(with_others("A photo of an Arabian camel.", dense),
            "A photo of an Arabian camel. The arabian camel is brown.");
  for (const char* text : {"A man in a red shirt is shown.", "A photo of a man holding a dog."})
    EXPECT_EQ(split_dense(text, hedges(), setting()).first, text);
}

TEST(Compose, UnnamedSubjectsBecomeSomething) {
  DenseParts dense = split_dense(
      "A photo of a subject that is mainly pink, with red in parts against a plain white "
      "background. The subject takes up most of it.",
      hedges(), setting());
  EXPECT_EQ(dense.first, "A photo of [name] against a plain white background.");
  EXPECT_EQ(with_others("A photo of a hibiscus against a plain white background.", dense),
            "A photo of a hibiscus against a plain white background. It is mainly pink, with red "
            "in parts. It takes up most of it.");
  dense =
      split_dense("A subject that is red and blue is shown in this photo.", hedges(), setting());
  EXPECT_EQ(dense.first, "[name] is shown in this photo.");
  EXPECT_EQ(dense.others, "It is red and blue.");
  dense =
      split_dense("Against a wall, this photo shows a subject that is red.", hedges(), setting());
  EXPECT_EQ(dense.first, "Against a wall, this photo shows [name].");
}

TEST(Compose, JoinedNamesGoTogether) {
  const DenseParts dense = split_dense(
      "This photo shows a monkey or ape. The monkey or ape is black. This is the background.",
      hedges(), setting());
  EXPECT_EQ(dense.first, "This photo shows [name].");
  EXPECT_EQ(with_others("This photo shows a gorilla.", dense),
            "This photo shows a gorilla. It is black. This is the background.");
}

TEST(Compose, ArticlesAreMended) {
  const DenseParts dense{"[name] is shown.", "", ""};
  EXPECT_EQ(with_others("A Adelaide Rosella and a elk, a European coin, a one.", dense),
            "An Adelaide Rosella and an elk, a European coin, a one.");
  EXPECT_EQ(with_others("Vitamin A is good.", dense), "Vitamin A is good.");
}

TEST(Compose, CaptionThatIsAllGuessIsLeftWhole) {
  const DenseParts dense = split_dense("It may be a goose.", hedges(), setting());
  EXPECT_EQ(dense.first, "It may be a goose.");
  EXPECT_EQ(dense.others, "");
}

TEST(FusePrompt, LiteralPromptIsOneMessage) {
  auto prompt = FusePrompt::parse(fuse_texts::capsfusion);
  ASSERT_TRUE(prompt.has_value());
  const Prompt filled = prompt->fill("ALT", "DENSE");
  ASSERT_EQ(filled.messages.size(), 1u);
  EXPECT_EQ(filled.shared_messages, 0);
  EXPECT_EQ(filled.messages[0].role, "user");
  EXPECT_FALSE(prompt->takes_first_sentence());
}

TEST(FusePrompt, TurnsGoByRole) {
  auto prompt = FusePrompt::parse(
      "[system]\nFuse.\n\n[user]\nA\nB\n[assistant]\nC\n[user]\n{caption_dense} then "
      "{alt_text}!\n");
  ASSERT_TRUE(prompt.has_value()) << describe_error(prompt.error());
  const Prompt filled = prompt->fill("x", "y");
  ASSERT_EQ(filled.messages.size(), 4u);
  EXPECT_EQ(filled.messages[1].content, "A\nB");
  EXPECT_EQ(filled.messages[3].content, "y then x!");
  EXPECT_EQ(filled.shared_messages, 3);
}

TEST(FusePrompt, BadFilesNameTheirFault) {
  for (const char* text :
       {"", "only {alt_text}", "only {caption_dense}", "{alt_text} {alt_text} {caption_dense}",
        "[user]\n{alt_text} {caption_dense} {caption_dense_first}", "[assistant]\nx",
        "[user]\nx\n[user]\n{alt_text} {caption_dense}",
        "[user]\n{alt_text}\n[assistant]\nx\n[user]\n{alt_text} {caption_dense}",
        "[user]\n{alt_text} {caption_dense}\n[assistant]\nx",
        "[user]\n\n[assistant]\nx\n[user]\n{alt_text} {caption_dense}"}) {
    auto prompt = FusePrompt::parse(text);
    ASSERT_FALSE(prompt.has_value()) << text;
    EXPECT_EQ(prompt.error().code, Code::kBadConfig);
  }
}

struct ScoreCase {
  const char* alt_text;
  const char* dense;
  const char* candidate;
  Verdict verdict;
};

class ScoreTest : public ::testing::TestWithParam<ScoreCase> {};

TEST_P(ScoreTest, GivesItsVerdict) {
  const Scorer scorer(fuse_texts::hedges, fuse_texts::frame_words, {});
  const ScoreCase& c = GetParam();
  const Score score = scorer.score(c.candidate, prepared(c.alt_text), c.dense);
  EXPECT_EQ(verdict_name(score.verdict), verdict_name(c.verdict)) << c.candidate;
}

constexpr const char* kBird =
    "A bird, perhaps a goose, is shown in this photograph against a plain white background.";
constexpr const char* kRound = "This picture shows a round grey subject.";

INSTANTIATE_TEST_SUITE_P(
    Candidates, ScoreTest,
    ::testing::Values(
        ScoreCase{"A king penguin.", kBird,
                  "A king penguin is shown in this photograph against a plain white background.",
                  Verdict::kPasses},
        ScoreCase{"A king penguin.", kBird,
                  "A bird is shown in this photograph against a plain white background.",
                  Verdict::kLostHead},
        ScoreCase{"A king penguin.", kBird, "A king penguin stands there.", Verdict::kLostDense},
        ScoreCase{"A king penguin.", kBird,
                  "A king penguin, perhaps a goose, is shown against a plain white background.",
                  Verdict::kGuess},
        ScoreCase{"A king penguin.", kBird,
                  "A king penguin is shown in this drawing against a plain white background.",
                  Verdict::kNovel},
        ScoreCase{"A king penguin.", kBird,
                  "A happy king penguin eats fish beside a frozen lake, a plain white background.",
                  Verdict::kNovel},
        ScoreCase{"A king penguin.", kBird,
                  "A king penguin of Chile is shown against a plain white background.",
                  Verdict::kInvented},
        ScoreCase{"A king penguin.", kBird,
                  "A king penguin is shown shown against a plain white background.",
                  Verdict::kClumsy},
        ScoreCase{"A king penguin.", kBird,
                  "A king penguin is shown against a plain white background", Verdict::kClumsy},
        ScoreCase{"A warning sign.", "This photo shows [name].",
                  "This photo shows a warning sign with a poem.", Verdict::kNovel},
        ScoreCase{"Eat your broccoli.", "This photo shows [name].",
                  "This photo shows an eat your broccoli.", Verdict::kClumsy},
        ScoreCase{"A Canadian coin ($2.00) of 1996 by Royal Mint.", kRound,
                  "This picture shows a round grey coin.", Verdict::kFewFacts},
        ScoreCase{"A Canadian coin ($2.00).", kRound,
                  "This picture shows a round grey Canadian coin (\u00a32.00).",
                  Verdict::kInvented},
        ScoreCase{"A Canadian coin ($2.00).", kRound,
                  "This picture shows a round grey Canadian coin ($2.00).", Verdict::kPasses},
        ScoreCase{"A Canadian coin.", kRound,
                  "This picture shows a round grey subject with a Canadian coin.",
                  Verdict::kClumsy}));

TEST(Score, MoreFactsScoreHigher) {
  const Scorer scorer(fuse_texts::hedges, fuse_texts::frame_words, {});
  const AltText alt = prepared("A Canadian 5 cent piece ($.05) called a nickel.");
  const Score all = scorer.score(
      "This picture shows a round grey Canadian 5 cent piece ($.05) called a nickel.", alt, kRound);
  const Score some =
      scorer.score("This picture shows a round grey Canadian 5 cent piece.", alt, kRound);
  EXPECT_GT(all.value, some.value);
  EXPECT_EQ(all.facts_kept, 4);
  EXPECT_EQ(some.facts_kept, 3);
}

}  // namespace
}  // namespace kale
