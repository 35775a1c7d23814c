#include "kale/train_log/pace.h"

#include <fmt/format.h>

#include <algorithm>

#include "kale/core/duration.h"

namespace kale {

void Pace::add(const StepRecord& record) {
  last_[static_cast<std::size_t>(seen_++) % kPaceSteps] = record;
}

std::string Pace::line() const {
  if (seen_ == 0) return "";
  const std::size_t steps = std::min(static_cast<std::size_t>(seen_), kPaceSteps);
  double rows = 0, tokens = 0, seconds = 0, waited = 0;
  for (std::size_t i = 0; i < steps; ++i) {
    rows += static_cast<double>(last_[i].rows);
    tokens += static_cast<double>(last_[i].tokens);
    seconds += last_[i].seconds;
    waited += last_[i].waited_seconds;
  }
  const StepRecord& now = last_[static_cast<std::size_t>(seen_ - 1) % kPaceSteps];
  std::string line = fmt::format("{}  step {}/{}  loss {:.4f}  rate {:.2e}", now.stage, now.step,
                                 steps_planned_, now.loss, now.rate);
  if (seconds > 0) {
    const auto left = static_cast<double>(std::max<std::int64_t>(steps_planned_ - now.step, 0));
    line +=
        fmt::format("  {:.1f} samples/s  {:.0f} tokens/s  ETA {}", rows / seconds, tokens / seconds,
                    duration_text(left * seconds / static_cast<double>(steps)));
  }
  if (now.device_bytes > 0)
    line += fmt::format("  device {:.1f} GiB", static_cast<double>(now.device_bytes) / (1 << 30));
  if (seconds > 0) line += fmt::format("  {:.0f} % waiting for data", 100 * waited / seconds);
  return line;
}

}  // namespace kale
