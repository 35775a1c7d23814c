#include "kale/colour/colour.h"

#include <gtest/gtest.h>

#include <array>

namespace kale {
namespace {

std::string_view name_of(int r, int g, int b) {
  std::array<std::uint8_t, 3> rgb = {static_cast<std::uint8_t>(r), static_cast<std::uint8_t>(g),
                                     static_cast<std::uint8_t>(b)};
  return colour_name(name_colour(to_lab(rgb)));
}

TEST(Colour, LightnessOfWhiteIsOneAndOfBlackNothing) {
  EXPECT_NEAR(to_lab(std::array<std::uint8_t, 3>{255, 255, 255}).lightness, 1, 1e-4);
  EXPECT_NEAR(to_lab(std::array<std::uint8_t, 3>{0, 0, 0}).lightness, 0, 1e-4);
}

// The basic colours as CSS names them.
TEST(Colour, NamesPureColours) {
  EXPECT_EQ(name_of(0, 0, 0), "black");
  EXPECT_EQ(name_of(255, 255, 255), "white");
  EXPECT_EQ(name_of(128, 128, 128), "grey");
  EXPECT_EQ(name_of(255, 0, 0), "red");
  EXPECT_EQ(name_of(255, 165, 0), "orange");
  EXPECT_EQ(name_of(255, 255, 0), "yellow");
  EXPECT_EQ(name_of(0, 128, 0), "green");
  EXPECT_EQ(name_of(0, 0, 255), "blue");
  EXPECT_EQ(name_of(128, 0, 128), "purple");
  EXPECT_EQ(name_of(255, 192, 203), "pink");
  EXPECT_EQ(name_of(139, 69, 19), "brown");
  EXPECT_EQ(name_of(245, 245, 220), "beige");
}

TEST(Colour, NamesTheirCommonRelatives) {
  EXPECT_EQ(name_of(220, 20, 60), "red");      // crimson
  EXPECT_EQ(name_of(139, 0, 0), "red");        // dark red
  EXPECT_EQ(name_of(255, 105, 180), "pink");   // hot pink
  EXPECT_EQ(name_of(255, 215, 0), "yellow");   // gold
  EXPECT_EQ(name_of(107, 142, 35), "green");   // olive drab
  EXPECT_EQ(name_of(135, 206, 235), "blue");   // sky
  EXPECT_EQ(name_of(0, 0, 128), "blue");       // navy
  EXPECT_EQ(name_of(75, 0, 130), "purple");    // indigo
  EXPECT_EQ(name_of(210, 180, 140), "beige");  // tan
  EXPECT_EQ(name_of(128, 70, 27), "brown");    // russet
  EXPECT_EQ(name_of(47, 79, 79), "grey");      // dark slate
  EXPECT_EQ(name_of(25, 25, 30), "black");
}

TEST(Colour, FaintTintsOfLightColoursAreWhite) {
  EXPECT_EQ(name_of(225, 225, 225), "white");
  EXPECT_EQ(name_of(222, 238, 230), "white");
  EXPECT_EQ(name_of(215, 222, 235), "white");
  EXPECT_EQ(name_of(230, 216, 244), "purple");  // lilac
  EXPECT_EQ(name_of(211, 211, 211), "grey");
}

TEST(Colour, FaintTintsOfDarkerColours) {
  EXPECT_EQ(name_of(112, 94, 88), "brown");
  EXPECT_EQ(name_of(120, 92, 98), "brown");
  EXPECT_EQ(name_of(105, 98, 114), "grey");
  EXPECT_EQ(name_of(70, 80, 125), "blue");  // navy, faded
  EXPECT_EQ(name_of(185, 172, 150), "beige");
}

TEST(Colour, DarkSideOfAnOrangeMayBeOrange) {
  std::array<std::uint8_t, 3> shade = {170, 85, 10};
  EXPECT_EQ(shaded_colour(to_lab(shade)), BasicColour::kOrange);
  std::array<std::uint8_t, 3> blue = {20, 40, 200};
  EXPECT_EQ(shaded_colour(to_lab(blue)), std::nullopt);
}

}  // namespace
}  // namespace kale
