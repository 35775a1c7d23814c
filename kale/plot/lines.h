// Lines over a common axis, as SVG.
// Threads  free function
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace kale {

struct PlotLine {
  std::string name;
  std::vector<std::pair<double, double>> points;  // by x; what is not finite breaks the line
  bool dots = false;                              // each point shows, for lines of few points
};

struct LineChart {
  std::string title;
  std::string x_name;
  std::vector<PlotLine> lines;
};

// The y axis holds every finite point and begins at 0 where that costs less than half of it.
std::string line_chart(const LineChart& chart);

}  // namespace kale
