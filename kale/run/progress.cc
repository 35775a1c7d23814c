#include "kale/run/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "kale/core/duration.h"

namespace kale {
std::string progress_line(const Counters& counters, double rows_per_s) {
  std::int64_t done = counters.rows_done();
  std::int64_t planned = counters.rows_planned;
  std::string line = fmt::format("{}/{} rows  kept {} dropped {} failed {}", done, planned,
                                 counters.rows(Fate::kKept), counters.rows(Fate::kDropped),
                                 counters.rows(Fate::kFailed));
  if (rows_per_s > 0)
    line += fmt::format("  {:.2f} rows/s  ETA {}", rows_per_s,
                        duration_text(static_cast<double>(planned - done) / rows_per_s));
  for (const StepCounters& step : counters.steps) {
    std::int64_t inside = step.inside;
    std::int64_t waiting = step.waiting;
    if (inside > 0) line += fmt::format("  {} {}", step.name, inside);
    if (waiting > 0) line += fmt::format(" ({} waiting)", waiting);
  }
  return line;
}

Progress::Progress(const Counters& counters, std::FILE* to, bool terminal)
    : counters_(counters),
      to_(to),
      terminal_(terminal),
      began_(std::chrono::steady_clock::now()),
      thread_([this](std::stop_token done) { show(std::move(done)); }) {}

Progress::~Progress() {
  thread_.request_stop();
  thread_.join();
}

void Progress::show(std::stop_token done) {
  const auto every = std::chrono::milliseconds(terminal_ ? 500 : 10000);
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  while (!wake.wait_for(lock, done, every, [] { return false; }) && !done.stop_requested())
    print(false);
  print(true);
}

void Progress::print(bool last) {
  double seconds = seconds_since(began_);
  auto ran = counters_.rows_done();
  for (const auto& carried : counters_.carried) ran -= carried;
  std::string line = progress_line(counters_, seconds > 0 ? static_cast<double>(ran) / seconds : 0);
  if (terminal_)
    fmt::print(to_, "\r\033[K{}{}", line, last ? "\n" : "");
  else
    fmt::print(to_, "{}\n", line);
  std::fflush(to_);
}

}  // namespace kale
