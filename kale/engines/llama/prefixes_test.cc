#include "kale/engines/llama/prefixes.h"

#include <gtest/gtest.h>

namespace kale::llama {
namespace {

Prefix& put(Prefixes& prefixes, std::vector<Token> tokens) {
  Prefix* place = prefixes.free_place();
  place->tokens = std::move(tokens);
  prefixes.take(*place);
  prefixes.give_back(*place);
  return *place;
}

TEST(Prefixes, FindsTheSameTokensOnly) {
  Prefixes prefixes(2);
  put(prefixes, {1, 2, 3});
  EXPECT_NE(prefixes.find(std::vector<Token>{1, 2, 3}), nullptr);
  EXPECT_EQ(prefixes.find(std::vector<Token>{1, 2}), nullptr);
  EXPECT_EQ(prefixes.find(std::vector<Token>{1, 2, 4}), nullptr);
  EXPECT_EQ(prefixes.find({}), nullptr);  // no prefix at all is not a free place
}

TEST(Prefixes, TheOldestWithoutUsersGoesFirst) {
  Prefixes prefixes(3);
  Prefix& first = put(prefixes, {1});
  Prefix& second = put(prefixes, {2});
  Prefix& third = put(prefixes, {3});
  EXPECT_EQ(prefixes.free_place(), nullptr);
  prefixes.take(first);
  EXPECT_EQ(prefixes.oldest_idle(), &second);
  prefixes.take(second);
  prefixes.take(third);
  EXPECT_EQ(prefixes.oldest_idle(), nullptr);
  prefixes.give_back(third);
  EXPECT_EQ(prefixes.oldest_idle(), &third);
  third.tokens.clear();
  EXPECT_EQ(prefixes.free_place(), &third);
  EXPECT_EQ(prefixes.oldest_idle(), nullptr);
}

}  // namespace
}  // namespace kale::llama
