#include "kale/decode/svg_units.h"

#include <gtest/gtest.h>

namespace kale {
namespace {

TEST(SvgUnits, PutsTheRootsSizeInPixels) {
  EXPECT_EQ(svg_in_pixels("<svg width=\"72pt\" height='1in'/>"), "<svg width=\"96\" height='96'/>");
  EXPECT_EQ(svg_in_pixels("<svg id='a' width = ' 25.4mm ' x='1' height='2.54cm'>b</svg>"),
            "<svg id='a' width = '96' x='1' height='96'>b</svg>");
  EXPECT_EQ(svg_in_pixels("<s:svg width='101.6Q' height='1pc'/>"),
            "<s:svg width='96' height='16'/>");
  EXPECT_EQ(svg_in_pixels("<?xml version='1.0'?><!-- <svg width='1pt'> --><svg width='3pt'/>"),
            "<?xml version='1.0'?><!-- <svg width='1pt'> --><svg width='4'/>");
}

TEST(SvgUnits, LeavesEverythingElse) {
  for (const char* document :
       {"", "<", "<svg", "<svg>", "<svg/>", "<svg width", "<svg width=", "<svg width=\"72pt",
        "<svg width='72' height='20px'/>", "<svg width='100%' height='2em'/>",
        "<svg width='' height='pt'/>", "<svg width='1e999pt' height='nanpt'/>",
        "<svg xwidth='1pt' x:height='1pt' viewBox='0 0 1 1'/>",
        "<svg id=\"width='1pt'\"><rect width='1pt'/></svg>", "<html width='1pt'/>"}) {
    EXPECT_EQ(svg_in_pixels(document), document);
  }
}

}  // namespace
}  // namespace kale
