#include "kale/yaml/yaml.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace kale {
namespace {

std::string refusal(const std::string& text) {
  auto loaded = load_yaml(text, "x.yaml");
  return loaded ? "it was loaded" : loaded.error().message;
}

// A list of nine, a list of nine of those, and so on.
std::string laughs(int levels) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < levels; ++i) {
    text += fmt::format("a{}: &a{} [", i, i);
    for (int k = 0; k < 9; ++k) text += fmt::format("*a{},", i - 1);
    text += "]\n";
  }
  return text;
}

TEST(Yaml, AliasesCountAsAllThatTheyStandFor) {
  EXPECT_TRUE(load_yaml(laughs(3), "x.yaml"));
  std::string bomb = laughs(10);
  EXPECT_LT(bomb.size(), 1000u);
  EXPECT_NE(refusal(bomb).find("x.yaml: holds more than 100000 values"), std::string::npos);
}

TEST(Yaml, AnAliasInsideWhatItNamesIsRefused) {
  EXPECT_NE(refusal("a: &a [1, *a]\n").find("an alias stands inside"), std::string::npos);
  EXPECT_NE(refusal("a: &a {b: {c: *a}}\n").find("an alias stands inside"), std::string::npos);
  auto twice = load_yaml("a: &a [1]\nb: *a\nc: &a [2]\nd: [*a, *a]\n", "x.yaml");
  ASSERT_TRUE(twice);
  EXPECT_EQ((*twice)["d"][1][0].as<int>(), 2) << "a name may be given anew";
}

TEST(Yaml, NestingHasALimitThroughAliasesToo) {
  auto nested = [](int levels) {
    return std::string(static_cast<std::size_t>(levels), '[') +
           std::string(static_cast<std::size_t>(levels), ']');
  };
  EXPECT_TRUE(load_yaml(nested(kYamlDepthMax), "x.yaml"));
  for (int levels : {kYamlDepthMax + 1, 600, 100'000})
    EXPECT_NE(refusal(nested(levels)).find("nests deeper than 32 levels"), std::string::npos);
  std::string half = fmt::format("a: &a {}\n", nested(kYamlDepthMax - 1));
  EXPECT_TRUE(load_yaml(half, "x.yaml"));
  EXPECT_NE(refusal(half + "b: [*a]\n").find("nests deeper"), std::string::npos);
}

TEST(Yaml, WhatIsNoYamlNamesItsPlace) {
  EXPECT_NE(refusal("a: [1, 2\nb: }").find("x.yaml: yaml-cpp: error at line 2"), std::string::npos);
  EXPECT_TRUE(load_yaml("", "x.yaml")->IsNull());
}

}  // namespace
}  // namespace kale
