// The runner's side of core/context.h: one row's door to engines, through the shard's journal.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kale/core/context.h"
#include "kale/core/row.h"
#include "kale/resume/journal.h"
#include "kale/run/counters.h"

namespace kale {

class RowContext : public Context {
 public:
  // `prints` are the pipeline's: the source's, then one a step.
  RowContext(const Row& row, std::uint64_t seed, int attempts_max,
             const std::vector<StepPrint>& prints, Journal& journal, Counters& counters,
             const StopToken& stop)
      : row_key_(row.key),
        seed_(seed),
        attempts_max_(attempts_max),
        prints_(prints),
        journal_(journal),
        counters_(counters),
        stop_(stop),
        calls_(counters.steps.size()) {}

  void enter(std::size_t step) { step_ = step; }
  void next_attempt() { ++attempt_; }
  // Set when the journal failed: the world's fault, whatever the step made of it.
  const std::optional<Error>& world_error() const { return world_error_; }

  Task<Result<Reply>> ask(Engine& engine, Prompt prompt, Decoding decoding) override;
  Rng rng() const override { return Rng(mixed_seed(-1)); }
  int attempt() const override { return attempt_; }
  bool last_attempt() const override { return attempt_ + 1 >= attempts_max_; }
  const StopToken& stop() const override { return stop_; }

 private:
  // Depends on (recipe seed, row, step, attempt, call) only.
  std::uint64_t mixed_seed(int call) const;
  StepCounters& counters() { return counters_.steps[step_]; }

  const std::string row_key_;
  const std::uint64_t seed_;
  const int attempts_max_;
  const std::vector<StepPrint>& prints_;
  Journal& journal_;
  Counters& counters_;
  const StopToken& stop_;
  std::vector<int> calls_;  // made so far by each step, over all attempts
  std::size_t step_ = 0;
  int attempt_ = 0;
  std::optional<Error> world_error_;
};

}  // namespace kale
