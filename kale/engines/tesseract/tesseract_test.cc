#include "kale/engines/tesseract/tesseract.h"

#include <gtest/gtest.h>

#include "kale/core/executor_fake.h"

namespace kale {
namespace {

TEST(Tesseract, NamesMissingDataAndItsCureAtStart) {
  FakeExecutor executor;
  BuildContext build{.cpu = executor, .recipe_dir = "", .engine = {}};
  auto engine = make_tesseract({.language = "tlh", .data = "/nowhere"}, build);
  ASSERT_TRUE(engine) << "made without data, so that status needs none";
  Status started = (*engine)->start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, Code::kBadConfig);
  EXPECT_NE(started.error().message.find("/nowhere/tlh.traineddata"), std::string::npos);
  EXPECT_NE(started.error().message.find("tesseract-ocr-tlh"), std::string::npos);
}

TEST(Tesseract, RefusesAnEmptyLanguage) {
  FakeExecutor executor;
  BuildContext build{.cpu = executor, .recipe_dir = "", .engine = {}};
  for (const char* language : {"", "+"}) {
    auto engine = make_tesseract({.language = language}, build);
    ASSERT_FALSE(engine);
    EXPECT_EQ(engine.error().code, Code::kBadConfig);
  }
}

TEST(Tesseract, AnswersCancelledAfterStop) {
  FakeExecutor executor;
  BuildContext build{.cpu = executor, .recipe_dir = "", .engine = {}};
  auto engine = make_tesseract({.data = "/nowhere"}, build);
  ASSERT_TRUE(engine);
  (*engine)->stop();
  Prompt prompt;
  prompt.images.push_back(std::make_shared<Pixels>(Pixels{1, 1, {0, 0, 0}}));
  auto reply = executor.run((*engine)->generate(std::move(prompt), {}));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Code::kCancelled);
}

}  // namespace
}  // namespace kale
