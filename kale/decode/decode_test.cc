#include "kale/decode/decode.h"

#include "kale/decode/picture_fake.h"

namespace kale {
namespace {

std::string svg(std::string_view inside, std::string_view attributes = "") {
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" "
         "width=\"40\" height=\"20\" " +
         std::string(attributes) + ">" + std::string(inside) + "</svg>";
}

const std::string kRedHalf = R"(<rect width="20" height="20" fill="#ff0000"/>)";

// PNG of any size in its header, with nothing behind it.
std::string png_header(std::uint32_t width, std::uint32_t height) {
  std::string png("\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", 16);
  for (std::uint32_t side : {width, height}) {
    for (int shift : {24, 16, 8, 0}) png += static_cast<char>((side >> shift) & 0xFF);
  }
  png += std::string("\x08\x02\0\0\0", 5);
  png += std::string(4, '\0');
  return png + std::string("\0\0\0\0IEND\xae\x42\x60\x82", 12);
}

TEST_F(DecodeTest, ReadsPngAndFillsTheRow) {
  auto bytes = save(filled(60, 40, {10, 200, 30}, VIPS_INTERPRETATION_sRGB), ".png");
  ASSERT_TRUE(std::holds_alternative<On>(decode(bytes)));
  EXPECT_EQ(row.width, 60);
  EXPECT_EQ(row.height, 40);
  EXPECT_EQ(row.image_format, "png");
  EXPECT_EQ(row.sha256.size(), 64U);
  EXPECT_EQ(row.pixels->width, 60);
  EXPECT_EQ(row.pixels->rgb.size(), 60U * 40 * 3);
  expect_colour(30, 20, {10, 200, 30}, 0);
}

TEST_F(DecodeTest, ShrinksToTheLongSide) {
  auto wide = filled(3000, 1000, {200, 100, 50}, VIPS_INTERPRETATION_sRGB);
  for (const char* suffix : {".png", ".jpg"}) {
    ASSERT_TRUE(std::holds_alternative<On>(decode(save(wide, suffix), {.side_px_max = 300})));
    EXPECT_EQ(row.width, 3000);
    EXPECT_EQ(row.pixels->width, 300);
    EXPECT_EQ(row.pixels->height, 100);
    expect_colour(150, 50, {200, 100, 50});
  }
  auto line = filled(4000, 20, {1, 2, 3}, VIPS_INTERPRETATION_sRGB);
  ASSERT_TRUE(std::holds_alternative<On>(decode(save(line, ".png"), {.side_px_max = 100})));
  EXPECT_EQ(row.pixels->width, 100);
  EXPECT_GE(row.pixels->height, 1);
}

TEST_F(DecodeTest, MixesAlphaWithTheBackground) {
  auto half = filled(40, 40, {255, 0, 0, 128}, VIPS_INTERPRETATION_sRGB);
  ASSERT_TRUE(std::holds_alternative<On>(decode(save(half, ".png"))));
  expect_colour(20, 20, {255, 127, 127});
  ASSERT_TRUE(std::holds_alternative<On>(decode(save(half, ".png"), {.background = "#0000ff"})));
  expect_colour(20, 20, {128, 0, 127});
}

TEST_F(DecodeTest, InvisibleColoursDoNotBleedIntoEdges) {
  auto sides = join(filled(400, 400, {255, 0, 0, 255}, VIPS_INTERPRETATION_sRGB),
                    filled(400, 400, {0, 0, 0, 0}, VIPS_INTERPRETATION_sRGB));
  ASSERT_TRUE(std::holds_alternative<On>(decode(save(sides, ".png"), {.side_px_max = 101})));
  for (int x = 0; x < row.pixels->width; ++x) EXPECT_GE(row.pixels->at(x, 20)[0], 250) << x;
}

TEST_F(DecodeTest, IgnoresAProfileThatMakesNoSense) {
  auto picture = filled(40, 40, {30, 200, 30}, VIPS_INTERPRETATION_sRGB);
  std::string profile(300, 'x');
  vips_image_set_blob_copy(picture.get(), VIPS_META_ICC_NAME, profile.data(), profile.size());
  ASSERT_TRUE(std::holds_alternative<On>(decode(save(picture, ".jpg"))));
  expect_colour(20, 20, {30, 200, 30}, 6);
}

TEST_F(DecodeTest, DropsWhatIsNoPicture) {
  for (std::string bytes : {"", "hello", "<html><svg/></html>", "RIFF....WAVE", "%PDF-1.4", "<"}) {
    expect_dropped(bytes, Drop::kNotAnImage);
  }
  auto picture = filled(40, 40, {1, 2, 3}, VIPS_INTERPRETATION_sRGB);
  expect_dropped(save(picture, ".ppm"), Drop::kNotAnImage);
}

TEST_F(DecodeTest, DropsByItsLimitsBeforeDecoding) {
  expect_dropped(png_header(50000, 50000), Drop::kTooManyPixels);
  expect_dropped(png_header(2147483647, 2147483647), Drop::kTooManyPixels);
  expect_dropped(png_header(0, 50), Drop::kBrokenImage);
  expect_dropped(png_header(15, 500), Drop::kTooSmall);
  auto bytes = save(filled(64, 64, {1, 2, 3}, VIPS_INTERPRETATION_sRGB), ".jpg");
  expect_dropped(bytes, Drop::kTooManyBytes, {.bytes_max = 100});
  expect_dropped(bytes, Drop::kTooManyPixels, {.pixels_max = 64 * 64 - 1});
  std::string huge = bytes;  // the header lies about its size
  auto frame = huge.find("\xFF\xC0");
  ASSERT_NE(frame, std::string::npos);
  huge.replace(frame + 5, 4, "\xFF\xFF\xFF\xFF");
  expect_dropped(huge, Drop::kTooManyPixels);
}

TEST_F(DecodeTest, HoldsPicturesOfSeveralPassesToTheirOwnLimit) {
  auto picture = filled(64, 64, {1, 2, 3}, VIPS_INTERPRETATION_sRGB);
  for (const char* suffix : {".png[interlace]", ".jpg[interlace]"}) {
    DecodeOptions exact{.pixels_held_max = 64 * 64};
    EXPECT_TRUE(std::holds_alternative<On>(decode(save(picture, suffix), exact))) << suffix;
    expect_dropped(save(picture, suffix), Drop::kTooManyPixels, {.pixels_held_max = 4095});
  }
  for (const char* suffix : {".png", ".jpg"}) {
    DecodeOptions low{.pixels_held_max = 4095, .side_px_max = 32};
    EXPECT_TRUE(std::holds_alternative<On>(decode(save(picture, suffix), low))) << suffix;
  }
}

TEST_F(DecodeTest, GoesNoFurtherWhereALibrarySeesAnotherSize) {
  for (const char* suffix : {".png", ".jpg", ".webp", ".gif", ".tif"}) {
    SCOPED_TRACE(suffix);
    std::string bytes = save(filled(64, 48, {1, 2, 3}, VIPS_INTERPRETATION_sRGB), suffix);
    const PictureFormat& format = *sniff_picture(bytes);
    EXPECT_TRUE(render_picture(bytes, {.format = format, .header = {.size = {64, 48}}}));
    EXPECT_FALSE(render_picture(bytes, {.format = format, .header = {.size = {64, 47}}}));
  }
}

TEST_F(DecodeTest, LetsNoLoaderThroughThatItDoesNotName) {
  auto loads = [](const std::string& bytes) {
    VipsImage* image = vips_image_new_from_buffer(bytes.data(), bytes.size(), "", nullptr);
    vips_error_clear();
    if (image != nullptr) g_object_unref(image);
    return image != nullptr;
  };
  auto picture = filled(40, 40, {1, 2, 3}, VIPS_INTERPRETATION_sRGB);
  for (const char* suffix : {".png", ".jpg", ".webp", ".gif", ".tif"}) {
    EXPECT_TRUE(loads(save(picture, suffix))) << suffix;
  }
  for (const char* suffix : {".hdr", ".ppm"}) {  // radiance, netpbm
    EXPECT_FALSE(loads(save(picture, suffix))) << suffix;
  }
}

TEST_F(DecodeTest, DropsAPictureCutShort) {
  VipsImage* noise = nullptr;
  ASSERT_TRUE(start_vips());
  ASSERT_EQ(vips_gaussnoise(&noise, 200, 200, "seed", 1, nullptr), 0);
  Picture grain = keep(noise);
  VipsImage* bytes8 = nullptr;
  ASSERT_EQ(vips_cast_uchar(grain.get(), &bytes8, nullptr), 0);
  Picture picture = keep(bytes8);
  for (const char* suffix :
       {".png", ".png[interlace]", ".jpg", ".jpg[interlace]", ".webp", ".webp[lossless]", ".gif",
        ".tif", ".tif[compression=lzw]", ".tif[compression=deflate]", ".tif[compression=jpeg]",
        ".tif[tile,compression=lzw]", ".tif[tile,compression=jpeg]"}) {
    std::string whole = save(picture, suffix);
    ASSERT_TRUE(std::holds_alternative<On>(decode(whole))) << suffix;
    for (double part : {0.05, 0.3, 0.5, 0.8, 0.95}) {
      auto length = static_cast<std::size_t>(part * static_cast<double>(whole.size()));
      SCOPED_TRACE(std::string(suffix) + " " + std::to_string(part));
      expect_dropped(whole.substr(0, length), Drop::kBrokenImage);
    }
  }
}

TEST_F(DecodeTest, DrawsSvgAtItsSide) {
  ASSERT_TRUE(std::holds_alternative<On>(decode(svg(kRedHalf))));
  EXPECT_EQ(row.image_format, "svg");
  EXPECT_EQ(row.width, 40);
  EXPECT_EQ(row.height, 20);
  EXPECT_EQ(row.pixels->width, 512);
  EXPECT_EQ(row.pixels->height, 256);
  expect_colour(128, 128, {255, 0, 0});
  expect_colour(400, 128, {255, 255, 255});
}

TEST_F(DecodeTest, DrawsSvgWithAPlainDoctype) {
  std::string doctype =
      "<?xml version=\"1.0\"?><!-- old --><!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.0//EN\" "
      "\"http://www.w3.org/TR/2001/REC-SVG-20010904/DTD/svg10.dtd\">";
  ASSERT_TRUE(std::holds_alternative<On>(decode(doctype + svg(kRedHalf))));
  expect_colour(128, 128, {255, 0, 0});
}

// Points and millimetres are those of CSS, 96 dots to the inch, which is also what the drawing's
// own coordinates mean where no viewBox says otherwise: else its right and bottom are cut off.
TEST_F(DecodeTest, DrawsTheWholeOfAnSvgMeasuredInPoints) {
  std::string document =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"72pt\" height=\"25.4mm\">"
      "<rect width=\"48\" height=\"96\" fill=\"#ff0000\"/>"
      "<rect x=\"48\" width=\"48\" height=\"96\" fill=\"#0000ff\"/></svg>";
  ASSERT_TRUE(std::holds_alternative<On>(decode(document)));
  EXPECT_EQ(row.width, 96);
  EXPECT_EQ(row.height, 96);
  EXPECT_EQ(row.pixels->width, 512);
  expect_colour(240, 256, {255, 0, 0});
  expect_colour(272, 256, {0, 0, 255});
}

TEST_F(DecodeTest, DrawsSvgWithGradientsAndFiltersOfItsOwn) {
  std::string stops =
      "<linearGradient id=\"a\"><stop offset=\"0\" stop-color=\"#0000ff\"/></linearGradient>"
      "<linearGradient id=\"b\" xlink:href=\"#a\"/><filter id=\"grey\" x=\"0\" y=\"0\" "
      "width=\"1\" height=\"1\"><feColorMatrix type=\"saturate\" values=\"0\"/></filter>";
  std::string halves =
      "<rect width=\"20\" height=\"20\" fill=\"url(#b)\"/><rect x=\"20\" width=\"20\" "
      "height=\"20\" fill=\"url(#b)\" filter=\"url(#grey)\"/>";
  ASSERT_TRUE(std::holds_alternative<On>(decode(svg(stops + halves))));
  expect_colour(128, 128, {0, 0, 255});
  auto grey = row.pixels->at(400, 128);
  EXPECT_EQ(grey[0], grey[1]);
  EXPECT_EQ(grey[1], grey[2]);
}

TEST_F(DecodeTest, DropsUnsafeBrokenAndLargeSvg) {
  expect_dropped(svg("<image href=\"file:///etc/passwd\"/>"), Drop::kUnsafeSvg);
  expect_dropped("<!DOCTYPE svg [<!ENTITY a \"aaaa\">]>" + svg("<text>&a;</text>"),
                 Drop::kUnsafeSvg);
  expect_dropped(svg("<g>"), Drop::kBrokenImage);
  expect_dropped(svg(kRedHalf).substr(0, 100), Drop::kBrokenImage);
  expect_dropped(svg(kRedHalf), Drop::kTooManyBytes, {.svg_bytes_max = 50});
  expect_dropped("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1000\" height=\"2\"/>",
                 Drop::kTooSmall);
}

TEST_F(DecodeTest, DropsSvgLargerThanAnyPictureAndSaysNothingElse) {
  testing::internal::CaptureStderr();
  std::string start = "<svg xmlns=\"http://www.w3.org/2000/svg\" ";
  for (const std::string& huge :
       {start + "width=\"1e9\" height=\"1e9\"/>", start + "width=\"1e9\" height=\"48\"/>",
        start + "viewBox=\"0 0 1e9 1e9\"/>",
        start + "><rect width=\"1e9\" height=\"1e9\"/></svg>"}) {
    expect_dropped(huge, Drop::kTooManyPixels);
  }
  Outcome outcome = decode(svg(kRedHalf));  // nothing of them is left behind
  EXPECT_TRUE(std::holds_alternative<On>(outcome));
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST_F(DecodeTest, DropsSvgThatWouldTakeTooLongToDraw) {
  std::string levels = "<rect id=\"l0\" width=\"9\" height=\"9\" filter=\"url(#f)\"/>";
  for (int level = 1; level <= 6; ++level) {
    std::string use = "<use xlink:href=\"#l" + std::to_string(level - 1) + "\"/>";
    levels += "<g id=\"l" + std::to_string(level) + "\">" + use + use + use + use + "</g>";
  }
  std::string filter =
      "<filter id=\"f\"><feTurbulence baseFrequency=\"1\"/><feGaussianBlur/></filter>";
  expect_dropped(svg(filter + levels), Drop::kUnsafeSvg);
  expect_dropped(svg(kRedHalf + kRedHalf), Drop::kUnsafeSvg, {.svg_elements_max = 2});
}

TEST(Decode, RefusesABackgroundThatIsNoColour) {
  FakeExecutor executor;
  BuildContext build{.cpu = executor, .recipe_dir = "", .engine = {}};
  for (const char* text : {"white", "#fff", "#12345g", "#-1-1-1", ""}) {
    auto step = make_decode({.background = text}, build);
    ASSERT_FALSE(step) << text;
    EXPECT_EQ(step.error().code, Code::kBadConfig);
  }
}

}  // namespace
}  // namespace kale
