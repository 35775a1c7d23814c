#include "kale/engines/torch/fit.h"

#include <gtest/gtest.h>

namespace kale {
namespace {

Pixels filled(int width, int height, std::uint8_t value) {
  auto size = static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3;
  return {width, height, std::vector<std::uint8_t>(size, value)};
}

float at(const std::vector<float>& planes, int side, int channel, int x, int y) {
  return planes[static_cast<std::size_t>((channel * side + y) * side + x)];
}

TEST(Fit, ScalesValuesAsTheNetworkWasTrained) {
  auto planes = fit_square(filled(52, 52, 255), 26);
  ASSERT_EQ(planes.size(), 3U * 26 * 26);
  for (float value : planes) EXPECT_NEAR(value, 1, 1e-5);
  for (float value : fit_square(filled(10, 10, 127), 26)) EXPECT_NEAR(value, 0, 1e-5);
}

TEST(Fit, KeepsTheWholePictureAndFillsTheRest) {
  Pixels pixels = filled(40, 20, 255);
  for (int y = 5; y < 15; ++y) {  // a black bar, away from the border
    for (int x = 4; x < 36; ++x) {
      for (std::size_t c = 0; c < 3; ++c) {
        pixels.rgb[static_cast<std::size_t>(y * 40 + x) * 3 + c] = 0;
      }
    }
  }
  auto planes = fit_square(pixels, 40);
  EXPECT_NEAR(at(planes, 40, 0, 20, 2), 1, 1e-5);   // above the picture: its border's white
  EXPECT_NEAR(at(planes, 40, 2, 20, 38), 1, 1e-5);  // below it
  EXPECT_NEAR(at(planes, 40, 1, 20, 20), -127.0 / 128, 1e-5);
  EXPECT_NEAR(at(planes, 40, 1, 6, 20), -127.0 / 128, 1e-5);
}

TEST(Fit, KeepsChannelsApart) {
  Pixels pixels = filled(8, 8, 0);
  for (std::size_t i = 0; i < pixels.rgb.size(); i += 3) pixels.rgb[i + 1] = 255;
  auto planes = fit_square(pixels, 4);
  EXPECT_NEAR(at(planes, 4, 0, 2, 2), -127.0 / 128, 1e-5);
  EXPECT_NEAR(at(planes, 4, 1, 2, 2), 1, 1e-5);
  EXPECT_NEAR(at(planes, 4, 2, 2, 2), -127.0 / 128, 1e-5);
}

TEST(Fit, HoldsOnTheThinnestPictures) {
  EXPECT_EQ(fit_square(filled(1, 1, 9), 26).size(), 3U * 26 * 26);
  EXPECT_EQ(fit_square(filled(768, 1, 9), 26).size(), 3U * 26 * 26);
  EXPECT_EQ(fit_square(filled(1, 768, 9), 26).size(), 3U * 26 * 26);
}

}  // namespace
}  // namespace kale
