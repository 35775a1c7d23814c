// Runs rows through steps: admits them, resumes them, joins them, and commits each shard when its
// last row is in.
// Rows     every row of a shard comes out once, kept or rejected, or the shard is not committed at
//          all
// Errors   a dead engine, a full disk or a step that throws ends the run at a shard border: shards
//          that are whole are committed, answers of the others stay in their journals, and the
//          first error is returned
// Threads  run() is called once, on a thread that is no worker; it returns when every row has been
//          joined
#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "kale/core/stop.h"
#include "kale/resume/ledger.h"
#include "kale/resume/manifest.h"
#include "kale/resume/plan.h"
#include "kale/run/budget.h"
#include "kale/run/counters.h"
#include "kale/run/pipeline.h"
#include "kale/run/row_context.h"
#include "kale/run/shard_work.h"

namespace kale {

class Runner {
 public:
  struct World {
    Disk& disk;
    std::filesystem::path out;
    const Manifest& manifest;
    Ledger& ledger;
    Executor& cpu;
    const StopToken& stop;
    Counters& counters;
  };
  Runner(Pipeline& pipeline, World world);

  // Does the planned shards. Fine with shards left over only when `stop` was requested.
  Status run(const std::vector<ShardPlan>& plans);

 private:
  using ShardPtr = std::shared_ptr<ShardWork>;

  Status start_engines(const Route& route);
  void stop_engines();

  // Admission, on the thread that called run().
  Result<ShardPtr> open_shard(const ShardPlan& plan);
  Status load_previous(ShardWork& shard);
  Status admit_rows(const ShardPtr& shard);
  Result<bool> next_row(ShardWork& shard, std::size_t index);
  Status check_frozen(const ShardWork& shard, std::size_t index,
                      const std::optional<SourceRow>& read) const;
  Status hold_extras(ShardWork& shard, std::size_t index);
  bool charge_picture(const Row& row, std::int64_t charged, std::int64_t& bytes);
  bool wait_for_room(std::int64_t bytes);
  void wait_for_shard_slot();
  void join_all();
  bool halted() const;

  // A row's walk, on the workers.
  Task<void> run_row(ShardPtr shard, std::size_t index, std::int64_t bytes);
  Task<bool> walk(ShardWork& shard, std::size_t index, RowContext& ctx, std::int64_t& bytes);
  Task<Outcome> apply(std::size_t step, Row& row, RowContext& ctx);
  bool settle(ShardWork& shard, FinishedRow& finished, std::size_t step, Outcome outcome);
  void release_dead(const Route& route, std::size_t step, Row& row, std::int64_t& bytes);

  // Commit, on the worker that finished the shard's last row.
  void leave(const ShardPtr& shard);
  Status commit(ShardWork& shard);
  void forget(const ShardPtr& shard);

  void fail_run(Error error);
  std::optional<Error> failure() const;
  void sync_journals();

  Pipeline& pipeline_;
  World world_;
  Budget budget_;
  std::vector<StepTraits> traits_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<ShardPtr> open_;  // guarded by mutex_
  std::optional<Error> failure_;
  std::set<const Engine*> started_;  // this and the next are the admission thread's
  bool engines_stopped_ = false;
};

}  // namespace kale
