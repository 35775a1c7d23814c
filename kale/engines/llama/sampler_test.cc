#include "kale/engines/llama/sampler.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <set>

namespace kale::llama {
namespace {

std::map<Token, int> draw(Decoding decoding, const std::vector<float>& logits, int times) {
  Sampler sampler(decoding, 0);
  std::map<Token, int> counts;
  for (int i = 0; i < times; ++i) ++counts[sampler.pick(logits, {})];
  return counts;
}

TEST(Sampler, GreedyTakesTheBestAndTheLowestIdAmongEquals) {
  Sampler sampler({}, 0);
  EXPECT_EQ(sampler.pick(std::vector<float>{1, 5, 2, 5}, {}), 1);
}

TEST(Sampler, DrawsByProbability) {
  std::vector<float> logits = {std::log(0.5F), std::log(0.3F), std::log(0.2F)};
  auto counts = draw({.temperature = 1, .seed = 3}, logits, 10'000);
  EXPECT_NEAR(counts[0], 5000, 200);
  EXPECT_NEAR(counts[1], 3000, 200);
  EXPECT_NEAR(counts[2], 2000, 200);
}

TEST(Sampler, LowTemperatureSharpens) {
  auto counts = draw({.temperature = 0.1, .seed = 3}, {0, 1, 0.5}, 1000);
  EXPECT_GT(counts[1], 980);
}

TEST(Sampler, TopKKeepsTheLikeliest) {
  auto counts = draw({.temperature = 5, .top_k = 2, .seed = 1}, {0, 1, 0.9F, 0.8F}, 1000);
  EXPECT_EQ(counts.size(), 2u);
  EXPECT_TRUE(counts.contains(1) && counts.contains(2));
}

TEST(Sampler, TopPKeepsTheFewestThatReachIt) {
  std::vector<float> logits = {std::log(0.1F), std::log(0.5F), std::log(0.4F)};
  auto counts = draw({.temperature = 1, .top_p = 0.8, .seed = 1}, logits, 1000);
  EXPECT_EQ(counts.size(), 2u);
  EXPECT_FALSE(counts.contains(0));
  EXPECT_EQ(draw({.temperature = 1, .top_p = 0.01}, logits, 50).size(), 1u);
}

TEST(Sampler, PenaltyWorksOnBothSidesOfZeroAndOncePerToken) {
  Sampler sampler({.repetition_penalty = 2}, 0);
  EXPECT_EQ(sampler.pick(std::vector<float>{4, 3}, std::vector<Token>{0}), 1);       // 2 < 3
  EXPECT_EQ(sampler.pick(std::vector<float>{-1, -1.5F}, std::vector<Token>{0}), 1);  // -2
  EXPECT_EQ(sampler.pick(std::vector<float>{4, 1.5F}, std::vector<Token>{0, 0, 0}), 0);
}

TEST(Sampler, SeedAndCandidateDecideTheDraws) {
  std::vector<float> flat(1000, 0);
  auto draws = [&](std::uint64_t seed, int candidate) {
    Sampler sampler({.temperature = 1, .seed = seed}, candidate);
    std::vector<Token> tokens;
    for (int i = 0; i < 8; ++i) tokens.push_back(sampler.pick(flat, {}));
    return tokens;
  };
  EXPECT_EQ(draws(1, 0), draws(1, 0));
  std::set<std::vector<Token>> distinct;
  for (std::uint64_t seed = 0; seed < 10; ++seed)
    for (int candidate = 0; candidate < 10; ++candidate) distinct.insert(draws(seed, candidate));
  EXPECT_EQ(distinct.size(), 100u);
}

TEST(Sampler, LogitsThatAreNotNumbersStillGiveAToken) {
  float nan = std::numeric_limits<float>::quiet_NaN();
  Sampler sampler({.temperature = 1}, 0);
  EXPECT_EQ(sampler.pick(std::vector<float>{nan, nan}, {}), 0);
  float none = -std::numeric_limits<float>::infinity();
  EXPECT_EQ(sampler.pick(std::vector<float>{none, 1, none}, {}), 1);
}

}  // namespace
}  // namespace kale::llama
