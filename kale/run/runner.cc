#include "kale/run/runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "kale/run/settle.h"
#include "kale/run/slices.h"

namespace kale {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
constexpr milliseconds kLookAround{100};  // how soon a stop request is noticed
constexpr milliseconds kJournalSyncEvery{1000};

}  // namespace

Runner::Runner(Pipeline& pipeline, World world)
    : pipeline_(pipeline),
      world_(world),
      budget_(pipeline.options.rows_in_flight, pipeline.options.memory_mb << 20) {
  for (const auto& step : pipeline_.steps) traits_.push_back(step->traits());
  for (const StepTraits& traits : traits_) world_.counters.steps.emplace_back().name = traits.name;
}

Status Runner::run(const std::vector<ShardPlan>& plans) {
  if (plans.empty()) return {};
  for (const ShardPlan& plan : plans)
    world_.counters.rows_planned += world_.manifest.shard_rows(plan.shard);
  world_.counters.shards_planned = static_cast<std::int64_t>(plans.size());
  for (const char* folder : {"parts", "rejects", "state/journal"})
    KALE_OK(world_.disk.make_folders(world_.out / folder));
  std::jthread syncer([this](std::stop_token done) {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    while (!wake.wait_for(lock, done, kJournalSyncEvery, [] { return false; }) &&
           !done.stop_requested())
      sync_journals();
  });
  for (const ShardPlan& plan : plans) {
    wait_for_shard_slot();
    if (halted()) break;
    auto shard = open_shard(plan);
    if (!shard) {
      fail_run(std::move(shard).error());
      break;
    }
    Status admitted = admit_rows(*shard);
    if (!admitted) fail_run(admitted.error());
    leave(*shard);
  }
  join_all();
  stop_engines();
  if (auto failed = failure()) return *failed;
  return {};
}

// Starts what the route asks and no shard before it did.
Status Runner::start_engines(const Route& route) {
  for (std::size_t i = 0; i < traits_.size(); ++i) {
    if (!route.runs[i]) continue;
    for (const Engine* asked : traits_[i].engines)
      for (const auto& engine : pipeline_.engines)
        if (engine.get() == asked && started_.insert(asked).second) KALE_OK(engine->start());
  }
  return {};
}

void Runner::stop_engines() {
  if (std::exchange(engines_stopped_, true)) return;
  for (const auto& engine : pipeline_.engines) engine->stop();
}

bool Runner::halted() const { return world_.stop.requested() || failure().has_value(); }

void Runner::wait_for_shard_slot() {
  std::unique_lock lock(mutex_);
  auto full = [&] {
    return static_cast<std::int64_t>(open_.size()) >= pipeline_.options.shards_in_flight ||
           (!open_.empty() && budget_.holds_too_much());
  };
  while (full() && !failure_ && !world_.stop.requested()) changed_.wait_for(lock, kLookAround);
}

// Rows in flight get the drain time after a stop request, and none after a failure.
void Runner::join_all() {
  std::optional<steady_clock::time_point> deadline;
  while (true) {
    {
      std::unique_lock lock(mutex_);
      if (open_.empty()) return;
      changed_.wait_for(lock, kLookAround);
    }
    if (!deadline && halted())
      deadline = steady_clock::now() + std::chrono::seconds(pipeline_.options.drain_s);
    if (failure() || (deadline && steady_clock::now() >= *deadline)) stop_engines();
  }
}

