#include "kale/train_log/curve.h"

#include "kale/plot/lines.h"

namespace kale {

void LossCurve::add(const StepRecord& record) {
  const auto step = static_cast<double>(record.step);
  for (const auto& [name, value] : record.validation) validation_[name].emplace_back(step, value);
  if (points_.empty() || points_.back().count == steps_a_point_) {
    if (points_.size() == kCurvePointsMax) {
      for (std::size_t i = 0; i < kCurvePointsMax / 2; ++i) {
        const Point &a = points_[2 * i], &b = points_[2 * i + 1];
        points_[i] = {a.steps + b.steps, a.losses + b.losses, a.count + b.count};
      }
      points_.resize(kCurvePointsMax / 2);
      steps_a_point_ *= 2;
    }
    points_.emplace_back();
  }
  Point& point = points_.back();
  point.steps += step;
  point.losses += record.loss;
  ++point.count;
}

std::string LossCurve::svg(const std::string& title) const {
  LineChart chart{title, "step", {{"loss", {}}}};
  for (const Point& point : points_) {
    const auto count = static_cast<double>(point.count);
    chart.lines[0].points.emplace_back(point.steps / count, point.losses / count);
  }
  for (const auto& [name, points] : validation_) chart.lines.push_back({name, points, true});
  return line_chart(chart);
}

}  // namespace kale
