#include "kale/read/read.h"

#include <gtest/gtest.h>

#include "kale/core/context_fake.h"
#include "kale/core/executor_fake.h"

namespace kale {
namespace {

struct FakeOcr : Engine {
  EngineTraits traits() const override { return {.id = "fake:ocr", .model_digest = ""}; }
  Task<Result<Reply>> generate(Prompt, Decoding) override {
    if (error) co_return *error;
    Reply reply;
    reply.choices.push_back({.text = text});
    co_return reply;
  }
  std::string text;
  std::optional<Error> error;
};

struct ReadTest : testing::Test {
  Outcome read(std::string reply) {
    BuildContext build{.cpu = executor,
                       .recipe_dir = "",
                       .engine = [this](std::string_view) -> Result<Engine*> { return &ocr; }};
    auto step = make_read({}, build);
    KALE_CHECK(step.has_value(), "read is made");
    ocr.text = std::move(reply);
    row.pixels = std::make_shared<Pixels>(Pixels{1, 1, {0, 0, 0}});
    return executor.run((*step)->apply(row, context));
  }

  FakeExecutor executor;
  FakeContext context;
  FakeOcr ocr;
  Row row;
};

TEST_F(ReadTest, WritesTheWordsThatPass) {
  Outcome outcome =
      read(R"({"words":[{"text":"HOSPITAL","box":[0.1,0.1,0.5,0.2],"confidence":0.97},)"
           R"({"text":"fx","box":[0.1,0.5,0.1,0.1],"confidence":0.5}]})");
  ASSERT_TRUE(std::holds_alternative<On>(outcome));
  EXPECT_EQ(row.ocr_text, "HOSPITAL");
  EXPECT_EQ(row.ocr_words, R"([{"text":"HOSPITAL","box":[0.1,0.1,0.5,0.2],"confidence":0.97}])");
  EXPECT_NEAR(row.text_density, 0.1, 0.001);
}

TEST_F(ReadTest, APictureWithoutTextIsKept) {
  ASSERT_TRUE(std::holds_alternative<On>(read(R"({"words":[]})")));
  EXPECT_EQ(row.ocr_text, "");
  EXPECT_EQ(row.ocr_words, "[]");
  EXPECT_EQ(row.text_density, 0);
}

TEST_F(ReadTest, FailsTheRowWhenTheReplyHoldsNoWords) {
  Outcome outcome = read("STOP");
  ASSERT_TRUE(std::holds_alternative<Failed>(outcome));
  EXPECT_EQ(std::get<Failed>(outcome).error.code, Code::kCorrupt);
}

TEST_F(ReadTest, PassesTheEnginesErrorOn) {
  ocr.error = Error{Code::kCancelled, "stopping"};
  Outcome outcome = read("");
  ASSERT_TRUE(std::holds_alternative<Failed>(outcome));
  EXPECT_EQ(std::get<Failed>(outcome).error.code, Code::kCancelled);
}

}  // namespace
}  // namespace kale