Result<Runner::ShardPtr> Runner::open_shard(const ShardPlan& plan) {
  auto shard = std::make_shared<ShardWork>();
  shard->plan = plan;
  Columns provided = pipeline_.source->traits().provides;
  shard->route = plan_route(traits_, provided, plan.first_step);
  shard->whole_route = plan_route(traits_, provided, 0);
  std::filesystem::path journal =
      world_.out / "state" / "journal" / journal_name(plan.shard, plan.generation);
  KALE_TRY(shard->journal, Journal::open(world_.disk, journal));
  if (plan.previous) KALE_OK(load_previous(*shard));
  if (!shard->from_previous) {
    shard->rows.resize(static_cast<std::size_t>(world_.manifest.shard_rows(plan.shard)));
    shard->from_start.assign(shard->rows.size(), true);
  }
  bool reread = std::find(shard->from_start.begin(), shard->from_start.end(), true) !=
                shard->from_start.end();
  if (reread) KALE_OK(start_engines(shard->whole_route));
  KALE_OK(start_engines(shard->route));
  shard->wants_image_bytes =
      shard->route.wants_image_bytes || (reread && shard->whole_route.wants_image_bytes);
  if (reread || shard->wants_image_bytes) {
    Columns wants = provided;
    if (!shard->wants_image_bytes) wants = wants - Columns{Column::kImageBytes};
    KALE_TRY(shard->reader, pipeline_.source->open(world_.manifest.shard(plan.shard), wants));
  }
  std::lock_guard lock(mutex_);
  open_.push_back(shard);
  return shard;
}

// An older generation that is damaged or gone is no help: the shard is then made anew.
Status Runner::load_previous(ShardWork& shard) {
  auto rows = pipeline_.sink->read(shard.plan.previous->files);
  auto expected = static_cast<std::size_t>(world_.manifest.shard_rows(shard.plan.shard));
  bool lost = rows ? rows->size() != expected
                   : rows.error().code == Code::kCorrupt || rows.error().code == Code::kNotFound;
  if (lost) {
    shard.route = shard.whole_route;
    return {};
  }
  if (!rows) return std::move(rows).error();
  shard.rows = std::move(*rows);
  for (const FinishedRow& row : shard.rows)
    shard.from_start.push_back(failed_at_source(row) || is_retried(row, shard.plan.retry));
  shard.from_previous = true;
  return {};
}

Status Runner::admit_rows(const ShardPtr& shard) {
  ShardSpec spec = world_.manifest.shard(shard->plan.shard);
  std::vector<std::int64_t> encoded_bytes = bytes_by_row(spec);
  for (std::size_t index = 0; index < shard->rows.size(); ++index) {
    std::int64_t bytes = shard->route_of(index).transient_bytes;
    if (shard->wants_image_bytes) bytes += encoded_bytes[index];
    if (!wait_for_room(bytes)) {
      shard->abandoned = true;
      return {};
    }
    auto walks = next_row(*shard, index);
    if (Status held = hold_extras(*shard, index); walks && !held) walks = held.error();
    bool room =
        walks && *walks && charge_picture(shard->rows[index].row, encoded_bytes[index], bytes);
    if (!room) {
      budget_.release_bytes(bytes);
      budget_.release_row();
      if (walks && !*walks) continue;
      shard->abandoned = true;
      return walks ? Status() : std::move(walks).error();
    }
    ++shard->unfinished;
    spawn(run_row(shard, index, bytes), world_.cpu);
  }
  return {};
}

bool Runner::wait_for_room(std::int64_t bytes) {
  while (!halted())
    if (budget_.admit(bytes, kLookAround)) return true;
  return false;
}

// The manifest's share of a file says nothing of pictures that a table names by path. False where
// the run ends before there is room.
bool Runner::charge_picture(const Row& row, std::int64_t charged, std::int64_t& bytes) {
  auto encoded = row.image_bytes ? static_cast<std::int64_t>(row.image_bytes->size()) : 0;
  if (encoded <= charged) return true;
  while (!halted())
    if (budget_.admit_more(encoded - charged, kLookAround)) {
      bytes += encoded - charged;
      return true;
    }
  return false;
}

// Rows keep the input's other columns until their shard is committed.
Status Runner::hold_extras(ShardWork& shard, std::size_t index) {
  const auto& extras = shard.rows[index].row.extras;
  const std::int64_t bytes = extras ? extras->row_bytes() : 0;
  budget_.hold(bytes);
  if ((shard.held_bytes += bytes) <= kShardExtrasBytesMax) return {};
  return too_wide(world_.manifest.shard(shard.plan.shard), index);
}

