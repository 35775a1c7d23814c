#include "kale/decode/bytes.h"
#include "kale/decode/gif.h"
#include "kale/decode/picture_fake.h"
#include "kale/decode/webp.h"

namespace kale {
namespace {

std::string number(std::uint64_t value, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += static_cast<char>((value >> (8 * i)) & 0xFF);
  return text;
}

struct Frame {
  int left = 0, top = 0, width = 16, height = 16;
  int colour = 1;        // of black, red, green, blue
  int see_through = -1;  // the colour that is none
};

// LZW in whole codes of three bits, cleared before the table grows.
std::string gif_data(const Frame& frame) {
  std::string bits;
  auto put = [&](int code) {
    for (int i = 0; i < 3; ++i) bits += static_cast<char>((code >> i) & 1);
  };
  for (int i = 0; i < frame.width * frame.height; ++i) {
    if (i % 2 == 0) put(4);
    put(frame.colour);
  }
  put(5);
  std::string packed((bits.size() + 7) / 8, '\0');
  for (std::size_t i = 0; i < bits.size(); ++i) {
    packed[i / 8] = static_cast<char>(packed[i / 8] | (bits[i] << (i % 8)));
  }
  std::string data = number(2, 1);
  for (std::size_t at = 0; at < packed.size(); at += 255) {
    std::string block = packed.substr(at, 255);
    data += number(block.size(), 1) + block;
  }
  return data + number(0, 1);
}

std::string gif(int width, int height, const std::vector<Frame>& frames) {
  std::string bytes = "GIF89a" + number(width, 2) + number(height, 2) + number(0x81, 1) +
                      number(0, 2) + std::string("\0\0\0\xFF\0\0\0\xFF\0\0\0\xFF", 12);
  for (const Frame& frame : frames) {
    if (frame.see_through >= 0) {
      bytes += "\x21\xF9\x04\x01" + number(0, 2) + number(frame.see_through, 1) + number(0, 1);
    }
    bytes += "," + number(frame.left, 2) + number(frame.top, 2) + number(frame.width, 2) +
             number(frame.height, 2) + number(0, 1) + gif_data(frame);
  }
  return bytes + ";";
}

using Gif = DecodeTest;

TEST_F(Gif, ShowsTheFirstFrame) {
  ASSERT_TRUE(
      std::holds_alternative<On>(decode(gif(20, 18, {{0, 0, 20, 18, 1}, {0, 0, 20, 18, 2}}))));
  EXPECT_EQ(row.image_format, "gif");
  EXPECT_EQ(row.width, 20);
  EXPECT_EQ(row.height, 18);
  EXPECT_EQ(row.pixels->width, 20);
  expect_colour(0, 0, {255, 0, 0}, 0);
  expect_colour(19, 17, {255, 0, 0}, 0);
}

TEST_F(Gif, ShowsTheBackgroundWhereTheFirstFrameIsNot) {
  ASSERT_TRUE(std::holds_alternative<On>(
      decode(gif(640, 480, {{100, 50, 20, 18, 3}}), {.background = "#0a0b0c"})));
  EXPECT_EQ(row.width, 640);  // libnsgif by itself would say 120 x 68
  EXPECT_EQ(row.height, 480);
  expect_colour(99, 50, {10, 11, 12}, 0);
  expect_colour(100, 50, {0, 0, 255}, 0);
  expect_colour(119, 67, {0, 0, 255}, 0);
  expect_colour(120, 67, {10, 11, 12}, 0);
  expect_colour(119, 68, {10, 11, 12}, 0);
}

TEST_F(Gif, SeesThroughTheColourThatIsNone) {
  ASSERT_TRUE(std::holds_alternative<On>(decode(gif(20, 20, {{0, 0, 20, 20, 2, 2}}))));
  expect_colour(10, 10, {255, 255, 255}, 0);
  ASSERT_TRUE(std::holds_alternative<On>(decode(gif(20, 20, {{0, 0, 20, 20, 2, 1}}))));
  expect_colour(10, 10, {0, 255, 0}, 0);
}

TEST_F(Gif, GrowsTheScreenToItsFirstFrame) {
  ASSERT_TRUE(std::holds_alternative<On>(decode(gif(1, 0, {{4, 8, 20, 18, 1}}))));
  EXPECT_EQ(row.width, 24);
  EXPECT_EQ(row.height, 26);
  expect_colour(23, 25, {255, 0, 0}, 0);
  expect_colour(0, 0, {255, 255, 255}, 0);
}

TEST_F(Gif, HoldsScreenAndFrameToTheirLimits) {
  std::string small = gif(20, 20, {{0, 0, 20, 20, 1}});
  std::string screen = small;
  screen.replace(6, 4, "\xFF\xFF\xFF\xFF");
  expect_dropped(screen, Drop::kTooManyPixels);
  std::string frame = small;
  std::size_t descriptor = frame.find(',');
  frame.replace(descriptor + 5, 4, "\xFF\xFF\xFF\xFF");
  expect_dropped(frame, Drop::kTooManyPixels);
  expect_dropped(small, Drop::kTooManyPixels, {.pixels_held_max = 399});
  frame.replace(descriptor + 5, 4, std::string(4, '\0'));
  expect_dropped(frame, Drop::kBrokenImage);
  expect_dropped(gif(20, 20, {}), Drop::kBrokenImage);
}

TEST_F(Gif, LosesNothingButTheEndOfALaterFrame) {
  std::string whole = gif(20, 18, {{0, 0, 20, 18, 1}, {0, 0, 20, 18, 2}});
  std::size_t first_end = gif(20, 18, {{0, 0, 20, 18, 1}}).size() - 1;
  for (std::size_t length = 0; length < whole.size(); ++length) {
    bool kept = std::holds_alternative<On>(decode(whole.substr(0, length)));
    EXPECT_EQ(kept, length >= first_end) << length;
  }
}

std::string chunk(std::string_view name, const std::string& data) {
  return std::string(name) + number(data.size(), 4) + data + std::string(data.size() % 2, '\0');
}

std::string riff(const std::string& chunks) {
  return "RIFF" + number(chunks.size() + 4, 4) + "WEBP" + chunks;
}

std::string vp8x(int flags, int width, int height) {
  return chunk("VP8X", number(flags, 4) + number(width - 1, 3) + number(height - 1, 3));
}

// The picture's own chunk out of a file that libwebp wrote: it stands behind VP8X, before EXIF.
std::string stream_of(const std::string& file) {
  constexpr std::size_t kBehindVp8x = 30;
  std::size_t length = little_endian(file, kBehindVp8x + 4, 4);
  return file.substr(kBehindVp8x, 8 + length + length % 2);
}

std::string anmf(int left, int top, int width, int height, const std::string& stream) {
  return chunk("ANMF", number(left / 2, 3) + number(top / 2, 3) + number(width - 1, 3) +
                           number(height - 1, 3) + number(100, 3) + number(0, 1) + stream);
}

struct Webp : DecodeTest {
  std::string still(int width, int height, const Colour& colour) {
    return save(filled(width, height, colour, VIPS_INTERPRETATION_sRGB), ".webp[lossless]");
  }
  std::string animation(int flags = 2) {
    return riff(vp8x(flags, 40, 30) + chunk("ANIM", number(0, 6)) +
                anmf(0, 0, 40, 30, stream_of(still(40, 30, {255, 0, 0}))) +
                anmf(0, 0, 40, 30, stream_of(still(40, 30, {0, 0, 255}))));
  }
};

TEST_F(Webp, ReadsStillPictures) {
  auto red = filled(60, 41, {200, 30, 40}, VIPS_INTERPRETATION_sRGB);
  auto glass = filled(60, 41, {255, 0, 0, 128}, VIPS_INTERPRETATION_sRGB);
  for (const char* suffix : {".webp[Q=95]", ".webp[lossless]"}) {
    SCOPED_TRACE(suffix);
    ASSERT_TRUE(std::holds_alternative<On>(decode(save(red, suffix))));
    EXPECT_EQ(row.image_format, "webp");
    EXPECT_EQ(row.width, 60);
    EXPECT_EQ(row.height, 41);
    expect_colour(59, 40, {200, 30, 40}, 4);
    ASSERT_TRUE(std::holds_alternative<On>(decode(save(glass, suffix))));
    expect_colour(30, 20, {255, 127, 127}, 3);
  }
  ASSERT_TRUE(std::holds_alternative<On>(decode(riff(stream_of(still(40, 30, {9, 80, 7}))))));
  expect_colour(39, 29, {9, 80, 7}, 0);
}

TEST_F(Webp, ShowsTheFirstFrameOfAnAnimation) {
  ASSERT_TRUE(std::holds_alternative<On>(decode(animation())));
  EXPECT_EQ(row.width, 40);
  EXPECT_EQ(row.height, 30);
  expect_colour(39, 29, {255, 0, 0}, 0);
  std::string part = riff(vp8x(2, 40, 30) + chunk("ANIM", number(0, 6)) +
                          anmf(10, 4, 20, 16, stream_of(still(20, 16, {255, 0, 0}))));
  ASSERT_TRUE(std::holds_alternative<On>(decode(part)));
  expect_colour(9, 4, {255, 255, 255}, 0);
  expect_colour(10, 4, {255, 0, 0}, 0);
  expect_colour(29, 19, {255, 0, 0}, 0);
  expect_colour(30, 19, {255, 255, 255}, 0);
}

TEST_F(Webp, LeavesOnlyTheFirstFrameToItsLibrary) {
  auto alone = webp_first_frame(animation());
  ASSERT_TRUE(alone);
  EXPECT_EQ(alone->find("ANMF"), alone->rfind("ANMF"));
  EXPECT_TRUE(read_webp(*alone)->whole);
  EXPECT_FALSE(webp_first_frame(*alone));
  EXPECT_FALSE(webp_first_frame(still(40, 30, {1, 2, 3})));
}

TEST_F(Webp, HoldsSizesToTheirLimits) {
  std::string stream = stream_of(still(40, 30, {1, 2, 3}));
  expect_dropped(riff(vp8x(0, 16'777'216, 16'777'216) + stream), Drop::kBrokenImage);
  expect_dropped(riff(vp8x(2, 50'000, 50'000) + anmf(0, 0, 40, 30, stream)), Drop::kTooManyPixels);
  expect_dropped(riff(chunk("VP8L", "\x2f\xff\xff\xff\x0f")), Drop::kTooManyPixels);
  expect_dropped(still(40, 30, {1, 2, 3}), Drop::kTooManyPixels, {.pixels_held_max = 1199});
}

TEST_F(Webp, RefusesSizesThatContradictEachOther) {
  std::string stream = stream_of(still(40, 30, {1, 2, 3}));
  expect_dropped(riff(vp8x(0, 40, 31) + stream), Drop::kBrokenImage);
  expect_dropped(riff(vp8x(2, 40, 30) + anmf(0, 0, 40, 29, stream)), Drop::kBrokenImage);
  expect_dropped(riff(vp8x(2, 40, 30) + anmf(2, 0, 40, 30, stream)), Drop::kBrokenImage);
  expect_dropped(riff(vp8x(2, 40, 30) + stream), Drop::kBrokenImage);  // no frame
  expect_dropped(riff(vp8x(0, 40, 30)), Drop::kBrokenImage);
  expect_dropped(riff(chunk("ALPH", "....")), Drop::kBrokenImage);
  std::string lossy = stream_of(save(filled(40, 30, {1, 2, 3}, VIPS_INTERPRETATION_sRGB), ".webp"));
  EXPECT_TRUE(std::holds_alternative<On>(decode(riff(lossy))));
  lossy[8] = static_cast<char>(lossy[8] | 1);  // no key frame
  expect_dropped(riff(lossy), Drop::kBrokenImage);
}

TEST_F(Webp, LooksAtNothingBehindItsEnd) {
  std::string whole = riff(vp8x(0, 40, 30));
  expect_dropped(whole + stream_of(still(40, 30, {1, 2, 3})), Drop::kBrokenImage);
}

}  // namespace
}  // namespace kale
