// Colours and turns: every depth, colour space and orientation that a format can carry.
#include <algorithm>

#include "kale/decode/picture_fake.h"

namespace kale {
namespace {

using Rgb = std::array<int, 3>;

// A JPEG that says its four channels are Y, Cb, Cr and K, made of one that says CMYK.
std::string as_ycck(std::string jpeg) {
  std::size_t adobe = jpeg.find("Adobe");
  KALE_CHECK(adobe != jpeg.npos, "libjpeg marks CMYK");
  jpeg[adobe + 11] = 2;
  return jpeg;
}

void attach(const Picture& picture, const char* profile) {
  VipsBlob* blob = nullptr;
  KALE_CHECK(vips_profile_load(profile, &blob, nullptr) == 0, vips_error_buffer());
  std::size_t size = 0;
  const void* data = vips_blob_get(blob, &size);
  vips_image_set_blob_copy(picture.get(), VIPS_META_ICC_NAME, data, size);
  vips_area_unref(VIPS_AREA(blob));
}

// 256 columns: grey 0 to 255 in 8 bits, or the same in 16.
Picture ramp(bool sixteen) {
  KALE_CHECK(start_vips().has_value(), "libvips starts");
  std::vector<std::uint16_t> wide;
  std::vector<std::uint8_t> narrow;
  for (int i = 0; i < 256 * 16; ++i) {
    narrow.push_back(static_cast<std::uint8_t>(i % 256));
    wide.push_back(static_cast<std::uint16_t>((i % 256) * 257));
  }
  const void* data = sixteen ? static_cast<void*>(wide.data()) : narrow.data();
  Picture grey =
      keep(vips_image_new_from_memory_copy(data, sixteen ? wide.size() * 2 : narrow.size(), 256, 16,
                                           1, sixteen ? VIPS_FORMAT_USHORT : VIPS_FORMAT_UCHAR));
  VipsImage* out = nullptr;
  vips_copy(grey.get(), &out, "interpretation",
            sixteen ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_B_W, nullptr);
  return keep(out);
}

// Red and green above blue and white.
Picture quarters() {
  auto part = [](const Colour& colour) { return filled(24, 16, colour, VIPS_INTERPRETATION_sRGB); };
  auto above = join(part({255, 0, 0}), part({0, 255, 0}));
  auto below = join(part({0, 0, 255}), part({255, 255, 255}));
  VipsImage* out = nullptr;
  vips_join(above.get(), below.get(), &out, VIPS_DIRECTION_VERTICAL, nullptr);
  return keep(out);
}

std::string big_endian_bytes(std::uint32_t value) {
  std::string text;
  for (int shift : {24, 16, 8, 0}) text += static_cast<char>((value >> shift) & 0xFF);
  return text;
}

std::string png_chunk(const std::string& name, const std::string& data) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (char c : name + data) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) == 0 ? 0 : 0xEDB88320);
  }
  return big_endian_bytes(static_cast<std::uint32_t>(data.size())) + name + data +
         big_endian_bytes(~crc);
}

// libvips reads eXIf, and writes none.
std::string png_with_orientation(const Picture& picture, int orientation) {
  std::string exif("MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0O\0\0\0\0\0\0", 26);
  exif[exif.find('O')] = static_cast<char>(orientation);
  constexpr std::size_t kBehindHeader = 33;
  return save(picture, ".png").insert(kBehindHeader, png_chunk("eXIf", exif));
}

using Colours = DecodeTest;

TEST_F(Colours, BringsEveryDepthAndSpaceToSrgb) {
  auto sixteen = filled(40, 40, {65535, 32896, 0}, VIPS_INTERPRETATION_RGB16, VIPS_FORMAT_USHORT);
  auto glass = filled(40, 40, {65535, 0, 0, 32768}, VIPS_INTERPRETATION_RGB16, VIPS_FORMAT_USHORT);
  for (const char* suffix : {".png", ".tif", ".tif[compression=lzw]", ".tif[tile]"}) {
    SCOPED_TRACE(suffix);
    ASSERT_TRUE(std::holds_alternative<On>(decode(save(sixteen, suffix))));
    expect_colour(20, 20, {255, 128, 0}, 1);
    ASSERT_TRUE(std::holds_alternative<On>(decode(save(glass, suffix))));
    expect_colour(20, 20, {255, 127, 127}, 1);
  }
  auto two = filled(40, 40, {77, 0}, VIPS_INTERPRETATION_B_W);  // grey with alpha
  for (const char* suffix : {".png", ".tif"}) {
    ASSERT_TRUE(std::holds_alternative<On>(decode(save(two, suffix))));
    expect_colour(20, 20, {255, 255, 255}, 0);
  }
  auto palette = filled(40, 40, {250, 20, 90}, VIPS_INTERPRETATION_sRGB);
  for (const char* suffix : {".png[palette]", ".gif"}) {
    ASSERT_TRUE(std::holds_alternative<On>(decode(save(palette, suffix))));
    expect_colour(20, 20, {250, 20, 90}, 3);
  }
}

TEST_F(Colours, KeepsEveryGreyOfARamp) {
  for (bool sixteen : {false, true}) {
    for (const char* suffix : {".png", ".tif", ".tif[compression=deflate]", ".tif[tile]"}) {
      SCOPED_TRACE(suffix);
      ASSERT_TRUE(std::holds_alternative<On>(decode(save(ramp(sixteen), suffix))));
      for (int x = 0; x < 256; ++x) expect_colour(x, 8, {x, x, x}, sixteen ? 1 : 0);
    }
  }
  for (const char* suffix : {".jpg[Q=100]", ".webp[lossless]"}) {
    ASSERT_TRUE(std::holds_alternative<On>(decode(save(ramp(false), suffix))));
    for (int x = 0; x < 256; ++x) expect_colour(x, 8, {x, x, x}, 2);
  }
}

