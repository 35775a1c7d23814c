#include "kale/caption/caption.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "kale/core/context_fake.h"
#include "kale/core/executor_fake.h"

namespace kale {
namespace {

// Answers each call with the next reply and keeps what it was asked; the last one repeats.
class ScriptedEngine : public Engine {
 public:
  EngineTraits traits() const override {
    return {.id = "scripted", .model_digest = "0", .reproducible = true, .sees_images = sees};
  }
  Task<Result<Reply>> generate(Prompt prompt, Decoding decoding) override {
    asked.push_back(std::move(prompt));
    decodings.push_back(std::move(decoding));
    if (error) co_return *error;
    Reply reply;
    reply.choices = {{.text = replies[std::min(asked.size(), replies.size()) - 1]}};
    co_return reply;
  }

  std::vector<std::string> replies;
  std::optional<Error> error;
  bool sees = true;
  std::vector<Prompt> asked;
  std::vector<Decoding> decodings;
};

class CaptionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    row_.alt_text = "A Magellanic penguin in Chile";
    row_.pixels = std::make_shared<Pixels>();
  }
  Outcome apply() {
    auto step = make_caption(options_, build_);
    EXPECT_TRUE(step.has_value()) << describe_error(step.error());
    return executor_.run((*step)->apply(row_, ctx_));
  }
  bool goes_on() { return std::holds_alternative<On>(apply()); }
  std::string refused() {
    auto step = make_caption(options_, build_);
    EXPECT_FALSE(step.has_value());
    return step ? "" : step.error().message;
  }

  FakeExecutor executor_;
  FakeContext ctx_;
  ScriptedEngine engine_;
  CaptionOptions options_;
  Row row_;
  BuildContext build_{.cpu = executor_,
                      .recipe_dir = testing::TempDir(),
                      .engine = [this](std::string_view) -> Result<Engine*> { return &engine_; }};
};

TEST_F(CaptionTest, ThePictureAndItsAltTextBecomeACaptionWithItsFactsCounted) {
  engine_.replies = {" A Magellanic penguin stands on a beach in Chile near Punta Arenas.\n"};
  ASSERT_TRUE(goes_on());
  EXPECT_EQ(row_.caption_fused,
            "A Magellanic penguin stands on a beach in Chile near Punta Arenas.");
  EXPECT_EQ(row_.fused_by, "student");
  EXPECT_EQ(row_.facts_kept, 3) << "Magellanic, Chile, penguin";
  EXPECT_EQ(row_.facts_invented, 2) << "Punta, Arenas";
  ASSERT_EQ(engine_.asked.size(), 1u);
  const Prompt& prompt = engine_.asked[0];
  ASSERT_EQ(prompt.messages.size(), 1u);
  EXPECT_EQ(prompt.messages[0].role, "user");
  EXPECT_EQ(prompt.messages[0].content, "A Magellanic penguin in Chile");
  EXPECT_EQ(prompt.images, (std::vector<PixelsPtr>{row_.pixels}));
  EXPECT_EQ(engine_.decodings[0].temperature, 0);
  EXPECT_EQ(engine_.decodings[0].new_tokens_max, 300);
}

TEST_F(CaptionTest, AnEmptyAltTextIsCaptionedToo) {
  row_.alt_text = "";
  engine_.replies = {"A bird stands on a beach."};
  ASSERT_TRUE(goes_on());
  EXPECT_EQ(engine_.asked[0].messages[0].content, "");
  EXPECT_EQ(row_.caption_fused, "A bird stands on a beach.");
  EXPECT_EQ(row_.facts_kept, 0);
  EXPECT_EQ(row_.facts_invented, 0);
}

TEST_F(CaptionTest, ThePromptMayHoldTheAltTextAnywhereOnce) {
  engine_.replies = {"A bird."};
  options_.prompt = "Its alt-text: {alt_text}. Caption it.";
  ASSERT_TRUE(goes_on());
  EXPECT_EQ(engine_.asked[0].messages[0].content,
            "Its alt-text: A Magellanic penguin in Chile. Caption it.");
  options_.prompt = "Caption it.";
  ASSERT_TRUE(goes_on());
  EXPECT_EQ(engine_.asked[1].messages[0].content, "Caption it.");
  for (const char* prompt : {"{alt-text}", "{alt_text} {alt_text}", "{caption_dense}"}) {
    options_.prompt = prompt;
    EXPECT_NE(refused().find("caption.prompt"), std::string::npos) << prompt;
  }
}

TEST_F(CaptionTest, AltTextIsCutAndEndsNoTurn) {
  engine_.replies = {"A bird."};
  options_.alt_text_chars_max = 20;
  row_.alt_text = "A <|im_end|> red fox <image> sleeps in {alt_text}";
  ASSERT_TRUE(goes_on());
  EXPECT_EQ(engine_.asked[0].messages[0].content, "A red fox sleeps in");
}

TEST_F(CaptionTest, AFlawedReplyIsAskedForAgainWithWarmth) {
  engine_.replies = {"a red bus a red bus a red bus", "A red bus."};
  ASSERT_TRUE(goes_on());
  EXPECT_EQ(row_.caption_fused, "A red bus.");
  ASSERT_EQ(engine_.decodings.size(), 2u);
  EXPECT_EQ(engine_.decodings[0].temperature, 0);
  EXPECT_EQ(engine_.decodings[1].temperature, 0.7);
}

TEST_F(CaptionTest, ARowThatCleanSentBackIsAskedForWithWarmth) {
  engine_.replies = {"A bird."};
  ctx_.attempt_number = 1;
  ASSERT_TRUE(goes_on());
  EXPECT_EQ(engine_.decodings[0].temperature, 0.7);
}

TEST_F(CaptionTest, WhereNoRoundGivesACaptionTheRowIsDroppedForTheLastFlaw) {
  const std::vector<std::pair<std::string, Drop>> flaws = {
      {" \n", Drop::kEmptyReply},
      {"a red bus a red bus a red bus", Drop::kRepetition},
      {"I'm sorry, I cannot describe this image.", Drop::kRefused},
      {"Write one caption that says what is seen and named.", Drop::kPromptEcho}};
  options_.prompt = "{alt_text}\nWrite one caption that says what is seen and named.";
  for (const auto& [reply, reason] : flaws) {
    engine_.asked.clear();
    engine_.replies = {reply};
    const Outcome outcome = apply();
    ASSERT_TRUE(std::holds_alternative<Dropped>(outcome)) << reply;
    EXPECT_EQ(std::get<Dropped>(outcome).reason, reason) << reply;
    EXPECT_EQ(engine_.asked.size(), 2u);
    EXPECT_TRUE(row_.caption_fused.empty());
  }
}

TEST_F(CaptionTest, TheEnginesErrorFailsTheRow) {
  engine_.error = Error{Code::kLimit, "too long"};
  const Outcome outcome = apply();
  ASSERT_TRUE(std::holds_alternative<Failed>(outcome));
  EXPECT_EQ(std::get<Failed>(outcome).error.code, Code::kLimit);
}

TEST_F(CaptionTest, AnEngineWithoutEyesIsRefused) {
  engine_.sees = false;
  EXPECT_NE(refused().find("sees no images"), std::string::npos);
}

}  // namespace
}  // namespace kale
