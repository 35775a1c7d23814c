#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <string>

#include "kale/io/temp_folder.h"
#include "kale/world/draw/canvas.h"
#include "kale/world/draw/colours.h"
#include "kale/world/draw/cutouts.h"
#include "kale/world/draw/lettering.h"
#include "kale/world/draw/picture.h"
#include "kale/world/draw/reshape.h"
#include "kale/world/draw/spoil.h"

namespace kale::world {
namespace {

Raster solid(int width, int height, Rgb colour) {
  Raster raster = blank(width, height, 4);
  for (std::size_t i = 0; i < raster.bytes.size(); i += 4) {
    raster.bytes[i] = colour.r, raster.bytes[i + 1] = colour.g, raster.bytes[i + 2] = colour.b;
    raster.bytes[i + 3] = 255;
  }
  return raster;
}

std::vector<std::string> named(const std::vector<std::pair<Rgb, int>>& pixels, bool outlined) {
  ColourCount count;
  for (const auto& [rgb, times] : pixels) {
    const std::uint8_t bytes[] = {rgb.r, rgb.g, rgb.b};
    for (int i = 0; i < times; ++i) count.add(bytes);
  }
  return count.main_colours(outlined);
}

TEST(Colours, EachPaintHasItsName) {
  for (std::string_view colour : kColours)
    EXPECT_EQ(named({{paint(colour), 1}}, false), std::vector{std::string(colour)});
}

TEST(Colours, LargestFirstAndSmallOnesLeftOut) {
  const auto red = paint("red"), blue = paint("blue"), black = paint("black");
  EXPECT_EQ(named({{red, 30}, {blue, 60}, {paint("green"), 10}}, false),
            (std::vector<std::string>{"blue", "red"}));
  // The outline of a drawing is no colour of it; a black dog is black all the same.
  EXPECT_EQ(named({{red, 60}, {black, 40}}, true), std::vector<std::string>{"red"});
  EXPECT_EQ(named({{red, 75}, {black, 25}}, false), (std::vector<std::string>{"red", "black"}));
  EXPECT_EQ(named({{red, 20}, {black, 80}}, true), (std::vector<std::string>{"black", "red"}));
  // Mostly of a colour without a name here: nothing is said.
  EXPECT_TRUE(named({{Rgb{240, 222, 200}, 70}, {red, 30}}, false).empty());
}

TEST(Canvas, MeasuresWhatCanBeSeen) {
  Canvas canvas(40, 30);
  canvas.fill(paint("white"));
  canvas.put(solid(20, 10, paint("red")), 5, 5);
  canvas.put(solid(10, 10, paint("blue")), 20, 5);    // over a quarter of the red one
  canvas.put(solid(20, 20, paint("green")), 35, 25);  // mostly outside
  const std::vector<Seen> seen = canvas.seen();
  ASSERT_EQ(seen.size(), 3u);
  EXPECT_EQ(seen[0].drawn, 200);
  EXPECT_EQ(seen[0].visible, 150);
  EXPECT_EQ(seen[0].box, (Box{5, 5, 15, 10}));
  EXPECT_EQ(seen[0].colours.main_colours(false), std::vector<std::string>{"red"});
  EXPECT_EQ(seen[1].box, (Box{20, 5, 10, 10}));
  EXPECT_EQ(seen[2].box, (Box{35, 25, 5, 5}));
  EXPECT_EQ(seen[2].drawn, 25);
  EXPECT_EQ(canvas.ground_colour(), "white");
}

TEST(Lettering, DrawsMarksAsTheyAreAndSaysWhereTheInkLies) {
  const Result<Ink> plain = ink("a & b", "DejaVu Sans", 16);
  const Result<Ink> marks = ink("<b>a & b</b>", "DejaVu Sans", 16);
  ASSERT_TRUE(plain && marks);
  EXPECT_GT(marks->mask.width, plain->mask.width * 3 / 2);
  const Result<Ink> low = ink("ace", "DejaVu Sans", 16);
  const Result<Ink> high = ink("Ach", "DejaVu Sans", 16);
  ASSERT_TRUE(low && high);
  EXPECT_GT(low->top, high->top);  // so that both stand on one line
  Canvas canvas(100, 30);
  canvas.fill(paint("white"));
  const Box box = canvas.write(*low, 10, 4, paint("black"));
  EXPECT_EQ(box, (Box{10.0F + static_cast<float>(low->left), 4.0F + static_cast<float>(low->top),
                      static_cast<float>(low->mask.width), static_cast<float>(low->mask.height)}));
}

TEST(Reshape, TintKeepsOutlinesAndGivesTheColour) {
  Raster raster = solid(20, 20, paint("red"));
  std::fill_n(raster.bytes.begin(), 3, std::uint8_t{10});
  const Raster blue = tinted(raster, "blue");
  EXPECT_EQ(blue.bytes[0], 10);
  ColourCount count;
  for (std::size_t i = 4; i < blue.bytes.size(); i += 4) count.add(&blue.bytes[i]);
  EXPECT_EQ(count.main_colours(true), std::vector<std::string>{"blue"});
  const Result<Raster> half = reshaped(raster, {.scale = 0.5});
  ASSERT_TRUE(half);
  EXPECT_EQ(half->width, 10);
}

TEST(Spoil, SameNumbersSameBytesAndTheNoiseIsThere) {
  Canvas canvas(64, 48);
  canvas.fill(paint("grey"));
  const auto jpeg = [&](std::uint64_t seed, float noise) {
    Rng rng(seed);
    return spoiled_jpeg(canvas.rgb(), {.blur_sigma = 0.5F, .noise_sigma = noise, .vignette = 0.3F},
                        rng)
        .value();
  };
  EXPECT_EQ(jpeg(1, 6), jpeg(1, 6));
  EXPECT_NE(jpeg(1, 6), jpeg(2, 6));
  EXPECT_LT(jpeg(1, 0).size(), jpeg(1, 6).size());
  const Raster back = decoded(jpeg(1, 0)).value();
  EXPECT_EQ(back.width, 64);
  EXPECT_LT(back.at(0, 0)[0], back.at(32, 24)[0]);  // a corner is darker
}

class CutoutsTest : public testing::Test {
 protected:
  void SetUp() override {
    Raster rgb = blank(30, 20, 3);
    std::fill(rgb.bytes.begin(), rgb.bytes.end(), std::uint8_t{200});
    part_ = {.id = "stamp/x/grey", .file = folder_.path() / "grey.png"};
    ASSERT_TRUE(write_whole_file(real_disk(), part_.file, encoded_png(rgb).value()));
  }
  std::filesystem::path kept() const {
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path() / "kept"))
      return entry.path();
    return {};
  }
  RasterPtr get() {
    Cutouts cutouts(real_disk(), folder_.path() / "kept", 24);
    return cutouts.part(part_).value();
  }