// False where the row needs no walk: the source rejected it, or its rejection stands from the older
// generation.
Result<bool> Runner::next_row(ShardWork& shard, std::size_t index) {
  FinishedRow& finished = shard.rows[index];
  bool fresh = shard.from_start[index];
  if (!fresh && rejection_stands(finished, shard.route)) {
    ++world_.counters.carried[static_cast<std::size_t>(finished.fate)];
    ++shard.settled;
    if (shard.reader) KALE_OK(shard.reader->next());
    return false;
  }
  std::optional<SourceRow> read;
  if (shard.reader) {
    KALE_TRY(read, shard.reader->next());
    KALE_OK(check_frozen(shard, index, read));
  }
  if (fresh)
    finished = FinishedRow{std::move(read->row), Fate::kKept, "", "", ""};
  else
    restart_row(finished, shard.route, read ? read->row.image_bytes : nullptr);
  if (!read || std::holds_alternative<On>(read->outcome)) return true;
  reject(finished, "", read->outcome);
  ++world_.counters.fates[static_cast<std::size_t>(finished.fate)];
  ++shard.settled;
  return false;
}

// A row is known by its place in a file. What the older generation holds of it goes on only beside
// what the source gives of the same row: else one row's picture would be described and another's
// alt-text fused with it. A row that failed at the source may have another key there once it can be
// read.
Status Runner::check_frozen(const ShardWork& shard, std::size_t index,
                            const std::optional<SourceRow>& read) const {
  const std::string& key = shard.rows[index].row.key;
  if (read && (shard.from_start[index] || read->row.key == key)) return {};
  const ShardSpec spec = world_.manifest.shard(shard.plan.shard);
  std::string what =
      read ? fmt::format("where the row of key {} was, one of key {} is now", key, read->row.key)
           : fmt::format("rows end after {} of {}", index, shard.rows.size());
  return Error{Code::kNotFound,
               fmt::format("the input of shard {} changed under {}: {}; put it back as it was, or "
                           "start a new output folder",
                           shard.plan.shard, file_of(spec, index), what)};
}

Task<void> Runner::run_row(ShardPtr shard, std::size_t index, std::int64_t bytes) {
  FinishedRow& finished = shard->rows[index];
  RowContext ctx(finished.row, pipeline_.seed, static_cast<int>(pipeline_.options.attempts_max),
                 pipeline_.prints, *shard->journal, world_.counters, world_.stop);
  bool settled = co_await walk(*shard, index, ctx, bytes);
  if (settled) {
    ++world_.counters.fates[static_cast<std::size_t>(finished.fate)];
    ++shard->settled;
  } else {
    shard->abandoned = true;
  }
  release_columns(finished.row, {Column::kImageBytes, Column::kPixels});
  budget_.release_bytes(bytes);
  budget_.release_row();
  leave(shard);
}

// False when the row ended without a fate, because the run is ending.
Task<bool> Runner::walk(ShardWork& shard, std::size_t index, RowContext& ctx, std::int64_t& bytes) {
  const Route& route = shard.route_of(index);
  FinishedRow& finished = shard.rows[index];
  for (std::size_t step = 0; step < traits_.size(); ++step) {
    if (!route.runs[step]) continue;
    ctx.enter(step);
    Outcome outcome = co_await apply(step, finished.row, ctx);
    if (ctx.world_error()) {
      fail_run(*ctx.world_error());
      co_return false;
    }
    if (auto* retry = std::get_if<Retry>(&outcome)) {
      auto back = route.index_of(retry->from);
      KALE_CHECK(back && *back <= step && declares_retry(traits_[step], retry->from),
                 "a step may send a row back only to an earlier step named in its traits");
      ++world_.counters.steps[step].retries;
      if (!ctx.last_attempt()) {
        ctx.next_attempt();
        step = *back - 1;  // wraps at the first step; the loop's increment brings it back to 0
        continue;
      }
      outcome = Failed{{Code::kLimit, fmt::format("sent back to {} for the last time allowed: {}",
                                                  retry->from, retry->reason)}};
    }
    if (!std::holds_alternative<On>(outcome))
      co_return settle(shard, finished, step, std::move(outcome));
    finished.row.filled |= traits_[step].writes;
    release_dead(route, step, finished.row, bytes);
  }
  finished.fate = Fate::kKept;
  co_return true;
}

