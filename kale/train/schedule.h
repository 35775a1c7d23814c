// The learning rate of a step: a linear warm-up, then a cosine.
// Paper    SGDR (arXiv 1608.03983); LLaVA trains with 3 % warm-up and a cosine to 0
// Threads  free function
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace kale {

struct Schedule {
  double rate = 1e-3;
  double end_share = 0;  // of the rate, where the cosine ends: behind the last step
  std::int64_t warmup = 0;
  std::int64_t steps = 1;
};

// Of step 0, 1, .. steps - 1. The first step of a warm-up moves already.
inline double rate_of(const Schedule& schedule, std::int64_t step) {
  if (step < schedule.warmup)
    return schedule.rate * static_cast<double>(step + 1) / static_cast<double>(schedule.warmup);
  const auto left =
      static_cast<double>(std::max<std::int64_t>(1, schedule.steps - schedule.warmup));
  const double done = std::min(1.0, static_cast<double>(step - schedule.warmup) / left);
  const double share = 0.5 * (1 + std::cos(std::numbers::pi * done));
  return schedule.rate * (schedule.end_share + (1 - schedule.end_share) * share);
}

}  // namespace kale