struct Ink {
  Colour cmyk;
  Rgb rgb;
};
const std::vector<Ink> kInks = {{{0, 0, 0, 0}, {255, 255, 255}},
                                {{0, 0, 0, 255}, {35, 31, 32}},
                                {{0, 255, 255, 0}, {237, 28, 36}},
                                {{255, 0, 0, 0}, {0, 158, 227}}};

// The colours that printers' black, red and cyan have on coated paper; the tolerance is that of
// libvips' own profile.
TEST_F(Colours, ReadsCmykWithAndWithoutAProfile) {
  for (const Ink& ink : kInks) {
    for (const char* suffix : {".jpg[Q=95]", ".tif[compression=lzw]"}) {
      for (const char* profile : {"", "cmyk", "srgb"}) {  // the last fits no CMYK: as if none
        SCOPED_TRACE(std::string(suffix) + " " + profile);
        auto picture = filled(32, 32, ink.cmyk, VIPS_INTERPRETATION_CMYK);
        if (*profile != '\0') attach(picture, profile);
        ASSERT_TRUE(std::holds_alternative<On>(decode(save(picture, suffix))));
        expect_colour(16, 16, ink.rgb, 14);
      }
    }
  }
}

TEST_F(Colours, ReadsYcckJpeg) {
  // What to save as CMYK so that the file's channels are Y, Cb, Cr and K of the inks above.
  const std::vector<Colour> channels = {{255, 127, 127, 0}, {255, 127, 127, 255}, {76, 84, 254, 0}};
  for (std::size_t i = 0; i < channels.size(); ++i) {
    auto picture = filled(32, 32, channels[i], VIPS_INTERPRETATION_CMYK);
    for (const char* profile : {"", "cmyk"}) {
      SCOPED_TRACE(std::to_string(i) + " " + profile);
      if (*profile != '\0') attach(picture, profile);
      ASSERT_TRUE(std::holds_alternative<On>(decode(as_ycck(save(picture, ".jpg[Q=100]")))));
      expect_colour(16, 16, kInks[i].rgb, 14);
    }
  }
}

TEST_F(Colours, ReadsCmykOfSixteenBits) {
  for (const Ink& ink : kInks) {
    Colour wide = ink.cmyk;
    for (double& value : wide) value *= 257;
    auto picture = filled(32, 32, wide, VIPS_INTERPRETATION_CMYK, VIPS_FORMAT_USHORT);
    ASSERT_TRUE(std::holds_alternative<On>(decode(save(picture, ".tif"))));
    expect_colour(16, 16, ink.rgb, 14);
  }
}

TEST_F(Colours, ConvertsByTheEmbeddedProfile) {
  auto plain = filled(64, 64, {30, 200, 30}, VIPS_INTERPRETATION_sRGB);
  VipsImage* wide = nullptr;
  ASSERT_EQ(vips_icc_transform(plain.get(), &wide, "p3", "input_profile", "srgb", nullptr), 0);
  auto picture = keep(wide);
  for (const char* suffix : {".png", ".jpg[Q=100]", ".webp[lossless]", ".tif"}) {
    SCOPED_TRACE(suffix);
    ASSERT_TRUE(std::holds_alternative<On>(decode(save(picture, suffix))));
    expect_colour(32, 32, {30, 200, 30}, 6);
  }
}

TEST_F(Colours, TurnsByExifOrientation) {
  Rgb red{255, 0, 0}, green{0, 255, 0}, blue{0, 0, 255}, white{255, 255, 255};
  const std::array<std::array<Rgb, 4>, 8> turned = {{{red, green, blue, white},
                                                     {green, red, white, blue},
                                                     {white, blue, green, red},
                                                     {blue, white, red, green},
                                                     {red, blue, green, white},
                                                     {blue, red, white, green},
                                                     {white, green, blue, red},
                                                     {green, white, red, blue}}};
  auto picture = quarters();
  for (int orientation = 1; orientation <= 8; ++orientation) {
    vips_image_set_int(picture.get(), VIPS_META_ORIENTATION, orientation);
    for (const char* suffix : {".jpg[Q=95]", ".png", ".webp[lossless]", ".tif", ".tif[tile]"}) {
      SCOPED_TRACE(std::string(suffix) + " " + std::to_string(orientation));
      bool png = std::string_view(suffix) == ".png";
      std::string bytes = png ? png_with_orientation(picture, orientation) : save(picture, suffix);
      ASSERT_TRUE(std::holds_alternative<On>(decode(bytes, {.side_px_max = 24})));
      bool sideways = orientation >= 5;
      EXPECT_EQ(row.width, sideways ? 32 : 48);
      EXPECT_EQ(row.height, sideways ? 48 : 32);
      ASSERT_EQ(row.pixels->width, sideways ? 16 : 24);
      ASSERT_EQ(row.pixels->height, sideways ? 24 : 16);
      const auto& expected = turned[static_cast<std::size_t>(orientation - 1)];
      int right = row.pixels->width - 4, bottom = row.pixels->height - 4;
      expect_colour(3, 3, expected[0], 8);
      expect_colour(right, 3, expected[1], 8);
      expect_colour(3, bottom, expected[2], 8);
      expect_colour(right, bottom, expected[3], 8);
    }
  }
}

}  // namespace
}  // namespace kale
