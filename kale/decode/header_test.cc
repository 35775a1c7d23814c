#include "kale/decode/header.h"

#include <gtest/gtest.h>

#include "kale/decode/formats.h"
#include "kale/decode/jpeg.h"
#include "kale/decode/png.h"

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
  auto header = read_jpeg(kJpeg);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->size, (PictureSize{300, 200}));
  EXPECT_EQ(header->frame, header->size);
}

TEST(Header, HasNoSizeWhereTheBytesEndBeforeIt) {
  for (std::size_t length = 0; length < kJpeg.size() - 2; ++length) {
    EXPECT_FALSE(read_jpeg(std::string_view(kJpeg).substr(0, length))) << length;
  }
}

TEST(Header, RefusesSegmentsThatLie) {
  EXPECT_FALSE(read_jpeg(bytes({0xFF, 0xD8, 0xFF, 0xFE, 0, 1, 0xFF, 0xC0})));
  EXPECT_FALSE(read_jpeg(bytes({0xFF, 0xD8, 0xFF, 0xFE, 0xFF, 0xFF, 0, 0})));
  EXPECT_FALSE(read_jpeg(bytes({0xFF, 0xD8, 0xFF, 0xDA, 0, 4, 0, 0})));  // data before a frame
  EXPECT_FALSE(read_jpeg(bytes({0xFF, 0xD8, 0xFF, 0xE0, 0, 2, 'x', 'y'})));
}

TEST(Header, TellsJpegsOfSeveralPasses) {
  EXPECT_EQ(read_jpeg(kJpeg)->held_pixels, 0);
  std::string progressive = kJpeg;
  progressive[11] = static_cast<char>(0xC2);
  EXPECT_EQ(read_jpeg(progressive)->held_pixels, 300 * 200);
  std::string scan = bytes({0xFF, 0xDA, 0, 4, 1, 0, 1, 2, 3});
  EXPECT_EQ(read_jpeg(kJpeg + scan)->held_pixels, 0);
  EXPECT_EQ(read_jpeg(kJpeg + scan + scan)->held_pixels, 300 * 200);
  std::string coloured = kJpeg;
  coloured[19] = 3;  // of which the only scan carries one
  EXPECT_EQ(read_jpeg(coloured + scan)->held_pixels, 300 * 200);
}

std::string repeated(const std::string& text, std::int64_t times) {
  std::string all;
  for (std::int64_t i = 0; i < times; ++i) all += text;
  return all;
}

TEST(Header, LeavesJpegsOfTooManyScansUnread) {
  std::string scan = bytes({0xFF, 0xDA, 0, 4, 1, 0, 1, 0xFF, 0, 0xFF, 0xD3, 3});
  EXPECT_EQ(read_jpeg(kJpeg + repeated(scan, kJpegScansMax))->unread, "");
  EXPECT_EQ(read_jpeg(kJpeg + repeated(scan, kJpegScansMax + 1))->unread,
            "a JPEG of more than 100 scans");
}

TEST(Header, CountsTheScansThatTheLibraryWillMeet) {
  std::string scan = bytes({0xFF, 0xDA, 0, 4, 1, 0, 1});
  std::string scans = repeated(scan, kJpegScansMax);
  auto is_left = [&](const std::string& rest) { return !read_jpeg(kJpeg + rest)->unread.empty(); };
  EXPECT_FALSE(is_left(scans + bytes({0xFF, 0xFE, 0, 4, 0xFF, 0xDA})));  // in a comment
  EXPECT_FALSE(is_left(scans + bytes({0xFF, 0xD9}) + scan));             // behind the end
  EXPECT_TRUE(is_left(bytes({0xFF, 0xFE, 0, 4, 0xFF, 0xD9}) + scans + scan));
  EXPECT_TRUE(is_left(bytes({0xFF, 2, 0, 20}) + scans + scan));  // a marker that is none
  EXPECT_TRUE(is_left(scans + bytes({0xFF, 0xFF}) + scan));      // fill bytes
}

std::string_view format_of(std::string_view start) {
  const PictureFormat* format = sniff_picture(start);
  return format == nullptr ? "none" : format->name;
}

TEST(Header, KnowsFormatsByTheirFirstBytes) {
  using std::string_view_literals::operator""sv;
  EXPECT_EQ(format_of(kJpeg), "jpeg");
  EXPECT_EQ(format_of("\x89PNG\r\n\x1a\n...."), "png");
  EXPECT_EQ(format_of("RIFF....WEBP"), "webp");
  EXPECT_EQ(format_of("RIFF....WAVE"), "none");
  EXPECT_EQ(format_of("RIFF....WEB"), "none");
  EXPECT_EQ(format_of("GIF87a"), "gif");
  EXPECT_EQ(format_of("GIF89a"), "gif");
  EXPECT_EQ(format_of("GIF90a"), "none");
  EXPECT_EQ(format_of("II*\0...."sv), "tiff");
  EXPECT_EQ(format_of("MM\0*...."sv), "tiff");
  EXPECT_EQ(format_of("II\0*...."sv), "none");
  EXPECT_EQ(format_of("\xEF\xBB\xBF\n<?xml version='1.0'?><!-- <html> --><svg>"), "svg");
  EXPECT_EQ(format_of("<s:svg xmlns:s='http://www.w3.org/2000/svg'/>"), "svg");
  EXPECT_EQ(format_of("<svgx>"), "none");
  EXPECT_EQ(format_of("<html><svg>"), "none");
  EXPECT_EQ(format_of("plain <svg>"), "none");
  EXPECT_EQ(format_of("<!DOCTYPE svg"), "none");
  EXPECT_EQ(format_of(""), "none");
}

}  // namespace
}  // namespace kale
