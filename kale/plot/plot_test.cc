#include <gtest/gtest.h>

#include <limits>
#include <sstream>

#include "kale/plot/canvas.h"
#include "kale/plot/lines.h"

namespace kale {
namespace {

using Points = std::vector<std::pair<double, double>>;

// The points of every polyline.
std::vector<Points> paths_of(const std::string& svg) {
  const std::string begin = "<polyline points=\"";
  std::vector<Points> paths;
  for (std::size_t at = svg.find(begin); at != std::string::npos; at = svg.find(begin, at + 1)) {
    const std::size_t from = at + begin.size();
    std::istringstream words(svg.substr(from, svg.find('"', from) - from));
    Points points;
    double x = 0, y = 0;
    char comma = 0;
    while (words >> x >> comma >> y) points.emplace_back(x, y);
    paths.push_back(points);
  }
  return paths;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

TEST(Lines, PointsLieWhereTheAxesSayTheyDo) {
  // x 0..100 from 64 to 736 px, y 0..4 from 368 up to 58 px.
  const auto paths =
      paths_of(line_chart({"loss", "step", {{"loss", {{0, 4}, {50, 2}, {100, 0}}}}}));
  ASSERT_EQ(paths.size(), 1U);
  EXPECT_EQ(paths[0], (Points{{64, 58}, {400, 213}, {736, 368}}));
}

TEST(Lines, AnAxisFarFromZeroDoesNotBeginThere) {
  const auto paths = paths_of(line_chart({"", "", {{"a", {{0, 100}, {10, 101}}}}}));
  ASSERT_EQ(paths.size(), 1U);
  EXPECT_EQ(paths[0], (Points{{64, 368}, {736, 58}}));
}

TEST(Lines, WhatIsNotFiniteBreaksTheLine) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double far = std::numeric_limits<double>::infinity();
  const std::string svg =
      line_chart({"", "", {{"a", {{1, 3}, {2, 2}, {3, nan}, {4, 3}, {5, 2}, {6, far}, {7, 1}}}}});
  EXPECT_EQ(paths_of(svg).size(), 2U);
  EXPECT_EQ(count(svg, "<circle"), 1U) << "a point alone still shows";
  EXPECT_EQ(svg.find("nan"), std::string::npos);
  EXPECT_EQ(svg.find("inf"), std::string::npos);
}

TEST(Lines, OfFewPointsEachShows) {
  const std::string svg = line_chart({"", "", {{"a", {{1, 3}, {2, 2}, {3, 1}}, true}}});
  EXPECT_EQ(count(svg, "<circle"), 3U);
}

TEST(Lines, NothingAndOnePointAreChartsToo) {
  for (const Points& points : {Points{}, Points{{5, 2.5}}}) {
    const std::string svg = line_chart({"a < b", "step", {{"loss", points}}});
    EXPECT_TRUE(svg.starts_with("<svg "));
    EXPECT_TRUE(svg.ends_with("</svg>\n"));
    EXPECT_NE(svg.find("a &lt; b"), std::string::npos);
    EXPECT_EQ(count(svg, "<circle"), points.size());
  }
}

TEST(Lines, ALegendNamesTheLinesWhereThereAreSeveral) {
  const Points points = {{1, 1}, {2, 2}};
  EXPECT_EQ(line_chart({"", "", {{"loss", points}}}).find(">loss<"), std::string::npos);
  const std::string svg = line_chart({"", "", {{"loss", points}, {"validation", points}}});
  EXPECT_NE(svg.find(">validation<"), std::string::npos);
  EXPECT_GT(count(svg, std::string(plot_colour(1))), 1U) << "the entry has its line's colour";
}

}  // namespace
}  // namespace kale
