// Pictures made in memory, and the step that they are put through, for the tests of this room.
#pragma once

#include <gtest/gtest.h>
#include <vips/vips.h>

#include <memory>
#include <string>
#include <vector>

#include "kale/core/context_fake.h"
#include "kale/core/executor_fake.h"
#include "kale/decode/decode.h"
#include "kale/decode/render.h"

namespace kale {

using Colour = std::vector<double>;
using Picture = std::shared_ptr<VipsImage>;

inline Picture keep(VipsImage* image) {
  KALE_CHECK(image != nullptr, vips_error_buffer());
  return Picture(image, [](VipsImage* i) { g_object_unref(i); });
}

// One colour all over, in any colour space and depth.
inline Picture filled(int width, int height, const Colour& colour, VipsInterpretation space,
                      VipsBandFormat format = VIPS_FORMAT_UCHAR) {
  KALE_CHECK(start_vips().has_value(), "libvips starts");
  VipsImage* black = nullptr;
  vips_black(&black, width, height, "bands", static_cast<int>(colour.size()), nullptr);
  Picture base = keep(black);
  Colour ones(colour.size(), 1);
  VipsImage* out = nullptr;
  vips_linear(base.get(), &out, ones.data(), colour.data(), static_cast<int>(colour.size()),
              nullptr);
  Picture tinted = keep(out);
  out = nullptr;
  vips_cast(tinted.get(), &out, format, nullptr);
  Picture cast = keep(out);
  out = nullptr;
  vips_copy(cast.get(), &out, "interpretation", space, nullptr);
  return keep(out);
}

inline Picture join(const Picture& left, const Picture& right) {
  VipsImage* out = nullptr;
  vips_join(left.get(), right.get(), &out, VIPS_DIRECTION_HORIZONTAL, nullptr);
  return keep(out);
}

inline std::string save(const Picture& picture, const char* suffix) {
  void* bytes = nullptr;
  std::size_t size = 0;
  int failed = vips_image_write_to_buffer(picture.get(), suffix, &bytes, &size, nullptr);
  KALE_CHECK(failed == 0, vips_error_buffer());
  std::string text(static_cast<const char*>(bytes), size);
  g_free(bytes);
  return text;
}

struct DecodeTest : testing::Test {
  Outcome decode(std::string bytes, DecodeOptions options = {}) {
    BuildContext build{.cpu = executor, .recipe_dir = "", .engine = {}};
    auto step = make_decode(options, build);
    KALE_CHECK(step.has_value(), "decode is made");
    row = Row{};
    row.image_bytes = std::make_shared<std::string>(std::move(bytes));
    return executor.run((*step)->apply(row, context));
  }

  void expect_dropped(std::string bytes, Drop reason, DecodeOptions options = {}) {
    Outcome outcome = decode(std::move(bytes), options);
    ASSERT_TRUE(std::holds_alternative<Dropped>(outcome)) << "kept";
    EXPECT_EQ(drop_name(std::get<Dropped>(outcome).reason), drop_name(reason))
        << std::get<Dropped>(outcome).detail;
    EXPECT_EQ(row.pixels, nullptr);
  }

  void expect_colour(int x, int y, std::array<int, 3> colour, int off = 2) {
    ASSERT_NE(row.pixels, nullptr);
    auto rgb = row.pixels->at(x, y);
    for (std::size_t c = 0; c < 3; ++c) {
      EXPECT_NEAR(rgb[c], colour[c], off) << "at " << x << ", " << y << " channel " << c;
    }
  }

  FakeExecutor executor;
  FakeContext context;
  Row row;
};

}  // namespace kale
