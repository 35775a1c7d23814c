#include "kale/evaluate/report/plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "kale/text/utf8.h"

namespace kale::evaluate {
namespace {

// In px.
constexpr double kWidth = 760, kLabels = 330, kRight = 64, kBar = 13, kGap = 11, kTop = 58,
                 kFoot = 34;
constexpr std::array<std::string_view, 2> kFills = {"#3b7dd8", "#e08a2e"};

// The end of the axis: the next of 5, 10, 20, 50, 100 percent.
double axis_end(const Plot& plot) {
  double most = 0;
  for (const Bar& bar : plot.bars)
    for (const auto& value : bar.values)
      if (value) most = std::max(most, value->high);
  for (const double end : {0.05, 0.1, 0.2, 0.5})
    if (most <= end) return end;
  return 1;
}

struct Canvas {
  double end;  // of the axis
  std::string svg;

  double x(double value) const {
    return kLabels + std::min(value, end) / end * (kWidth - kLabels - kRight);
  }
  void text(double at_x, double at_y, std::string_view anchor, std::string_view style,
            std::string_view words) {
    svg += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\" {}>{}</text>\n", at_x,
                       at_y, anchor, style, escape_markup(words));
  }
  void line(double x1, double y1, double x2, double y2, std::string_view style) {
    svg += fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" {}/>\n", x1,
                       y1, x2, y2, style);
  }
};

void draw_axis(Canvas& canvas, double bottom) {
  for (int tick = 0; tick <= 5; ++tick) {
    const double value = canvas.end * tick / 5;
    canvas.line(canvas.x(value), kTop - 8, canvas.x(value), bottom,
                "stroke=\"#888\" stroke-opacity=\"0.3\"");
    canvas.text(canvas.x(value), bottom + 16, "middle", "font-size=\"11\" fill=\"#777\"",
                fmt::format("{:g} %", value * 100));
  }
}

void draw_value(Canvas& canvas, const Interval& value, std::string_view fill, double y) {
  canvas.svg += fmt::format(
      "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" rx=\"2\" fill=\"{}\"/>\n",
      kLabels, y, canvas.x(value.value) - kLabels, kBar, fill);
  const double middle = y + kBar / 2;
  constexpr std::string_view kStroke = "stroke=\"#777\" stroke-width=\"1.4\"";
  canvas.line(canvas.x(value.low), middle, canvas.x(value.high), middle, kStroke);
  for (const double end : {value.low, value.high})
    canvas.line(canvas.x(end), middle - 3.5, canvas.x(end), middle + 3.5, kStroke);
  canvas.text(canvas.x(value.high) + 6, middle + 4, "start", "font-size=\"11\" fill=\"#777\"",
              fmt::format("{:.1f}", value.value * 100));
}

}  // namespace

std::string bar_chart(const Plot& plot) {
  const double row =
      kBar * static_cast<double>(std::max<std::size_t>(plot.series.size(), 1)) + kGap;
  const double bottom = kTop + row * static_cast<double>(plot.bars.size());
  Canvas canvas{axis_end(plot), {}};
  canvas.svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:g}\" height=\"{1:g}\" viewBox=\"0 0 "
      "{0:g} "
      "{1:g}\" font-family=\"system-ui, sans-serif\" font-size=\"13\">\n",
      kWidth, bottom + kFoot);
  canvas.text(12, 24, "start", "font-size=\"16\" font-weight=\"600\" fill=\"#777\"", plot.title);
  double legend = kLabels;
  for (std::size_t s = 0; plot.series.size() > 1 && s < plot.series.size(); ++s) {
    canvas.svg += fmt::format(
        "<rect x=\"{:.1f}\" y=\"33\" width=\"10\" height=\"10\" rx=\"2\" fill=\"{}\"/>\n", legend,
        kFills[s % kFills.size()]);
    canvas.text(legend + 15, 42, "start", "font-size=\"12\" fill=\"#777\"", plot.series[s]);
    legend += 40 + 7.5 * static_cast<double>(plot.series[s].size());
  }
  draw_axis(canvas, bottom);
  for (std::size_t i = 0; i < plot.bars.size(); ++i) {
    const Bar& bar = plot.bars[i];
    const double y = kTop + row * static_cast<double>(i);
    canvas.text(kLabels - 10, y + (row - kGap) / 2 + 4.5, "end", "fill=\"#777\"", bar.label);
    for (std::size_t s = 0; s < bar.values.size(); ++s)
      if (bar.values[s])
        draw_value(canvas, *bar.values[s], kFills[s % kFills.size()],
                   y + kBar * static_cast<double>(s));
  }
  return canvas.svg + "</svg>\n";
}

std::vector<Plot> plots_of(const Evaluation& evaluation) {
  std::vector<Plot> plots;
  const auto& table = measure_table();
  for (std::size_t m = 0; m < table.size(); ++m) {
    const MeasureInfo& info = table[m];
    if (!info.share || !has_measure(evaluation, m)) continue;
    if (plots.empty() || plots.back().name != info.group) {
      Plot plot;
      plot.name = info.group;
      plot.title = fmt::format("{}, with {:g} % intervals", info.group,
                               evaluation.options.resampling.level * 100);
      plot.series = {evaluation.column.name};
      if (evaluation.other) plot.series.push_back(evaluation.other->name);
      plots.push_back(std::move(plot));
    }
    Bar bar{std::string(info.what), {evaluation.column.sums[m]}};
    if (evaluation.other) bar.values.push_back(evaluation.other->sums[m]);
    plots.back().bars.push_back(std::move(bar));
  }
  return plots;
}

}  // namespace kale::evaluate
