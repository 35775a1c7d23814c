// What comes out at every resize mode, and of pictures at the edges of what there is.
#include <algorithm>

#include "kale/decode/picture_fake.h"

namespace kale {
namespace {

struct Resize : DecodeTest {
  // Red on the left, blue on the right.
  std::string sides(int width, int height, const char* suffix = ".png") {
    auto half = [&](const Colour& colour) {
      return filled(width / 2, height, colour, VIPS_INTERPRETATION_sRGB);
    };
    return save(join(half({255, 0, 0}), half({0, 0, 255})), suffix);
  }
  void expect_size(int width, int height) {
    ASSERT_NE(row.pixels, nullptr);
    EXPECT_EQ(row.pixels->width, width);
    EXPECT_EQ(row.pixels->height, height);
  }
  DecodeOptions mode(const char* name) { return {.side_px_max = 64, .resize_mode = name}; }
};

TEST_F(Resize, GivesTheSizeOfEveryMode) {
  for (const char* suffix : {".png", ".jpg", ".webp", ".gif", ".tif"}) {
    SCOPED_TRACE(suffix);
    std::string large = sides(640, 480, suffix);
    decode(large, mode("fit")), expect_size(64, 48);
    decode(large, mode("keep_ratio_largest")), expect_size(64, 48);
    decode(large, mode("keep_ratio")), expect_size(85, 64);
    decode(large, mode("border")), expect_size(64, 64);
    decode(large, mode("center_crop")), expect_size(64, 64);
    decode(large, mode("no")), expect_size(640, 480);
    EXPECT_EQ(row.width, 640);
  }
  std::string small = sides(32, 20);
  decode(small, mode("fit")), expect_size(32, 20);
  decode(small, mode("keep_ratio_largest")), expect_size(64, 40);
  decode(small, mode("keep_ratio")), expect_size(102, 64);
  decode(small, mode("border")), expect_size(64, 64);
  decode(small, mode("center_crop")), expect_size(64, 64);
  for (const char* name : {"keep_ratio_largest", "keep_ratio", "border", "center_crop"}) {
    auto options = mode(name);
    options.resize_only_if_bigger = true;
    decode(small, options), expect_size(32, 20);
  }
}

TEST_F(Resize, BordersInTheBackgroundColour) {
  auto options = mode("border");
  decode(sides(640, 320), options);
  expect_colour(32, 15, {255, 255, 255}, 0);
  expect_colour(10, 16, {255, 0, 0}, 2);
  expect_colour(60, 47, {0, 0, 255}, 2);
  expect_colour(32, 48, {255, 255, 255}, 0);
  options.background = "#102030";
  decode(sides(64, 20), options);  // 44 rows of border: 22 above
  expect_colour(5, 21, {16, 32, 48}, 0);
  expect_colour(5, 22, {255, 0, 0}, 0);
  expect_colour(5, 41, {255, 0, 0}, 0);
  expect_colour(5, 42, {16, 32, 48}, 0);
}

TEST_F(Resize, CropsTheMiddle) {
  // Columns 32 to 95 of 128 remain: half red, half blue.
  decode(sides(128, 64), mode("center_crop"));
  expect_colour(0, 0, {255, 0, 0}, 0);
  expect_colour(31, 63, {255, 0, 0}, 0);
  expect_colour(32, 0, {0, 0, 255}, 0);
  expect_colour(63, 63, {0, 0, 255}, 0);
}

TEST_F(Resize, AveragesWhatItShrinks) {
  // Columns of black and white, one pixel wide, come out grey.
  KALE_CHECK(start_vips().has_value(), "libvips starts");
  std::vector<std::uint8_t> stripes(512 * 512);
  for (std::size_t i = 0; i < stripes.size(); ++i) stripes[i] = i % 2 == 0 ? 0 : 255;
  Picture grey = keep(vips_image_new_from_memory_copy(stripes.data(), stripes.size(), 512, 512, 1,
                                                      VIPS_FORMAT_UCHAR));
  decode(save(grey, ".png"), mode("center_crop"));
  for (int x = 2; x < 62; ++x) expect_colour(x, 32, {127, 127, 127}, 3);
}

TEST_F(Resize, TurnsFirst) {
  auto picture = filled(200, 100, {9, 8, 7}, VIPS_INTERPRETATION_sRGB);
  vips_image_set_int(picture.get(), VIPS_META_ORIENTATION, 6);
  decode(save(picture, ".jpg"), mode("keep_ratio")), expect_size(64, 128);
  decode(save(picture, ".jpg"), mode("border")), expect_size(64, 64);
  expect_colour(15, 32, {255, 255, 255}, 0);
  expect_colour(16, 32, {9, 8, 7}, 3);
}

TEST_F(Resize, ResizesAnSvgAsItIsDrawn) {
  std::string red =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"20\">"
      "<rect width=\"40\" height=\"20\" fill=\"#ff0000\"/></svg>";
  decode(red, mode("no")), expect_size(512, 256);
  decode(red, mode("border")), expect_size(64, 64);
  expect_colour(32, 15, {255, 255, 255}, 0);
  expect_colour(32, 17, {255, 0, 0}, 1);
}

TEST_F(Resize, HoldsWhatComesOutToALimit) {
  auto line = save(filled(5000, 16, {1, 2, 3}, VIPS_INTERPRETATION_sRGB), ".png");
  DecodeOptions options{
      .pixels_held_max = 64 * 20'000 - 1, .side_px_max = 64, .resize_mode = "keep_ratio"};
  expect_dropped(line, Drop::kTooManyPixels, options);
  options.resize_mode = "center_crop";
  expect_dropped(line, Drop::kTooManyPixels, options);
  options.pixels_held_max += 1;
  EXPECT_TRUE(std::holds_alternative<On>(decode(line, options)));
  expect_dropped(line, Drop::kTooManyPixels, {.pixels_held_max = 79'999, .resize_mode = "no"});
}

TEST_F(Resize, TakesTheThinnestPictures) {
  for (const char* suffix : {".png", ".jpg", ".webp", ".gif", ".tif", ".tif[tile]"}) {
    SCOPED_TRACE(suffix);
    for (auto [width, height] : {std::pair{1, 1}, {5000, 1}, {1, 5000}}) {
      auto picture = filled(width, height, {200, 100, 50}, VIPS_INTERPRETATION_sRGB);
      auto bytes = save(picture, suffix);
      expect_dropped(bytes, Drop::kTooSmall);
      for (const char* name : {"fit", "border", "keep_ratio_largest", "no"}) {
        auto options = mode(name);
        options.side_min = 1;
        ASSERT_TRUE(std::holds_alternative<On>(decode(bytes, options))) << name << " " << width;
        expect_colour((row.pixels->width - 1) / 2, (row.pixels->height - 1) / 2, {200, 100, 50},
                      12);
      }
    }
  }
}

// Cut at every byte, a sample is kept, or dropped with a reason of ours; kept only where nothing
// but what stands behind the picture is missing.
TEST_F(Resize, EveryPrefixOfEverySampleEndsInAnOutcome) {
  auto picture = filled(16, 16, {200, 100, 50}, VIPS_INTERPRETATION_sRGB);
  for (const char* suffix :
       {".png[strip]", ".jpg[strip]", ".webp[strip]", ".webp[lossless,strip]", ".gif",
        ".tif[strip]", ".tif[tile,tile-width=16,tile-height=16,compression=lzw,strip]",
        ".tif[compression=jpeg,strip]"}) {
    SCOPED_TRACE(suffix);
    std::string whole = save(picture, suffix);
    ASSERT_TRUE(std::holds_alternative<On>(decode(whole)));
    for (std::size_t length = 0; length < whole.size(); ++length) {
      Outcome outcome = decode(whole.substr(0, length));
      if (std::holds_alternative<On>(outcome)) {
        EXPECT_LE(whole.size() - length, 2U);  // the marks behind JPEG and GIF data
        continue;
      }
      ASSERT_TRUE(std::holds_alternative<Dropped>(outcome)) << length;
      EXPECT_EQ(row.pixels, nullptr);
    }
  }
}

}  // namespace
}  // namespace kale
