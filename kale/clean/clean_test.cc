#include "kale/clean/clean.h"

#include <gtest/gtest.h>

#include "kale/clean/texts.h"
#include "kale/core/context_fake.h"
#include "kale/core/executor_fake.h"
#include "kale/io/disk.h"

namespace kale {
namespace {

const ArtifactWords& built_in() {
  static const ArtifactWords words(clean_texts::artifact_words);
  return words;
}

Cleaned cleaned(std::string_view caption, std::string_view alt_text = "") {
  return clean_caption(caption, alt_text, built_in());
}

struct Case {
  FakeContext ctx;
  FakeExecutor executor;
  Row row;
  Clean::Place place{"fuse"};

  Outcome run() {
    Clean clean(std::string(clean_texts::artifact_words), place);
    return executor.run(clean.apply(row, ctx));
  }
};

TEST(Artifacts, LeakedSentencesGo) {
  const auto result = cleaned(
      "The Quality coordinator position at Credit Agricole, as indicated in Sentence 1, is open. "
      "My analysis now turns to the visual representation. A man stands in an office.");
  EXPECT_EQ(result.text, "A man stands in an office.");
  EXPECT_EQ(result.sentences_removed, 2);
  EXPECT_EQ(cleaned("A red bus. It has real\u2010world use.").text, "A red bus.");
  EXPECT_EQ(cleaned("A red bus. It lacks in-depth information.").text, "A red bus.");
}

TEST(Artifacts, WordsOfTheAltTextAreNoLeak) {
  EXPECT_EQ(cleaned("A Grammar book.", "GRAMMAR for beginners").sentences_removed, 0);
  EXPECT_EQ(cleaned("A grammar book.", "Programmar for beginners").sentences_removed, 1);
}

TEST(Artifacts, AltTextMayWriteABlankForTheHyphen) {
  EXPECT_EQ(cleaned("A real-world guide.", "Real World Economics").sentences_removed, 0);
  EXPECT_EQ(cleaned("A real-world guide.", "Unreal World Economics").sentences_removed, 1);
}

TEST(Artifacts, LeakTornAtTheTokenLimitGoes) {
  EXPECT_EQ(cleaned("A map. It provides detailed real-").text, "A map.");
  EXPECT_EQ(cleaned("A detailed real-time map.").sentences_removed, 0);
}

TEST(Artifacts, WellStructuredThingsStay) {
  for (const char* text : {"A template with a well-structured design.",
                           "An essay presents a well-structured argument."})
    EXPECT_EQ(cleaned(text).text, text);
  EXPECT_EQ(cleaned("A bus. It is a well-structured sentence.").text, "A bus.");
  EXPECT_EQ(cleaned("A bus. It is well-structured and detailed.").text, "A bus.");
}

TEST(Artifacts, VerdictsOnTheInputsGo) {
  EXPECT_EQ(cleaned("A bus. A red oven is not an accurate description of it.").text, "A bus.");
  EXPECT_EQ(cleaned("A bus. The image may not accurately represent it.").text, "A bus.");
  EXPECT_EQ(cleaned("The model is an accurate description of a bus.").sentences_removed, 0);
}

TEST(Artifacts, OrdinaryWordsStay) {
  for (const char* text : {"An in-depth look at the reef.", "The word on the sign is a sentence.",
                           "A man serves a life sentence.", "The altar texts are on the wall."})
    EXPECT_EQ(cleaned(text).text, text);
}

TEST(Artifacts, RefusalsAndLoopsSpoilTheWhole) {
  EXPECT_EQ(cleaned("A bus. I'm sorry, I can't help.").flaw, ReplyFlaw::kRefusal);
  EXPECT_EQ(cleaned("a red bus a red bus a red bus").flaw, ReplyFlaw::kRepetition);
  EXPECT_EQ(cleaned(" \n").flaw, ReplyFlaw::kEmpty);
  EXPECT_EQ(cleaned("A bus. I'm sorry, I can't help.").text, "");
}

TEST(Clean, KeepsACleanCaptionAsItIs) {
  Case c;
  c.row.caption_fused = "A caribou  stands.\nIt is brown.";
  ASSERT_TRUE(std::holds_alternative<On>(c.run()));
  EXPECT_EQ(c.row.caption, "A caribou stands. It is brown.");
  EXPECT_EQ(c.row.cleaned_by, "as_is");
  EXPECT_EQ(c.row.sentences_removed, 0);
}

TEST(Clean, RemovesSentencesAndCountsThem) {
  Case c;
  c.row.caption_fused = "A caribou stands. Sentence 2 says it is brown.";
  ASSERT_TRUE(std::holds_alternative<On>(c.run()));
  EXPECT_EQ(c.row.caption, "A caribou stands.");
  EXPECT_EQ(c.row.cleaned_by, "sentences_removed");
  EXPECT_EQ(c.row.sentences_removed, 1);
}

TEST(Clean, EmptiedCaptionGoesBackToFuse) {
  Case c;
  c.row.caption_fused = "This provides real-world knowledge.";
  c.row.caption_dense = "A brown animal.";
  const Outcome outcome = c.run();
  const auto* retry = std::get_if<Retry>(&outcome);
  ASSERT_NE(retry, nullptr);
  EXPECT_EQ(retry->from, "fuse");
  EXPECT_NE(retry->reason.find("real-world"), std::string::npos);
  EXPECT_TRUE(c.row.caption.empty());
}

TEST(Clean, LastAttemptTakesTheDenseCaption) {
  Case c;
  c.ctx.is_last_attempt = true;
  c.row.caption_fused = "I am sorry, I cannot.";
  c.row.caption_dense = "A brown animal. The grammar is fine.";
  ASSERT_TRUE(std::holds_alternative<On>(c.run()));
  EXPECT_EQ(c.row.caption, "A brown animal.");
  EXPECT_EQ(c.row.cleaned_by, "dense");
  EXPECT_EQ(c.row.sentences_removed, 1);
}

TEST(Clean, NothingLeftDropsTheRowWithItsReason) {
  Case c;
  c.ctx.is_last_attempt = true;
  c.row.caption_fused = "The grammar is fine.";
  c.row.caption_dense = "The grammar is fine.";
  const Outcome outcome = c.run();
  ASSERT_TRUE(std::holds_alternative<Dropped>(outcome));
  EXPECT_EQ(std::get<Dropped>(outcome).reason, Drop::kNothingLeft);
  c.row.caption_dense = "As an AI I cannot see.";
  const Outcome refused = c.run();
  EXPECT_EQ(std::get<Dropped>(refused).reason, Drop::kRefused);
}

TEST(Clean, DenseFallbackIsNotAskedForAgain) {
  Case c;
  c.row.caption_fused = c.row.caption_dense = "The grammar is fine.";
  EXPECT_TRUE(std::holds_alternative<Dropped>(c.run()));
}

TEST(Clean, WithoutADenseCaptionTheStudentIsAskedAgain) {
  Case c;
  c.place = {.writer = "caption", .has_dense = false};
  c.row.caption_fused = "The grammar is fine.";
  const Outcome outcome = c.run();
  ASSERT_TRUE(std::holds_alternative<Retry>(outcome));
  EXPECT_EQ(std::get<Retry>(outcome).from, "caption");
  c.ctx.is_last_attempt = true;
  const Outcome last = c.run();
  ASSERT_TRUE(std::holds_alternative<Dropped>(last));
  EXPECT_EQ(std::get<Dropped>(last).reason, Drop::kNothingLeft);
  c.row.caption_fused = "As an AI I cannot see.";
  EXPECT_EQ(std::get<Dropped>(c.run()).reason, Drop::kRefused);
}

TEST(Clean, WhatTheSourceBroughtIsNotAskedForAgain) {
  Case c;
  c.place = {.writer = "", .has_dense = false};
  c.row.caption_fused = "The grammar is fine.";
  EXPECT_TRUE(std::holds_alternative<Dropped>(c.run()));
}

TEST(Clean, ReadsAndRetriesWhatTheRecipeHas) {
  FakeExecutor executor;
  BuildContext build{.cpu = executor};
  const Columns dense{Column::kCaptionDense}, fused{Column::kCaptionFused};
  auto traits = [&] { return make_clean({}, build).value()->traits(); };
  build.before = {{.name = "describe", .writes = dense}, {.name = "fuse", .writes = fused}};
  EXPECT_EQ(traits().retries, (std::vector<std::string_view>{"fuse"}));
  EXPECT_EQ(traits().reads, (Columns{Column::kAltText} | dense | fused));
  build.before = {{.name = "caption", .writes = fused}};
  EXPECT_EQ(traits().retries, (std::vector<std::string_view>{"caption"}));
  EXPECT_FALSE(traits().reads.has(Column::kCaptionDense));
  build.provided = dense;
  EXPECT_TRUE(traits().reads.has(Column::kCaptionDense));
}

TEST(Clean, WordListOfTheUserReplacesOurs) {
  FakeExecutor executor;
  const std::filesystem::path dir = testing::TempDir();
  ASSERT_TRUE(write_whole_file(real_disk(), dir / "clean_words.txt", "caribou\n"));
  BuildContext build{.cpu = executor, .recipe_dir = dir};
  CleanOptions options;
  options.artifact_words = "clean_words.txt";
  auto step = make_clean(options, build);
  ASSERT_TRUE(step.has_value());
  EXPECT_EQ((*step)->traits().texts, std::vector<std::string>{"caribou\n"});
  options.artifact_words = "no_such_file.txt";
  EXPECT_FALSE(make_clean(options, build).has_value());
}

}  // namespace
}  // namespace kale
