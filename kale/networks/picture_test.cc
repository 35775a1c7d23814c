#include "kale/networks/picture.h"

#include <gtest/gtest.h>

#include "kale/networks/resample.h"

namespace kale {
namespace {

TEST(Picture, OneColourStaysThatColour) {
  Pixels red{.width = 5, .height = 3, .rgb = {}};
  for (int i = 0; i < 15; ++i) red.rgb.insert(red.rgb.end(), {250, 0, 7});
  Pixels large = resize_bicubic(red, 40, 31);
  ASSERT_EQ(large.rgb.size(), 40U * 31 * 3);
  for (std::size_t i = 0; i < large.rgb.size(); i += 3) {
    ASSERT_EQ(large.rgb[i], 250);
    ASSERT_EQ(large.rgb[i + 1], 0);
    ASSERT_EQ(large.rgb[i + 2], 7);
  }
}

}  // namespace
}  // namespace kale
