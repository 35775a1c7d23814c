#include "kale/see/see.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "kale/core/context_fake.h"
#include "kale/core/executor_fake.h"

namespace kale {
namespace {

struct FakeEyes : Engine {
  EngineTraits traits() const override { return {.id = "fake:eyes", .model_digest = ""}; }
  Task<Result<Reply>> generate(Prompt prompt, Decoding) override {
    images = prompt.images.size();
    if (error) co_return *error;
    Reply reply;
    reply.choices.push_back({.text = text});
    co_return reply;
  }
  std::string text = R"({"classes":[{"name":"lion","probability":0.87654},)"
                     R"({"name":"Chow Chow","probability":0.05}]})";
  std::optional<Error> error;
  std::size_t images = 0;
};

struct SeeTest : testing::Test {
  Outcome see() {
    BuildContext build{.cpu = executor,
                       .recipe_dir = "",
                       .engine = [this](std::string_view) -> Result<Engine*> { return &eyes; }};
    auto step = make_see({}, build);
    KALE_CHECK(step.has_value(), "see is made");
    row.pixels = std::make_shared<Pixels>(Pixels{8, 4, std::vector<std::uint8_t>(8 * 4 * 3, 200)});
    return executor.run((*step)->apply(row, context));
  }

  FakeExecutor executor;
  FakeContext context;
  FakeEyes eyes;
  Row row;
};

TEST_F(SeeTest, WritesClassesAndMeasurements) {
  ASSERT_TRUE(std::holds_alternative<On>(see()));
  EXPECT_EQ(eyes.images, 1U);
  auto facts = nlohmann::json::parse(row.facts);
  EXPECT_EQ(facts["classes"][0]["name"], "lion");
  EXPECT_EQ(facts["classes"][0]["probability"], 0.877);
  EXPECT_EQ(facts["colours"][0]["name"], "grey");
  EXPECT_EQ(facts["layout"]["orientation"], "landscape");
  EXPECT_EQ(facts["layout"]["box"].size(), 4U);
  EXPECT_TRUE(facts["background"].contains("plain"));
  EXPECT_EQ(facts["look"]["kind"], "drawing");
}

TEST_F(SeeTest, FailsTheRowWhenTheReplyHoldsNoClasses) {
  for (const char* text : {"", "a lion", "{}", R"({"classes":[]})", R"({"classes":[{"name":3}]})",
                           R"({"classes":[{"name":"lion","probability":"high"}]})"}) {
    eyes.text = text;
    Outcome outcome = see();
    ASSERT_TRUE(std::holds_alternative<Failed>(outcome)) << text;
    EXPECT_EQ(std::get<Failed>(outcome).error.code, Code::kCorrupt) << text;
  }
  EXPECT_EQ(row.facts, "");
}

TEST_F(SeeTest, PassesTheEnginesErrorOn) {
  eyes.error = Error{Code::kEngineGone, "out of memory"};
  Outcome outcome = see();
  ASSERT_TRUE(std::holds_alternative<Failed>(outcome));
  EXPECT_EQ(std::get<Failed>(outcome).error.code, Code::kEngineGone);
}

TEST(See, NamesTheMissingEngine) {
  FakeExecutor executor;
  BuildContext build{
      .cpu = executor, .recipe_dir = "", .engine = [](std::string_view name) -> Result<Engine*> {
        return Error{Code::kBadConfig, "no engine " + std::string(name)};
      }};
  auto step = make_see({.engine = "nose"}, build);
  ASSERT_FALSE(step);
  EXPECT_EQ(step.error().message, "no engine nose");
}

}  // namespace
}  // namespace kale