Task<Outcome> Runner::apply(std::size_t step, Row& row, RowContext& ctx) {
  StepCounters& counters = world_.counters.steps[step];
  ++counters.inside;
  ++counters.calls;
  auto began = steady_clock::now();
  Outcome outcome = On{};
  std::string thrown;
  try {
    outcome = co_await pipeline_.steps[step]->apply(row, ctx);
  } catch (const std::exception& exception) {
    thrown = exception.what();
    if (thrown.empty()) thrown = "an exception without a text";
  }
  counters.busy_ns += (steady_clock::now() - began).count();
  --counters.inside;
  if (!thrown.empty())
    outcome = Failed{{Code::kBug, fmt::format("step {} threw at row {} ({}): {}",
                                              traits_[step].name, row.key, row.path, thrown)}};
  co_return outcome;
}

bool Runner::settle(ShardWork& shard, FinishedRow& finished, std::size_t step, Outcome outcome) {
  if (auto* failed = std::get_if<Failed>(&outcome); failed && is_worlds(failed->error.code)) {
    shard.abandoned = true;
    if (failed->error.code != Code::kCancelled) fail_run(failed->error);
    return false;
  }
  reject(finished, traits_[step].name, outcome);
  return true;
}

void Runner::release_dead(const Route& route, std::size_t step, Row& row, std::int64_t& bytes) {
  bool held = row.image_bytes || row.pixels;
  release_columns(row, route.dead_after[step]);
  if (held && !row.image_bytes && !row.pixels) budget_.release_bytes(std::exchange(bytes, 0));
}

void Runner::leave(const ShardPtr& shard) {
  if (--shard->unfinished > 0) return;
  if (!shard->abandoned) {
    Status committed = commit(*shard);
    if (committed)
      ++world_.counters.shards_done;
    else
      fail_run(committed.error());
  }
  forget(shard);
}

Status Runner::commit(ShardWork& shard) {
  auto rows = static_cast<std::int64_t>(shard.rows.size());
  KALE_CHECK(rows == world_.manifest.shard_rows(shard.plan.shard) && shard.settled == rows,
             "every row comes out once");
  FinishedShard finished{shard.plan.shard, shard.plan.generation, pipeline_.provenance,
                         std::move(shard.rows)};
  KALE_TRY(WrittenShard files, pipeline_.sink->write(finished));
  KALE_CHECK(files.part.rows + files.rejects.rows == rows, "rows in = kept + rejected");
  auto older = world_.ledger.find(shard.plan.shard);
  KALE_OK(world_.ledger.append({shard.plan.shard, shard.plan.generation, pipeline_.prints, files}));
  KALE_OK(shard.journal->remove());
  if (!older) return {};
  KALE_OK(world_.disk.remove(world_.out / older->files.part.name));
  return world_.disk.remove(world_.out / older->files.rejects.name);
}

void Runner::forget(const ShardPtr& shard) {
  if (shard->journal) (void)shard->journal->sync();
  budget_.hold(-shard->held_bytes);
  std::lock_guard lock(mutex_);
  std::erase(open_, shard);
  changed_.notify_all();
}

void Runner::fail_run(Error error) {
  std::lock_guard lock(mutex_);
  if (!failure_) failure_ = std::move(error);
  changed_.notify_all();
}

std::optional<Error> Runner::failure() const {
  std::lock_guard lock(mutex_);
  return failure_;
}

void Runner::sync_journals() {
  std::vector<ShardPtr> open;
  {
    std::lock_guard lock(mutex_);
    open = open_;
  }
  for (const ShardPtr& shard : open) {
    Status synced = shard->journal->sync();
    if (!synced) fail_run(synced.error());
  }
}

}  // namespace kale
