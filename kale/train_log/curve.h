// The losses of a run as a picture, in bounded memory: where there are more steps than points, a
// point is the mean of neighbouring steps.
// Threads  belongs to one thread
#pragma once

#include <map>
#include <string>
#include <vector>

#include "kale/train_log/record.h"

namespace kale {

inline constexpr std::size_t kCurvePointsMax = 1024;

class LossCurve {
 public:
  // Steps in rising order.
  void add(const StepRecord& record);
  std::string svg(const std::string& title) const;

 private:
  struct Point {
    double steps = 0, losses = 0;  // sums over `count` steps
    std::int64_t count = 0;
  };
  std::vector<Point> points_;
  std::int64_t steps_a_point_ = 1;
  // By name; as many as there were validations.
  std::map<std::string, std::vector<std::pair<double, double>>> validation_;
};

}  // namespace kale
