// What charts are drawn on: SVG text that grows.
// Threads  belongs to one thread
// Units    px, y downwards
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kale {

// Of the n-th series.
std::string_view plot_colour(std::size_t series);

class Canvas {
 public:
  Canvas(double width, double height);

  // anchor: "start", "middle" or "end"; style: attributes of SVG.
  void text(double x, double y, std::string_view anchor, std::string_view style,
            std::string_view words);
  void line(double x1, double y1, double x2, double y2, std::string_view style);
  void box(double x, double y, double width, double height, std::string_view fill);
  void path(const std::vector<std::pair<double, double>>& points, std::string_view colour);
  void dot(double x, double y, std::string_view colour);
  // One entry for each name, from x on; nothing where there is one alone.
  void legend(double x, const std::vector<std::string>& names);

  std::string finish() &&;

 private:
  std::string svg_;
};

}  // namespace kale
