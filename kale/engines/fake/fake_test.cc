#include "kale/engines/fake/fake.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "kale/core/executor_fake.h"
#include "kale/io/disk.h"

namespace kale {
namespace {

namespace fs = std::filesystem;

class FakeEngineTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              ("kale_fake_" + std::to_string(::getpid()) + "_" +
               testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::unique_ptr<Engine> make(FakeOptions options, std::string_view script = {}) {
    if (!script.empty()) {
      std::ofstream(folder_ / "script.yaml") << script;
      options.script = "script.yaml";
    }
    BuildContext build{executor_, 1, folder_, {}};
    auto engine = make_fake(std::move(options), build).value();
    EXPECT_TRUE(engine->start());
    return engine;
  }

  Result<Reply> ask(Engine& engine, std::string text, Decoding decoding = {}) {
    Prompt prompt;
    prompt.messages = {{"system", "Describe."}, {"user", std::move(text)}};
    return executor_.run(engine.generate(std::move(prompt), std::move(decoding)));
  }

  std::vector<std::string> log_lines(std::string_view name) {
    std::ifstream in(folder_ / name);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
  }

  FakeExecutor executor_;
  fs::path folder_;
};

PixelsPtr picture(std::uint8_t shade) {
  auto pixels = std::make_shared<Pixels>();
  pixels->width = 4;
  pixels->height = 4;
  pixels->rgb.assign(48, shade);
  return pixels;
}

TEST_F(FakeEngineTest, SameRequestGetsTheSameReplyFromAnotherEngine) {
  auto one = make({});
  auto two = make({});
  Decoding decoding{.candidates = 3, .seed = 7};
  auto first = ask(*one, "a cat", decoding).value();
  auto second = ask(*two, "a cat", decoding).value();
  ASSERT_EQ(first.choices.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(first.choices[i].text, second.choices[i].text);
  EXPECT_NE(first.choices[0].text, first.choices[1].text);
  decoding.seed = 8;
  EXPECT_NE(ask(*one, "a cat", decoding)->choices[0].text, first.choices[0].text);
  EXPECT_NE(ask(*one, "a dog", {.seed = 7})->choices[0].text, first.choices[0].text);
}

TEST_F(FakeEngineTest, ScriptDecidesReplyFinishAndFailure) {
  auto engine = make({}, R"(
- {match: broken, fail: kLimit}
- {match: cut, reply: The end is, finish: length}
)");
  EXPECT_EQ(ask(*engine, "broken").error().code, Code::kLimit);
  auto cut = ask(*engine, "cut").value();
  EXPECT_EQ(cut.choices[0].text, "The end is");
  EXPECT_EQ(cut.choices[0].finish, Finish::kLength);
  EXPECT_TRUE(ask(*engine, "other"));
}

TEST_F(FakeEngineTest, ScriptIsPartOfTheModelDigest) {
  auto plain = make({});
  auto scripted = make({}, "- {reply: x}");
  EXPECT_NE(plain->traits().model_digest, scripted->traits().model_digest);
  EXPECT_TRUE(plain->traits().reproducible);
  EXPECT_EQ(plain->traits().id, "fake:fake");
}

TEST_F(FakeEngineTest, BadScriptIsAnErrorOfTheRecipe) {
  std::ofstream(folder_ / "script.yaml") << "- {nope: 1}";
  BuildContext build{executor_, 1, folder_, {}};
  EXPECT_EQ(make_fake({.script = "script.yaml"}, build).error().code, Code::kBadConfig);
  EXPECT_EQ(make_fake({.script = "absent.yaml"}, build).error().code, Code::kNotFound);
}

TEST_F(FakeEngineTest, ClassifierAndOcrAnswerJsonThatDependsOnThePictureAlone) {
  auto classifier = make({.stands_for = "classifier"});
  auto ocr = make({.stands_for = "ocr"});
  std::set<std::string> answers;
  for (int shade = 0; shade < 20; ++shade) {
    Prompt prompt;
    prompt.images = {picture(static_cast<std::uint8_t>(shade))};
    auto one = executor_.run(classifier->generate(prompt, {.seed = 1})).value();
    auto two = executor_.run(classifier->generate(prompt, {.seed = 2})).value();
    EXPECT_EQ(one.choices[0].text, two.choices[0].text);
    answers.insert(one.choices[0].text);
    auto classes = nlohmann::json::parse(one.choices[0].text)["classes"];
    ASSERT_EQ(classes.size(), 5u);
    for (std::size_t i = 1; i < 5; ++i)
      EXPECT_LE(classes[i]["probability"].get<double>(),
                classes[i - 1]["probability"].get<double>());
    auto words = executor_.run(ocr->generate(prompt, {})).value();
    auto parsed = nlohmann::json::parse(words.choices[0].text);
    for (const auto& word : parsed["words"]) {
      EXPECT_EQ(word["box"].size(), 4u);
      EXPECT_LE(word["confidence"].get<double>(), 1.0);
    }
  }
  EXPECT_GT(answers.size(), 15u);
}

Task<void> ask_in_crowd(Engine& engine, std::string text, std::vector<Result<Reply>>& replies) {
  Prompt prompt;
  prompt.messages.push_back({"user", std::move(text)});
  Decoding decoding;
  auto reply = co_await engine.generate(std::move(prompt), std::move(decoding));
  replies.push_back(std::move(reply));
}

Task<int> wait_for(FakeExecutor& executor, std::vector<Result<Reply>>& replies, std::size_t count) {
  while (replies.size() < count) co_await Hop{executor};
  co_return 0;
}

TEST_F(FakeEngineTest, DelaysOverlapAndShortOnesComeFirst) {
  auto engine = make({}, R"(
- {match: slow, reply: slow, delay_ms: 100}
- {match: fast, reply: fast, delay_ms: [1, 5]}
)");
  std::vector<Result<Reply>> replies;
  auto begun = std::chrono::steady_clock::now();
  for (int i = 0; i < 20; ++i)
    spawn(ask_in_crowd(*engine, i < 10 ? "slow" : "fast", replies), executor_);
  executor_.run(wait_for(executor_, replies, 20));
  auto took = std::chrono::steady_clock::now() - begun;
  EXPECT_LT(took, std::chrono::milliseconds(1000));  // ten after each other
  EXPECT_EQ(replies.front()->choices[0].text, "fast");
  EXPECT_EQ(replies.back()->choices[0].text, "slow");
}

TEST_F(FakeEngineTest, LogHoldsOneLinePerRequestServed) {
  auto engine = make({.log = "log.txt"});
  std::string text = "two\nlines " + std::string(100, 'x');
  ASSERT_TRUE(ask(*engine, text));
  ASSERT_TRUE(ask(*engine, text));
  ASSERT_TRUE(ask(*engine, "other"));
  auto lines = log_lines("log.txt");
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0], lines[1]);
  EXPECT_NE(lines[0].substr(0, 16), lines[2].substr(0, 16));
  EXPECT_EQ(lines[0].substr(16, 11), " two lines ");
  EXPECT_EQ(lines[0].size(), 16u + 1 + 60);
}

TEST_F(FakeEngineTest, NoMoreThanInFlightMaxAreServedAtOnce) {
  auto engine = make({.log = "log.txt", .delay_ms = 600'000, .in_flight_max = 3});
  std::vector<Result<Reply>> replies;
  for (int i = 0; i < 10; ++i) spawn(ask_in_crowd(*engine, std::to_string(i), replies), executor_);
  executor_.run(wait_for(executor_, replies, 0));  // posted last, so all ten have begun
  EXPECT_EQ(log_lines("log.txt").size(), 3u);
  engine->stop();
  executor_.run(wait_for(executor_, replies, 10));
}

TEST_F(FakeEngineTest, StopAnswersEveryWaiterCancelled) {
  auto engine = make({.delay_ms = 600'000, .in_flight_max = 2});
  std::vector<Result<Reply>> replies;
  for (int i = 0; i < 8; ++i) spawn(ask_in_crowd(*engine, std::to_string(i), replies), executor_);
  executor_.run(wait_for(executor_, replies, 0));  // posted last, so all eight have begun
  engine->stop();
  executor_.run(wait_for(executor_, replies, 8));
  for (const auto& reply : replies) EXPECT_EQ(reply.error().code, Code::kCancelled);
  EXPECT_EQ(ask(*engine, "late").error().code, Code::kCancelled);
}

}  // namespace
}  // namespace kale
