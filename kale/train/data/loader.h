// Batches in time: one thread reads pairs and plans, others decode, and the training loop finds the
// next step's batches ready. What comes, and in which order, depends on the seed and the place
// alone.
// Errors   the corpus' own; kBadConfig where no row has anything to learn from
// Threads  next() belongs to one thread; its own threads end with it
// Limits   up to three groups of rows with their encoded pictures are in memory, and kStepsAhead
//          steps decoded beside the one that is learnt
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "kale/train/data/batch.h"
#include "kale/train/data/corpus.h"
#include "kale/train/data/layout.h"
#include "kale/train/data/pictures.h"

namespace kale {

inline constexpr std::size_t kStepsAhead = 3;

// Where in the data a run stands.
struct Place {
  std::int64_t epoch = 0;
  std::int64_t group = 0;
  std::int64_t batch = 0;  // that comes next
  bool operator==(const Place&) const = default;
};

struct LoaderOptions {
  std::uint64_t seed = 1;
  std::int64_t step_rows = 64;     // of one step, of all processes together
  std::int64_t rows_at_once = 16;  // of one batch
  std::int64_t group_rows = 4096;  // shuffled together, in memory
  std::int64_t threads = 1;        // that decode
  std::int64_t process = 0;        // of `processes`: takes every so-many-th batch
  std::int64_t processes = 1;
};

// One optimiser step: this process' batches of it.
struct StepBatches {
  std::vector<Batch> batches;
  std::int64_t rows = 0;      // of all processes
  std::int64_t unusable = 0;  // rows met on the way that are no pair, or whose picture is none
  std::string first_unusable;
  Place after;
};

class Loader {
 public:
  Loader(Corpus& corpus, Layout layout, LayoutOptions layout_options, Pictures pictures,
         LoaderOptions options, Place from);
  ~Loader();
  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;

  Result<StepBatches> next();
  double waited_seconds() const { return waited_seconds_; }  // in next(), in all

 private:
  struct Group;
  class Walk;
  class EmptyGroups;
  struct Planned {
    std::vector<std::future<Batch>> batches;
    StepBatches step;  // without its batches
  };

  void plan(Place from);
  bool plan_group(const std::shared_ptr<Group>& group, Place place, const Place& next);
  Result<std::shared_ptr<Group>> read_group(const std::vector<std::size_t>& blocks,
                                            std::int64_t epoch);
  Planned plan_step(const std::shared_ptr<Group>& group, std::span<const std::size_t> rows);
  bool wait_for_room();
  Batch make_batch(const Group& group, std::span<const std::size_t> rows) const;
  bool stops() const;
  void work();

  Corpus& corpus_;
  const Layout layout_;
  const LayoutOptions layout_options_;
  const Pictures pictures_;
  const LoaderOptions options_;
  double waited_seconds_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Planned> steps_;
  std::deque<std::packaged_task<Batch()>> tasks_;
  std::optional<Error> error_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace kale
