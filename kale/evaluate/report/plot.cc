#include "kale/evaluate/report/plot.h"

#include <fmt/format.h>

#include <algorithm>

#include "kale/plot/canvas.h"

namespace kale::evaluate {
namespace {

// In px.
constexpr double kWidth = 760, kLabels = 330, kRight = 64, kBar = 13, kGap = 11, kTop = 58,
                 kFoot = 34;

// The end of the axis: the next of 10, 20, 50, 100 percent.
double axis_end(const Plot& plot) {
  double most = 0;
  for (const Bar& bar : plot.bars)
    for (const Interval& value : bar.values) most = std::max(most, value.high);
  for (const double end : {0.05, 0.1, 0.2, 0.5})
    if (most <= end) return end;
  return 1;
}

double x_of(double value, double end) {
  return kLabels + std::min(value, end) / end * (kWidth - kLabels - kRight);
}

void draw_axis(Canvas& canvas, double end, double bottom) {
  for (int tick = 0; tick <= 5; ++tick) {
    const double value = end * tick / 5;
    canvas.line(x_of(value, end), kTop - 8, x_of(value, end), bottom,
                "stroke=\"#888\" stroke-opacity=\"0.3\"");
    canvas.text(x_of(value, end), bottom + 16, "middle", "font-size=\"11\" fill=\"#777\"",
                fmt::format("{:g} %", value * 100));
  }
}

void draw_value(Canvas& canvas, double end, const Interval& value, std::string_view fill,
                double y) {
  canvas.box(kLabels, y, x_of(value.value, end) - kLabels, kBar, fill);
  const double middle = y + kBar / 2;
  constexpr std::string_view kStroke = "stroke=\"#777\" stroke-width=\"1.4\"";
  canvas.line(x_of(value.low, end), middle, x_of(value.high, end), middle, kStroke);
  for (const double side : {value.low, value.high})
    canvas.line(x_of(side, end), middle - 3.5, x_of(side, end), middle + 3.5, kStroke);
  canvas.text(x_of(value.high, end) + 6, middle + 4, "start", "font-size=\"11\" fill=\"#777\"",
              fmt::format("{:.1f}", value.value * 100));
}

}  // namespace

std::string bar_chart(const Plot& plot) {
  const double row =
      kBar * static_cast<double>(std::max<std::size_t>(plot.series.size(), 1)) + kGap;
  const double bottom = kTop + row * static_cast<double>(plot.bars.size());
  const double end = axis_end(plot);
  Canvas canvas(kWidth, bottom + kFoot);
  canvas.text(12, 24, "start", "font-size=\"16\" font-weight=\"600\" fill=\"#777\"", plot.title);
  canvas.legend(kLabels, plot.series);
  draw_axis(canvas, end, bottom);
  for (std::size_t i = 0; i < plot.bars.size(); ++i) {
    const Bar& bar = plot.bars[i];
    const double y = kTop + row * static_cast<double>(i);
    canvas.text(kLabels - 10, y + (row - kGap) / 2 + 4.5, "end", "fill=\"#777\"", bar.label);
    for (std::size_t s = 0; s < bar.values.size(); ++s)
      draw_value(canvas, end, bar.values[s], plot_colour(s), y + kBar * static_cast<double>(s));
  }
  return std::move(canvas).finish();
}

std::vector<Plot> plots_of(const Evaluation& evaluation) {
  std::vector<Plot> plots;
  const auto& table = measure_table();
  for (std::size_t m = 0; m < table.size(); ++m) {
    const MeasureInfo& info = table[m];
    if (!info.share || !evaluation.column.sums[m]) continue;
    if (evaluation.other && !evaluation.other->sums[m]) continue;
    if (plots.empty() || plots.back().name != info.group) {
      Plot plot;
      plot.name = info.group;
      plot.title = fmt::format("{}, with {:g} % intervals", info.group,
                               evaluation.options.resampling.level * 100);
      plot.series = {evaluation.column.name};
      if (evaluation.other) plot.series.push_back(evaluation.other->name);
      plots.push_back(std::move(plot));
    }
    Bar bar{std::string(info.what), {*evaluation.column.sums[m]}};
    if (evaluation.other) bar.values.push_back(*evaluation.other->sums[m]);
    plots.back().bars.push_back(std::move(bar));
  }
  return plots;
}

}  // namespace kale::evaluate
