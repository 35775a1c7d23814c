#include "kale/decode/header.h"

#include <gtest/gtest.h>

namespace kale {
namespace {

std::string bytes(std::initializer_list<int> values) {
  std::string text;
  for (int value : values) text += static_cast<char>(value);
  return text;
}

// SOI, a comment of four bytes, fill bytes, SOF0 of 300 x 200.
const std::string kJpeg = bytes({0xFF, 0xD8, 0xFF, 0xFE, 0,   4, 'h', 'i', 0xFF, 0xFF, 0xFF, 0xC0,
                                 0,    11,   8,    0,    200, 1, 44,  1,   1,    0x11, 0});

TEST(Header, ReadsTheSizeBehindOtherSegments) {
  auto size = jpeg_size(kJpeg);
  ASSERT_TRUE(size);
  EXPECT_EQ(size->width, 300);
  EXPECT_EQ(size->height, 200);
}

TEST(Header, HasNoSizeWhereTheBytesEndBeforeIt) {
  for (std::size_t length = 0; length < kJpeg.size() - 2; ++length) {
    EXPECT_FALSE(jpeg_size(std::string_view(kJpeg).substr(0, length))) << length;
  }
}

TEST(Header, RefusesSegmentsThatLie) {
  EXPECT_FALSE(jpeg_size(bytes({0xFF, 0xD8, 0xFF, 0xFE, 0, 1, 0xFF, 0xC0})));
  EXPECT_FALSE(jpeg_size(bytes({0xFF, 0xD8, 0xFF, 0xFE, 0xFF, 0xFF, 0, 0})));
  EXPECT_FALSE(jpeg_size(bytes({0xFF, 0xD8, 0xFF, 0xDA, 0, 4, 0, 0})));  // data before a frame
  EXPECT_FALSE(jpeg_size(bytes({0xFF, 0xD8, 0xFF, 0xE0, 0, 2, 'x', 'y'})));
}

TEST(Header, TellsJpegsOfSeveralPasses) {
  EXPECT_FALSE(jpeg_has_passes(kJpeg));
  std::string progressive = kJpeg;
  progressive[11] = static_cast<char>(0xC2);
  EXPECT_TRUE(jpeg_has_passes(progressive));
  std::string scan = bytes({0xFF, 0xDA, 0, 4, 0, 0, 1, 2, 3});
  EXPECT_FALSE(jpeg_has_passes(kJpeg + scan));
  EXPECT_TRUE(jpeg_has_passes(kJpeg + scan + scan));
}

TEST(Header, KnowsFormatsByTheirFirstBytes) {
  EXPECT_EQ(sniff_picture(kJpeg), PictureFormat::kJpeg);
  EXPECT_EQ(sniff_picture("\x89PNG\r\n\x1a\n...."), PictureFormat::kPng);
  EXPECT_EQ(sniff_picture("\xEF\xBB\xBF\n<?xml version='1.0'?><!-- <html> --><svg>"),
            PictureFormat::kSvg);
  EXPECT_EQ(sniff_picture("<s:svg xmlns:s='http://www.w3.org/2000/svg'/>"), PictureFormat::kSvg);
  EXPECT_EQ(sniff_picture("<svgx>"), std::nullopt);
  EXPECT_EQ(sniff_picture("<html><svg>"), std::nullopt);
  EXPECT_EQ(sniff_picture("plain <svg>"), std::nullopt);
  EXPECT_EQ(sniff_picture("<!DOCTYPE svg"), std::nullopt);
  EXPECT_EQ(sniff_picture(""), std::nullopt);
}

}  // namespace
}  // namespace kale
