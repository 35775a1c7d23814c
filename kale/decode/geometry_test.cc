#include "kale/decode/geometry.h"

#include <gtest/gtest.h>

namespace kale {
namespace {

// Sizes and offsets that img2dataset comes to, worked out by hand.
struct Case {
  const char* mode;
  PictureSize picture;
  std::int64_t side;
  PictureSize scaled, canvas;
  std::int64_t left, top;
};

void expect(const Case& c, bool only_if_bigger = false) {
  auto mode = resize_mode(c.mode);
  ASSERT_TRUE(mode) << c.mode;
  Geometry g = resize_geometry(c.picture, {*mode, c.side, only_if_bigger});
  SCOPED_TRACE(std::string(c.mode) + " " + std::to_string(c.picture.width) + " x " +
               std::to_string(c.picture.height));
  EXPECT_EQ(g.scaled.width, c.scaled.width);
  EXPECT_EQ(g.scaled.height, c.scaled.height);
  EXPECT_EQ(g.canvas.width, c.canvas.width);
  EXPECT_EQ(g.canvas.height, c.canvas.height);
  EXPECT_EQ(g.left, c.left);
  EXPECT_EQ(g.top, c.top);
}

TEST(Geometry, FitShrinksTheLongSideAndNeverEnlarges) {
  expect({"fit", {3000, 1000}, 300, {300, 100}, {300, 100}, 0, 0});
  expect({"fit", {1000, 3000}, 300, {100, 300}, {100, 300}, 0, 0});
  expect({"fit", {300, 20}, 300, {300, 20}, {300, 20}, 0, 0});
  expect({"fit", {40, 20}, 300, {40, 20}, {40, 20}, 0, 0});
  expect({"fit", {4000, 2}, 100, {100, 1}, {100, 1}, 0, 0});  // 0.05 rows would be none
}

TEST(Geometry, KeepRatioSetsTheShortSide) {
  expect({"keep_ratio", {640, 480}, 256, {341, 256}, {341, 256}, 0, 0});  // 341.33
  expect({"keep_ratio", {480, 640}, 256, {256, 341}, {256, 341}, 0, 0});
  expect({"keep_ratio", {100, 50}, 256, {512, 256}, {512, 256}, 0, 0});
}

TEST(Geometry, KeepRatioLargestSetsTheLongSide) {
  expect({"keep_ratio_largest", {640, 480}, 256, {256, 192}, {256, 192}, 0, 0});
  expect({"keep_ratio_largest", {100, 50}, 256, {256, 128}, {256, 128}, 0, 0});
}

TEST(Geometry, RoundsHalvesToEven) {
  expect({"keep_ratio_largest", {512, 5}, 256, {256, 2}, {256, 2}, 0, 0});  // 2.5
  expect({"keep_ratio_largest", {512, 7}, 256, {256, 4}, {256, 4}, 0, 0});  // 3.5
}

TEST(Geometry, BorderCentresOnASquare) {
  expect({"border", {640, 480}, 256, {256, 192}, {256, 256}, 0, 32});
  expect({"border", {480, 640}, 256, {192, 256}, {256, 256}, 32, 0});
  expect({"border", {256, 201}, 256, {256, 201}, {256, 256}, 0, 27});  // 55 rows: 27 above
  expect({"border", {64, 32}, 256, {256, 128}, {256, 256}, 0, 64});
}

TEST(Geometry, CenterCropCutsTheMiddleOut) {
  expect({"center_crop", {640, 480}, 256, {341, 256}, {256, 256}, -42, 0});  // 85 columns: 42 left
  expect({"center_crop", {480, 640}, 256, {256, 341}, {256, 256}, 0, -42});
  expect({"center_crop", {256, 256}, 256, {256, 256}, {256, 256}, 0, 0});
}

TEST(Geometry, OnlyIfBiggerLeavesSmallPicturesAlone) {
  expect({"border", {200, 100}, 256, {200, 100}, {200, 100}, 0, 0}, true);
  expect({"border", {257, 100}, 256, {256, 100}, {256, 256}, 0, 78}, true);  // 99.6
  expect({"center_crop", {999, 256}, 256, {999, 256}, {999, 256}, 0, 0}, true);
  expect({"center_crop", {512, 514}, 256, {256, 257}, {256, 256}, 0, 0}, true);
  expect({"keep_ratio", {999, 256}, 256, {999, 256}, {999, 256}, 0, 0}, true);
}

TEST(Geometry, NoLeavesEveryPictureAlone) {
  expect({"no", {9000, 10}, 256, {9000, 10}, {9000, 10}, 0, 0});
}

TEST(Geometry, KnowsItsModesByName) {
  EXPECT_EQ(resize_mode("fixed"), std::nullopt);
  EXPECT_EQ(resize_mode(""), std::nullopt);
}

}  // namespace
}  // namespace kale
