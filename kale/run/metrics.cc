#include "kale/run/metrics.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace kale {
namespace {

double seconds_of(std::int64_t ns) { return static_cast<double>(ns) * 1e-9; }

}  // namespace

std::string metrics_json(const Counters& counters, double seconds) {
  nlohmann::ordered_json steps = nlohmann::ordered_json::array();
  for (const StepCounters& step : counters.steps)
    steps.push_back({{"step", step.name},
                     {"calls", step.calls.load()},
                     {"retries", step.retries.load()},
                     {"seconds_inside", seconds_of(step.busy_ns)},
                     {"seconds_waiting", seconds_of(step.waited_ns)},
                     {"requests", step.requests.load()},
                     {"recalled", step.recalled.load()},
                     {"prompt_tokens", step.prompt_tokens.load()},
                     {"new_tokens", step.new_tokens.load()}});
  nlohmann::ordered_json metrics{{"seconds", seconds},
                                 {"shards", counters.shards_done.load()},
                                 {"kept", counters.rows(Fate::kKept)},
                                 {"dropped", counters.rows(Fate::kDropped)},
                                 {"failed", counters.rows(Fate::kFailed)},
                                 {"steps", std::move(steps)}};
  return metrics.dump(2) + "\n";
}

std::string metrics_table(const Counters& counters, double seconds) {
  std::string table =
      fmt::format("{:<10} {:>7} {:>8} {:>12} {:>12} {:>9} {:>9} {:>10}\n", "step", "rows",
                  "retries", "own s", "engine s", "requests", "recalled", "new tokens");
  for (const StepCounters& step : counters.steps)
    table += fmt::format("{:<10} {:>7} {:>8} {:>12.1f} {:>12.1f} {:>9} {:>9} {:>10}\n", step.name,
                         step.calls.load(), step.retries.load(),
                         seconds_of(step.busy_ns - step.waited_ns), seconds_of(step.waited_ns),
                         step.requests.load(), step.recalled.load(), step.new_tokens.load());
  return table + fmt::format(
                     "{} rows in {:.1f} s; a step's seconds are sums over its rows, which "
                     "run side by side\n",
                     counters.rows_done(), seconds);
}

}  // namespace kale
