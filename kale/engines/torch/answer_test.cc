#include "kale/engines/torch/answer.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace kale {
namespace {

TEST(Answer, SplitsNames) {
  EXPECT_EQ(split_names("a\nb c\n"), (std::vector<std::string>{"a", "b c"}));
  EXPECT_EQ(split_names("a\nb"), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(split_names("").empty());
}

TEST(Answer, RanksBySoftmax) {
  std::vector<float> logits = {1, 3, 2, -100};
  auto answer = nlohmann::json::parse(classes_json(logits, {"a", "b", "c", "d"}, 3));
  ASSERT_EQ(answer["classes"].size(), 3U);
  EXPECT_EQ(answer["classes"][0]["name"], "b");
  EXPECT_NEAR(answer["classes"][0]["probability"].get<double>(), 0.66524, 1e-5);
  EXPECT_EQ(answer["classes"][1]["name"], "c");
  EXPECT_EQ(answer["classes"][2]["name"], "a");
}

TEST(Answer, HoldsOnLogitsThatWouldOverflow) {
  std::vector<float> logits = {5000, 4000};
  auto answer = nlohmann::json::parse(classes_json(logits, {"a", "b"}, 5));
  EXPECT_EQ(answer["classes"][0]["probability"], 1.0);
}

TEST(Answer, ClassesOfOneNameCountAsOne) {
  std::vector<float> logits = {1, 1, 1};
  auto answer = nlohmann::json::parse(classes_json(logits, {"missile", "rocket", "missile"}, 5));
  ASSERT_EQ(answer["classes"].size(), 2U);
  EXPECT_EQ(answer["classes"][0]["name"], "missile");
  EXPECT_NEAR(answer["classes"][0]["probability"].get<double>(), 2.0 / 3, 1e-4);
}

}  // namespace
}  // namespace kale
