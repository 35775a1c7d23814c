#include "kale/decode/svg_guard.h"

#include <gtest/gtest.h>

#include "kale/decode/jpeg.h"

namespace kale {
namespace {

bool is_safe(std::string_view inside) {
  std::string document =
      "<svg xmlns=\"http://www.w3.org/2000/svg\">" + std::string(inside) + "</svg>";
  return !svg_danger(document, {.embedded_pixels_max = 10'000});
}

// IHDR of 16 x 16 and of 20000 x 20000; nothing behind it is looked at here.
constexpr std::string_view kSmallPng = "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2";
constexpr std::string_view kHugePng = "iVBORw0KGgoAAAANSUhEUgAATiAAAE4gCAIAAAD4fJZq";

TEST(SvgGuard, LetsADocumentUseItsOwnParts) {
  EXPECT_TRUE(is_safe("<rect fill=\"url(#sky)\"/>"));
  EXPECT_TRUE(is_safe("<use xlink:href=\"#tree\"/><use href = '#tree'/>"));
  EXPECT_TRUE(is_safe("<rect style=\"fill:url( '#sky' )\"/>"));
  EXPECT_TRUE(is_safe("<image href=\"data:image/png;base64," + std::string(kSmallPng) + "\"/>"));
  EXPECT_TRUE(is_safe("<style>.a { fill: red }</style>"));
}

// A JPEG of 16 x 16 without data, of as many scans.
std::string with_jpeg(std::int64_t scans) {
  std::string picture = "<image href=\"data:image/jpeg;base64,/9j/wAALCAAQABABAREA";
  for (std::int64_t i = 0; i < scans; ++i) picture += "/9oABAEA";
  return picture + "\"/>";
}

TEST(SvgGuard, RefusesEmbeddedJpegsOfTooManyScans) {
  EXPECT_TRUE(is_safe(with_jpeg(kJpegScansMax)));
  EXPECT_FALSE(is_safe(with_jpeg(kJpegScansMax + 1)));
}

TEST(SvgGuard, RefusesReferencesOutside) {
  EXPECT_FALSE(is_safe("<image href=\"http://example.org/a.png\"/>"));
  EXPECT_FALSE(is_safe("<image xlink:href='a.png'/>"));
  EXPECT_FALSE(is_safe("<image XLINK:HREF = \"a.png\"/>"));
  EXPECT_FALSE(is_safe("<image x:href=\"file:///etc/passwd\"/>"));
  EXPECT_FALSE(is_safe("<image href=\"&#104;ttp://example.org\"/>"));
  EXPECT_FALSE(is_safe("<image href=\"/dev/zero\"/>"));
  EXPECT_FALSE(is_safe("<image href=\"a.png"));
  EXPECT_FALSE(is_safe("<rect fill=\"url(http://example.org/a#b)\"/>"));
  EXPECT_FALSE(is_safe("<rect fill=\"u&#x72;l(other.svg#b)\"/>"));
  EXPECT_FALSE(is_safe("<g xml:base=\"http://example.org/\"/>"));
  EXPECT_FALSE(is_safe("<i:include xmlns:i=\"http://www.w3.org/2001/XInclude\"/>"));
}

TEST(SvgGuard, RefusesStyleSheetsFromElsewhere) {
  EXPECT_FALSE(is_safe("<style>@import 'a.css';</style>"));
  EXPECT_FALSE(is_safe("<style>@IMPORT url(#a);</style>"));
  EXPECT_FALSE(is_safe("<style>@\\69mport 'a.css';</style>"));
  EXPECT_FALSE(is_safe("<?xml-stylesheet href=\"#a\"?>"));
}

TEST(SvgGuard, RefusesEntities) {
  EXPECT_TRUE(svg_danger("<!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>", {}));
  EXPECT_TRUE(svg_danger("<!doctype svg [ ]><svg/>", {}));
  EXPECT_TRUE(svg_danger("<svg/><!DOCTYPE svg>", {}));
  EXPECT_TRUE(svg_danger("<!DOCTYPE svg><!DOCTYPE svg><svg/>", {}));
  EXPECT_TRUE(svg_danger("<svg><!ENTITY a 'b'></svg>", {}));
  EXPECT_FALSE(svg_danger("<!DOCTYPE svg PUBLIC 'a' 'b'><svg/>", {}));
}

TEST(SvgGuard, RefusesEmbeddedBombsAndUnknownFiles) {
  EXPECT_FALSE(is_safe("<image href=\"data:image/png;base64," + std::string(kHugePng) + "\"/>"));
  EXPECT_FALSE(is_safe("<image href=\"data:image/svg+xml;base64,PHN2Zy8+\"/>"));
  EXPECT_FALSE(is_safe("<image href=\"data:image/png,plain\"/>"));
  EXPECT_FALSE(is_safe("<image href=\"data:image/png;base64,AAAA\"/>"));
}

// What our reader of base64 steps over and librsvg's does not would show each another picture.
TEST(SvgGuard, RefusesBase64ThatCanBeReadInTwoWays) {
  std::string url = "data:image/png;base64," + std::string(kSmallPng);
  auto with = [&](std::size_t at, std::string_view inserted) {
    return is_safe("<image href=\"" + std::string(url).insert(at, inserted) + "\"/>");
  };
  std::size_t inside = url.find(',') + 9;
  EXPECT_TRUE(with(inside, ""));
  EXPECT_TRUE(with(inside, "\n  "));
  EXPECT_TRUE(with(url.size(), "=="));
  for (std::string_view odd : {"%0A", "&#10;", "&#x41;", "%41", "-", "#", "="}) {
    EXPECT_FALSE(with(inside, odd)) << odd;
  }
  EXPECT_FALSE(with(url.find(','), "&#44;AAAA;base64"));
  EXPECT_FALSE(with(url.find(';'), "%3B"));
}

TEST(SvgGuard, SumsTheEmbeddedPictures) {
  std::string image = "<image href=\"data:image/png;base64," + std::string(kSmallPng) + "\"/>";
  std::string images;
  for (int i = 0; i < 39; ++i) images += image;  // 256 pixels each, 10'000 are allowed
  EXPECT_TRUE(is_safe(images));
  EXPECT_FALSE(is_safe(images + image));
}

TEST(SvgGuard, RefusesEscapesWhereverStylesAre) {
  EXPECT_FALSE(is_safe("<rect style=\"fill:u\\72l(http://example.org/a)\"/>"));
  EXPECT_FALSE(is_safe("<rect fill='\\75rl(a.svg#b)'/>"));
  EXPECT_FALSE(is_safe("<rect fill='&#92;75rl(a.svg#b)'/>"));
  EXPECT_FALSE(is_safe("<style><![CDATA[ /* </ */ @\\69mport 'a.css'; ]]></style>"));
  EXPECT_TRUE(is_safe("<g inkscape:export-filename=\"C:\\pictures\\a.png\"/>"));
  EXPECT_TRUE(is_safe("<text>C:\\</text>"));
}

TEST(SvgGuard, RefusesEncodingsThatCouldHideWords) {
  EXPECT_TRUE(svg_danger("<?xml version='1.0' encoding='UTF-7'?><svg/>", {}));
  EXPECT_TRUE(svg_danger("<?xml version='1.0' encoding='cp037'?><svg/>", {}));
  EXPECT_TRUE(svg_danger("<?xml\nversion=\"1.0\" encoding=\"UTF-7\"?><svg/>", {}));
  EXPECT_TRUE(svg_danger("<?xml\tversion='1.0'\nencoding = 'utf-16'?><svg/>", {}));
  EXPECT_TRUE(svg_danger("<?xml version='1.0' encoding='iso-8859-1'?><svg id='\xe9'/>", {}));
  EXPECT_FALSE(svg_danger("<?xml version='1.0' encoding='iso-8859-1'?><svg/>", {}));
  EXPECT_TRUE(svg_danger(std::string("<svg>\0</svg>", 12), {}));
  EXPECT_FALSE(svg_danger("<?xml version='1.0' encoding='UTF-8'?><svg/>", {}));
}

TEST(SvgGuard, CutsTheDoctypeAndNothingElse) {
  EXPECT_EQ(svg_without_doctype("<?xml version='1.0'?><!DOCTYPE svg PUBLIC 'a' 'b'><svg/>"),
            "<?xml version='1.0'?><svg/>");
  EXPECT_EQ(svg_without_doctype("<svg/>"), "<svg/>");
}

}  // namespace
}  // namespace kale
