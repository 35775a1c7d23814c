#include "kale/see/measure.h"

#include <gtest/gtest.h>

#include <cmath>

#include "kale/core/rng.h"

namespace kale {
namespace {

using Rgb = std::array<std::uint8_t, 3>;
constexpr Rgb kWhite = {255, 255, 255};
constexpr Rgb kRed = {220, 20, 30};
constexpr Rgb kBlue = {20, 40, 200};

Pixels canvas(int width, int height, Rgb colour) {
  Pixels pixels{width, height, {}};
  for (int i = 0; i < width * height; ++i) {
    pixels.rgb.insert(pixels.rgb.end(), colour.begin(), colour.end());
  }
  return pixels;
}

void put(Pixels& pixels, int x, int y, Rgb colour) {
  auto at = (static_cast<std::size_t>(y) * static_cast<std::size_t>(pixels.width) +
             static_cast<std::size_t>(x)) *
            3;
  std::copy(colour.begin(), colour.end(), pixels.rgb.begin() + static_cast<std::ptrdiff_t>(at));
}

void rectangle(Pixels& pixels, int left, int top, int width, int height, Rgb colour) {
  for (int y = top; y < top + height; ++y) {
    for (int x = left; x < left + width; ++x) put(pixels, x, y, colour);
  }
}

// Every pixel a little off its colour, as a camera has it.
Pixels noisy(Pixels pixels) {
  Rng rng(7);
  for (std::uint8_t& value : pixels.rgb) {
    int off = static_cast<int>(rng.below(81)) - 40;
    value = static_cast<std::uint8_t>(std::clamp(value + off, 0, 255));
  }
  return pixels;
}

TEST(Measure, FindsTheSubjectOnAPlainGround) {
  Pixels pixels = canvas(200, 100, kWhite);
  rectangle(pixels, 20, 30, 40, 50, kRed);
  Measured measured = measure_picture(pixels);
  EXPECT_TRUE(measured.plain);
  EXPECT_EQ(measured.background, BasicColour::kWhite);
  EXPECT_NEAR(measured.background_share, 0.9, 0.01);
  EXPECT_NEAR(measured.area_share, 0.1, 0.01);
  EXPECT_NEAR(measured.box[0], 0.10, 0.01);
  EXPECT_NEAR(measured.box[1], 0.30, 0.01);
  EXPECT_NEAR(measured.box[2], 0.20, 0.01);
  EXPECT_NEAR(measured.box[3], 0.50, 0.01);
  EXPECT_EQ(measured.position, "left");
  EXPECT_EQ(measured.orientation, "landscape");
  EXPECT_EQ(measured.kind, "drawing");
}

TEST(Measure, NamesTheSubjectsColoursOnly) {
  Pixels pixels = canvas(120, 120, kWhite);
  rectangle(pixels, 30, 30, 60, 40, kRed);
  rectangle(pixels, 30, 70, 60, 20, kBlue);
  Measured measured = measure_picture(pixels);
  ASSERT_EQ(measured.colours.size(), 2U);
  EXPECT_EQ(measured.colours[0].colour, BasicColour::kRed);
  EXPECT_NEAR(measured.colours[0].share, 0.67, 0.03);
  EXPECT_EQ(measured.colours[1].colour, BasicColour::kBlue);
}

TEST(Measure, SmoothedEdgesAddNoColour) {
  // A black disc on white: the pixels between are grey, and grey is no colour of the disc.
  Pixels pixels = canvas(200, 200, kWhite);
  for (int y = 0; y < 200; ++y) {
    for (int x = 0; x < 200; ++x) {
      double inside = std::clamp(70 - std::hypot(x - 100, y - 100) + 1, 0.0, 2.0) / 2;
      auto value = static_cast<std::uint8_t>(255 * (1 - inside));
      put(pixels, x, y, {value, value, value});
    }
  }
  Measured measured = measure_picture(pixels);
  ASSERT_EQ(measured.colours.size(), 1U);
  EXPECT_EQ(measured.colours[0].colour, BasicColour::kBlack);
  EXPECT_EQ(measured.brightness, "dark");
}

TEST(Measure, WhiteInsideTheSubjectIsTheSubjects) {
  Pixels pixels = canvas(120, 120, kWhite);
  rectangle(pixels, 20, 20, 80, 80, kRed);
  rectangle(pixels, 40, 40, 40, 40, kWhite);
  Measured measured = measure_picture(pixels);
  ASSERT_EQ(measured.colours.size(), 2U);
  EXPECT_EQ(measured.colours[1].colour, BasicColour::kWhite);
  EXPECT_NEAR(measured.area_share, 80.0 * 80 / (120 * 120), 0.01);
}

TEST(Measure, AGroundOfManyColoursIsNotPlain) {
  Pixels pixels = canvas(120, 120, kWhite);
  for (int y = 0; y < 120; ++y) {
    for (int x = 0; x < 120; ++x) {
      put(pixels, x, y,
          {static_cast<std::uint8_t>(2 * x), static_cast<std::uint8_t>(2 * y),
           static_cast<std::uint8_t>(240 - x - y)});
    }
  }
  Measured measured = measure_picture(pixels);
  EXPECT_FALSE(measured.plain);
  EXPECT_EQ(measured.area_share, 1);
  EXPECT_EQ(measured.position, "centre");
}

TEST(Measure, OneColourAloneIsNoBackground) {
  Measured measured = measure_picture(canvas(40, 40, kBlue));
  EXPECT_FALSE(measured.plain);
  ASSERT_EQ(measured.colours.size(), 1U);
  EXPECT_EQ(measured.colours[0].colour, BasicColour::kBlue);
}

TEST(Measure, NoiseMakesAPhotograph) {
  Pixels pixels = canvas(160, 160, kWhite);
  rectangle(pixels, 30, 30, 100, 100, {150, 100, 60});
  Pixels camera = noisy(pixels);
  // The ground stays clean, as in a picture that was cut out.
  for (int y = 0; y < 160; ++y) {
    for (int x = 0; x < 160; ++x) {
      if (x < 30 || y < 30 || x >= 130 || y >= 130) put(camera, x, y, kWhite);
    }
  }
  EXPECT_EQ(measure_picture(camera).kind, "photograph");
  EXPECT_EQ(measure_picture(pixels).kind, "drawing");
}

TEST(Measure, HoldsOnTheSmallestPictures) {
  for (int side = 1; side <= 4; ++side) {
    Measured measured = measure_picture(canvas(side, 1, kRed));
    EXPECT_EQ(measured.colours.size(), 1U) << side;
  }
}

}  // namespace
}  // namespace kale
