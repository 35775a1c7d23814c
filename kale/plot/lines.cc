#include "kale/plot/lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "kale/plot/canvas.h"

namespace kale {
namespace {

// In px.
constexpr double kWidth = 760, kHeight = 420, kLeft = 64, kRight = 24, kTop = 58, kBottom = 52;
constexpr int kTicks = 5;
constexpr std::string_view kGrid = "stroke=\"#888\" stroke-opacity=\"0.3\"";
constexpr std::string_view kSmall = "font-size=\"11\" fill=\"#777\"";

struct Axis {
  double low = 0, high = 1, step = 0.2;
  double share(double value) const { return (value - low) / (high - low); }
};

bool shows(const std::pair<double, double>& point) {
  return std::isfinite(point.first) && std::isfinite(point.second);
}

// The next of 1, 2, 5, 10 times a power of ten.
double round_step(double rough) {
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double times : {1.0, 2.0, 5.0})
    if (rough <= times * power) return times * power;
  return 10 * power;
}

Axis axis_of(double low, double high, bool whole) {
  if (low > high) return {};
  if (low == high) high = low + (low == 0 ? 1 : std::abs(low) / 2);
  double step = round_step((high - low) / kTicks);
  if (whole) step = std::max(step, 1.0);
  return {std::floor(low / step) * step, std::ceil(high / step) * step, step};
}

std::pair<Axis, Axis> axes_of(const LineChart& chart) {
  constexpr double kFar = std::numeric_limits<double>::infinity();
  double left = kFar, right = -kFar, low = kFar, high = -kFar;
  for (const PlotLine& line : chart.lines)
    for (const auto& point : line.points) {
      if (!shows(point)) continue;
      left = std::min(left, point.first), right = std::max(right, point.first);
      low = std::min(low, point.second), high = std::max(high, point.second);
    }
  if (low > 0 && low < high / 2) low = 0;
  return {axis_of(left, right, true), axis_of(low, high, false)};
}

class Drawing {
 public:
  explicit Drawing(const LineChart& chart) : canvas_(kWidth, kHeight) {
    std::tie(x_, y_) = axes_of(chart);
    canvas_.text(12, 24, "start", "font-size=\"16\" font-weight=\"600\" fill=\"#777\"",
                 chart.title);
    std::vector<std::string> names;
    for (const PlotLine& line : chart.lines) names.push_back(line.name);
    canvas_.legend(kLeft, names);
    draw_axes(chart.x_name);
    for (std::size_t i = 0; i < chart.lines.size(); ++i) draw(chart.lines[i], plot_colour(i));
  }
  std::string finish() && { return std::move(canvas_).finish(); }

 private:
  double x(double value) const { return kLeft + x_.share(value) * (kWidth - kLeft - kRight); }
  double y(double value) const {
    return kHeight - kBottom - y_.share(value) * (kHeight - kTop - kBottom);
  }

  void draw_axes(const std::string& x_name) {
    const double bottom = kHeight - kBottom;
    for (int i = 0; y_.low + i * y_.step < y_.high + y_.step / 2; ++i) {
      const double value = y_.low + i * y_.step;
      canvas_.line(kLeft, y(value), kWidth - kRight, y(value), kGrid);
      canvas_.text(kLeft - 8, y(value) + 4, "end", kSmall, fmt::format("{:.4g}", value));
    }
    for (int i = 0; x_.low + i * x_.step < x_.high + x_.step / 2; ++i) {
      const double value = x_.low + i * x_.step;
      canvas_.line(x(value), bottom, x(value), bottom + 5, kGrid);
      canvas_.text(x(value), bottom + 19, "middle", kSmall, fmt::format("{:.12g}", value));
    }
    canvas_.text((kLeft + kWidth - kRight) / 2, kHeight - 12, "middle", kSmall, x_name);
  }

  void draw(const PlotLine& line, std::string_view colour) {
    std::vector<std::pair<double, double>> path;
    auto end_path = [&] {
      if (path.size() > 1) canvas_.path(path, colour);
      if (path.size() == 1) canvas_.dot(path[0].first, path[0].second, colour);
      path.clear();
    };
    for (const auto& point : line.points) {
      if (!shows(point)) {
        end_path();
        continue;
      }
      path.emplace_back(x(point.first), y(point.second));
      if (line.dots) canvas_.dot(path.back().first, path.back().second, colour);
    }
    end_path();
  }

  Canvas canvas_;
  Axis x_, y_;
};

}  // namespace

std::string line_chart(const LineChart& chart) { return Drawing(chart).finish(); }

}  // namespace kale
