#include "kale/plot/canvas.h"

#include <fmt/format.h>

#include <array>

#include "kale/text/utf8.h"

namespace kale {
namespace {

constexpr std::array<std::string_view, 5> kColours = {"#3b7dd8", "#e08a2e", "#3f9d5a", "#b45fb4",
                                                      "#c9504f"};
constexpr double kLegendTop = 33;

}  // namespace

std::string_view plot_colour(std::size_t series) { return kColours[series % kColours.size()]; }

Canvas::Canvas(double width, double height)
    : svg_(fmt::format(
          "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:g}\" height=\"{1:g}\" "
          "viewBox=\"0 0 {0:g} {1:g}\" font-family=\"system-ui, sans-serif\" font-size=\"13\">\n",
          width, height)) {}

void Canvas::text(double x, double y, std::string_view anchor, std::string_view style,
                  std::string_view words) {
  svg_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\" {}>{}</text>\n", x, y,
                      anchor, style, escape_markup(words));
}

void Canvas::line(double x1, double y1, double x2, double y2, std::string_view style) {
  svg_ += fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" {}/>\n", x1,
                      y1, x2, y2, style);
}

void Canvas::box(double x, double y, double width, double height, std::string_view fill) {
  svg_ += fmt::format(
      "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" rx=\"2\" fill=\"{}\"/>\n",
      x, y, width, height, fill);
}

void Canvas::path(const std::vector<std::pair<double, double>>& points, std::string_view colour) {
  std::string at;
  for (const auto& [x, y] : points)
    at += fmt::format("{}{:.1f},{:.1f}", at.empty() ? "" : " ", x, y);
  svg_ += fmt::format(
      "<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.6\"/>\n", at, colour);
}

void Canvas::dot(double x, double y, std::string_view colour) {
  svg_ += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3\" fill=\"{}\"/>\n", x, y, colour);
}

void Canvas::legend(double x, const std::vector<std::string>& names) {
  for (std::size_t i = 0; names.size() > 1 && i < names.size(); ++i) {
    box(x, kLegendTop, 10, 10, plot_colour(i));
    text(x + 15, kLegendTop + 9, "start", "font-size=\"12\" fill=\"#777\"", names[i]);
    x += 40 + 7.5 * static_cast<double>(names[i].size());
  }
}

std::string Canvas::finish() && { return std::move(svg_) + "</svg>\n"; }

}  // namespace kale
