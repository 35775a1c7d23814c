// How fast training goes, over its last steps, and the line that says so.
// Threads  belongs to one thread
#pragma once

#include <array>
#include <string>

#include "kale/train_log/record.h"

namespace kale {

inline constexpr std::size_t kPaceSteps = 20;  // that speeds are taken over

class Pace {
 public:
  explicit Pace(std::int64_t steps_planned) : steps_planned_(steps_planned) {}

  void add(const StepRecord& record);
  // "align  step 120/400  loss 2.3456  rate 2.00e-05  41.2 samples/s  5120 tokens/s  ETA 2:30
  // device 3.1 GiB  4 % waiting for data"; empty before the first step.
  std::string line() const;

 private:
  std::int64_t steps_planned_;
  std::int64_t seen_ = 0;
  std::array<StepRecord, kPaceSteps> last_;  // step n at n % kPaceSteps
};

}  // namespace kale