  TempFolder folder_;
  Part part_;
};

TEST_F(CutoutsTest, FitsAndIsReadAgainFromItsFile) {
  const RasterPtr first = get();
  EXPECT_EQ(first->width, 24);
  EXPECT_EQ(first->height, 16);
  EXPECT_EQ(first->bands, 4);
  const auto since = std::filesystem::last_write_time(kept());
  EXPECT_EQ(get()->bytes, first->bytes);
  EXPECT_EQ(std::filesystem::last_write_time(kept()), since);  // so the file was used
}

TEST_F(CutoutsTest, WhatDoesNotHoldIsMadeAgain) {
  const RasterPtr first = get();
  const std::string whole = real_disk().read(kept(), 1 << 20).value();
  const auto expect_made_again = [&](const std::string& bytes, const char* why) {
    ASSERT_NE(bytes, whole);
    ASSERT_TRUE(write_whole_file(real_disk(), kept(), bytes));
    EXPECT_EQ(get()->bytes, first->bytes) << why;
    EXPECT_EQ(real_disk().read(kept(), 1 << 20).value(), whole) << why;
  };
  const auto replaced = [&](std::string_view from, std::string_view to) {
    std::string bytes = whole;
    return bytes.replace(bytes.find(from), from.size(), to);
  };
  expect_made_again(whole.substr(0, whole.size() / 2), "torn");
  std::string bytes = whole;
  bytes.back() = 7;
  expect_made_again(bytes, "another pixel");
  expect_made_again(replaced(" 24 16 4 ", " 64 24 1 "), "a mask of as many bytes");
  expect_made_again(replaced("kale-picture-2 1 ", "kale-picture-2 2 "), "another revision");
  expect_made_again("", "empty");
}

// An updated package may bring another picture of as many bytes.
TEST_F(CutoutsTest, AnotherFileGivesAnotherCutOut) {
  const RasterPtr first = get();
  std::string png = real_disk().read(part_.file, 1 << 20).value();
  Raster rgb = blank(30, 20, 3);
  std::fill(rgb.bytes.begin(), rgb.bytes.end(), std::uint8_t{100});
  std::string other = encoded_png(rgb).value();
  const std::size_t size = std::max(png.size(), other.size());
  png.resize(size), other.resize(size);  // what follows the end of a PNG is not read
  ASSERT_TRUE(write_whole_file(real_disk(), part_.file, png));
  ASSERT_EQ(get()->bytes, first->bytes);
  ASSERT_TRUE(write_whole_file(real_disk(), part_.file, other));
  EXPECT_NE(get()->bytes, first->bytes);
}

TEST_F(CutoutsTest, NamesTheFileThatIsNoPicture) {
  std::ofstream(part_.file) << "no picture";
  Cutouts cutouts(real_disk(), folder_.path() / "kept", 24);
  const Result<RasterPtr> none = cutouts.part(part_);
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().message.find("grey.png"), std::string::npos);
}

}  // namespace
}  // namespace kale::world
