#include "kale/decode/svg_work.h"

#include <gtest/gtest.h>

namespace kale {
namespace {

std::string svg(std::string_view inside) {
  return "<svg xmlns=\"http://www.w3.org/2000/svg\">" + std::string(inside) + "</svg>";
}

std::string times(int count, std::string_view text) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

bool fits(std::string_view inside, SvgWorkLimits limits = {1000, 20}) {
  return !svg_excess(svg(inside), limits);
}

// `levels` groups, each of which shows the one before it four times.
std::string tower(int levels, std::string_view first) {
  std::string all = "<defs><g id=\"l0\">" + std::string(first) + "</g>";
  for (int level = 1; level <= levels; ++level) {
    all += "<g id='l" + std::to_string(level) + "'>" +
           times(4, "<use href=\"#l" + std::to_string(level - 1) + "\"/>") + "</g>";
  }
  return all + "</defs><use href='#l" + std::to_string(levels) + "'/>";
}

constexpr std::string_view kBlur = "<filter id=\"f\"><feGaussianBlur stdDeviation=\"2\"/></filter>";
constexpr std::string_view kHundred = "<pattern id=\"p\" width=\"1\" height=\"1\"/>";

TEST(SvgWork, CountsElementsAsDrawn) {
  EXPECT_TRUE(fits(times(900, "<rect/>")));
  EXPECT_FALSE(fits(times(1000, "<rect/>")));
  EXPECT_TRUE(fits("<defs>" + times(2000, "<rect/>") + "</defs>"));
  EXPECT_TRUE(fits("<g id='a'>" + times(400, "<rect/>") + "</g><use href='#a'/>"));
  EXPECT_FALSE(fits("<g id='a'>" + times(400, "<rect/>") + "</g><use href='#a'/><use href='#a'/>"));
}

TEST(SvgWork, CountsPartsOfPartsWithoutEverDrawingThem) {
  EXPECT_TRUE(fits(tower(3, "<rect/>")));
  EXPECT_FALSE(fits(tower(6, "<rect/>")));
  EXPECT_FALSE(fits(tower(5000, "<rect/>"), {INT64_MAX / 2, 20}) &&
               fits(tower(5000, "<rect/>"), {1'000'000'000, 20}));
}

TEST(SvgWork, CountsFiltersAsRun) {
  std::string filter(kBlur);
  EXPECT_TRUE(fits(times(50, filter)));  // none of them is used
  EXPECT_TRUE(fits(filter + times(20, "<rect filter='url(#f)'/>")));
  EXPECT_FALSE(fits(filter + times(21, "<rect filter='url(#f)'/>")));
  EXPECT_FALSE(fits(filter + times(21, "<rect style='x:y; Filter : URL( \"#f\" )'/>")));
  EXPECT_FALSE(fits(filter + times(21, "<rect filter='u&#114;l(#&#x66;)'/>")));
  EXPECT_FALSE(fits(times(21, "<rect filter='blur(2)'/>")));
  EXPECT_FALSE(fits("<style>rect{filter:blur(2px)}</style>" + times(21, "<rect/>")));
  EXPECT_FALSE(
      fits("<filter id='f'><feTurbulence numOctaves='1000'/></filter>"
           "<rect filter='url(#f)'/>"));
  EXPECT_FALSE(fits(filter + tower(3, "<rect filter='url(#f)'/>")));
}

TEST(SvgWork, CountsPatternsForEveryPartThatInheritsThem) {
  std::string pattern(kHundred);
  EXPECT_TRUE(fits(pattern + times(8, "<rect fill='url(#p)'/>")));
  EXPECT_FALSE(fits(pattern + times(10, "<rect fill='url(#p)'/>")));
  EXPECT_FALSE(fits(pattern + "<g fill='url(#p)'>" + times(10, "<rect/>") + "</g>"));
  EXPECT_TRUE(fits(pattern + "<g clip-path='url(#p)'>" + times(10, "<rect/>") + "</g>"));
}

TEST(SvgWork, CountsMarkersForEveryPoint) {
  std::string marker = "<marker id='m'>" + times(9, "<path/>") + "</marker>";
  EXPECT_TRUE(fits(marker + "<path marker-mid='url(#m)' d='M0 0L9 9'/>"));
  EXPECT_FALSE(fits(marker + "<path marker-mid='url(#m)' d='" + times(500, "h1") + "'/>"));
}

TEST(SvgWork, LongPathsTextsAndPicturesCountAsSeveral) {
  EXPECT_FALSE(fits("<path d='" + times(100'000, "h1 ") + "'/>"));
  EXPECT_FALSE(fits("<text>" + times(600, "a") + "</text>"));
  EXPECT_TRUE(fits("<desc>" + times(600, "a") + "</desc>"));
  // IHDR of 20000 x 20000
  EXPECT_FALSE(
      fits("<image href='data:image/png;base64,"
           "iVBORw0KGgoAAAANSUhEUgAATiAAAE4gCAIAAAD4fJZq'/>"));
}

TEST(SvgWork, FollowsStyleSheets) {
  std::string sheet =
      std::string(kHundred) + "<style><![CDATA[ .a, #b { fill: url(#p) } ]]></style>";
  EXPECT_TRUE(fits(sheet + times(20, "<rect class='c'/>")));
  EXPECT_FALSE(fits(sheet + times(10, "<rect class='c a'/>")));
  EXPECT_FALSE(fits(sheet + "<g id='b'>" + times(10, "<rect/>") + "</g>"));
  std::string gradient = "<linearGradient id='g'><stop/></linearGradient>";
  for (std::string_view odd : {"*{fill:url(#X)}", ".a[x]{fill:url(#X)}", "/*{*/.a{fill:url(#X)}",
                               ".b{font-family:'} .a{';fill:url(#X)}"}) {
    SCOPED_TRACE(odd);
    std::string rule(odd);
    rule.replace(rule.find('X'), 1, "p");
    EXPECT_FALSE(fits(std::string(kHundred) + "<style>" + rule + "</style><rect/>"));
    rule.replace(rule.find("#p"), 2, "#g");
    EXPECT_TRUE(fits(gradient + "<style>" + rule + "</style>" + times(99, "<rect/>")));
  }
}

TEST(SvgWork, RefusesCirclesAndWhatLibrsvgMayDieOf) {
  EXPECT_FALSE(fits("<g id='a'><use href='#a'/></g>"));
  EXPECT_FALSE(fits("<pattern id='p'><rect fill='url(#p)'/></pattern><rect fill='url(#p)'/>"));
  EXPECT_TRUE(fits("<g id='a'><a href='#a'/></g>"));
  EXPECT_FALSE(fits("<filter id='f'><feConvolveMatrix order='30'/></filter>"));
}

TEST(SvgWork, LeavesBrokenMarkupToItsParser) {
  for (std::string_view text : {"<g", "<g a", "<g a=", "<g a='", "<!--", "<![CDATA[", "<?x", "</"})
    EXPECT_TRUE(fits(text)) << text;
  EXPECT_FALSE(svg_excess("", {1, 1}));
}

}  // namespace
}  // namespace kale
