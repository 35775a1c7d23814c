#include "kale/see/tally.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "kale/core/rng.h"

namespace kale {
namespace {

using Rgb = std::array<int, 3>;

// A strip of colours between two, in even steps, with a camera's noise of a few levels.
void add_shades(Scan& scan, int count, Rgb from, Rgb to) {
  Rng rng(7);
  for (int i = 0; i < count; ++i) {
    std::array<std::uint8_t, 3> rgb = {};
    for (std::size_t c = 0; c < 3; ++c) {
      int value = from[c] + (to[c] - from[c]) * i / count + static_cast<int>(rng.below(5)) - 2;
      rgb[c] = static_cast<std::uint8_t>(std::clamp(value, 0, 255));
    }
    scan.lab.push_back(to_lab(rgb));
  }
}

struct Strip {
  int count;
  Rgb from;
  Rgb to;
};

std::vector<ColourShare> tally(const std::vector<Strip>& strips, bool textured = true) {
  Scan scan;
  for (const Strip& strip : strips) add_shades(scan, strip.count, strip.from, strip.to);
  scan.width = static_cast<int>(scan.lab.size());
  scan.height = 1;
  return count_colours(scan, std::vector<bool>(scan.lab.size(), true), textured);
}

std::string_view first(const std::vector<Strip>& strips, bool textured = true) {
  auto colours = tally(strips, textured);
  return colours.empty() ? "none" : colour_name(colours.front().colour);
}

TEST(Tally, AWhiteThingIsWhiteInItsShadeToo) {
  Strip feathers = {100, {125, 126, 128}, {232, 233, 235}};
  EXPECT_EQ(first({feathers}), "white");
  EXPECT_EQ(first({feathers, {60, {5, 5, 5}, {30, 30, 30}}}), "white");  // a pelican
  EXPECT_EQ(first({{100, {130, 138, 115}, {222, 230, 205}}}), "white");  // a snowy owl
  EXPECT_EQ(first({{100, {190, 205, 200}, {235, 250, 245}}}), "white");  // a penguin's belly
}

TEST(Tally, GreyWithoutWhiteIsGrey) {
  EXPECT_EQ(first({{100, {140, 140, 140}, {200, 200, 200}}}), "grey");  // a mug
  EXPECT_EQ(first({{100, {90, 92, 95}, {185, 186, 190}}}), "grey");     // a pigeon
  EXPECT_EQ(first({{100, {80, 90, 100}, {150, 160, 172}}}), "grey");    // a dolphin
}

TEST(Tally, FlatGreyIsMeant) {
  std::vector<Strip> disc = {{60, {200, 200, 200}, {200, 200, 200}},
                             {40, {240, 240, 240}, {240, 240, 240}}};
  EXPECT_EQ(first(disc, false), "grey");
}

TEST(Tally, WhitePatchesDoNotWhitenABlackAnimal) {
  auto orca = tally({{80, {10, 10, 10}, {55, 55, 56}}, {20, {225, 225, 225}, {250, 250, 250}}});
  ASSERT_GE(orca.size(), 2U);
  EXPECT_EQ(orca[0].colour, BasicColour::kBlack);
  EXPECT_EQ(orca[1].colour, BasicColour::kWhite);
}

TEST(Tally, DullFurIsBrown) {
  EXPECT_EQ(first({{100, {70, 55, 50}, {150, 132, 126}}}), "brown");
  // With a sheen that alone would be grey.
  EXPECT_EQ(first({{50, {70, 55, 50}, {150, 132, 126}}, {45, {90, 86, 84}, {165, 160, 158}}}),
            "brown");
}

TEST(Tally, TheInsideOfATreeIsGreen) {
  Strip shade = {60, {42, 42, 32}, {112, 112, 92}};
  Strip leaves = {25, {95, 110, 50}, {150, 165, 90}};
  EXPECT_EQ(first({shade, leaves}), "green");
  EXPECT_NE(first({shade}), "green");  // a wild boar
  EXPECT_EQ(first({{40, {70, 62, 10}, {130, 120, 20}}, {60, {235, 215, 30}, {255, 240, 60}}}),
            "yellow");  // not leaves but a lemon's dark side
}

}  // namespace
}  // namespace kale
