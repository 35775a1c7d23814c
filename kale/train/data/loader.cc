#include "kale/train/data/loader.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "kale/core/duration.h"
#include "kale/core/rng.h"
#include "kale/io/digest.h"
#include "kale/train/data/order.h"

namespace kale {
namespace {

// Whether this epoch shows the pair without its alt-text.
bool hides_alt_text(const std::string& key, std::uint64_t seed, std::int64_t epoch, double share) {
  const std::uint64_t row = Digest().add(key).low64();
  return Rng(mixed(seed, row, static_cast<std::uint64_t>(epoch))).uniform() < share;
}

}  // namespace

// Rows in memory, as tokens and encoded pictures.
struct Loader::Group {
  std::vector<Example> examples;
  std::vector<std::string> keys;
  std::vector<std::shared_ptr<const std::string>> pictures;
  std::int64_t unusable = 0;  // told with the group's first step
  std::string first_unusable;
};

Loader::Loader(Corpus& corpus, Layout layout, LayoutOptions layout_options, Pictures pictures,
               LoaderOptions options, Place from)
    : corpus_(corpus),
      layout_(std::move(layout)),
      layout_options_(layout_options),
      pictures_(std::move(pictures)),
      options_(options) {
  threads_.emplace_back([this, from] { plan(from); });
  for (std::int64_t i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { work(); });
}

Loader::~Loader() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

Result<StepBatches> Loader::next() {
  const auto began = std::chrono::steady_clock::now();
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !steps_.empty() || error_; });
  if (steps_.empty()) return *error_;
  Planned planned = std::move(steps_.front());
  steps_.pop_front();
  lock.unlock();
  changed_.notify_all();
  StepBatches step = std::move(planned.step);
  for (std::future<Batch>& batch : planned.batches) step.batches.push_back(batch.get());
  waited_seconds_ += seconds_since(began);
  for (const Batch& batch : step.batches) {
    if (batch.unreadable > 0 && step.unusable == 0) step.first_unusable = batch.first_unreadable;
    step.unusable += batch.unreadable;
  }
  return step;
}

// The groups of all epochs, one after the other.
class Loader::Walk {
 public:
  Walk(const Loader& loader, Place from) : seed_(loader.options_.seed), place_(from) {
    for (const Slice& block : loader.corpus_.blocks()) rows_.push_back(block.rows);
    group_rows_ = loader.options_.group_rows;
    shuffle();
  }

  const Place& place() const { return place_; }
  const std::vector<std::size_t>& blocks() const {
    return groups_[static_cast<std::size_t>(place_.group)];
  }
  void go_on() {
    place_ = {place_.epoch, place_.group + 1, 0};
    if (place_.group < std::ssize(groups_)) return;
    place_ = {place_.epoch + 1, 0, 0};
    shuffle();
  }

 private:
  void shuffle() {
    groups_ =
        group_blocks(rows_, group_rows_, mixed(seed_, 1, static_cast<std::uint64_t>(place_.epoch)));
  }

  std::uint64_t seed_;
  Place place_;
  std::vector<std::int64_t> rows_;
  std::int64_t group_rows_ = 0;
  std::vector<std::vector<std::size_t>> groups_;
};

// Groups without a pair are passed over, and what was wrong with their rows is told with the next
// one; where all of an epoch's are so, there is nothing to learn from.
class Loader::EmptyGroups {
 public:
  Result<std::shared_ptr<Group>> pass(std::shared_ptr<Group> group, std::int64_t epoch) {
    if (group->unusable > 0 && unusable_ == 0) first_ = group->first_unusable;
    unusable_ += group->unusable;
    if (group->examples.empty()) {
      if (since_ < 0) since_ = epoch;
      if (epoch <= since_ + 1) return group;
      return Error{Code::kBadConfig,
                   fmt::format("no row has a picture and a caption to learn from: {}; see "
                               "data.caption_column, and for pictures publish.image_bytes of the "
                               "run or data.images_root",
                               first_)};
    }
    since_ = -1;
    group->unusable = std::exchange(unusable_, 0);
    group->first_unusable = std::exchange(first_, "");
    return group;
  }

 private:
  std::int64_t since_ = -1;  // the epoch of the first of those in a row
  std::int64_t unusable_ = 0;
  std::string first_;
};

// Until the loader is dropped. The next group is read while the steps of one are handed over.
void Loader::plan(Place from) {
  Walk walk(*this, from);
  auto read = [this](const std::vector<std::size_t>& blocks, std::int64_t epoch) {
    return std::async(std::launch::async,
                      [this, blocks, epoch] { return read_group(blocks, epoch); });
  };
  auto reading = read(walk.blocks(), walk.place().epoch);
  EmptyGroups empty;
  for (;;) {
    auto group = reading.get();
    const Place place = walk.place();
    walk.go_on();
    if (group) group = empty.pass(std::move(*group), place.epoch);
    std::unique_lock lock(mutex_);
    if (!group) error_ = group.error();
    changed_.notify_all();
    if (stopping_ || error_) return;
    lock.unlock();
    reading = read(walk.blocks(), walk.place().epoch);
    if (!plan_group(*group, place, walk.place())) return;
  }
}

// False where nobody wants the rest any more.
bool Loader::plan_group(const std::shared_ptr<Group>& group, Place place, const Place& next) {
  std::vector<std::int64_t> lengths;
  for (const Example& example : group->examples) lengths.push_back(std::ssize(example.tokens));
  const auto seed = mixed(options_.seed, static_cast<std::uint64_t>(place.epoch),
                          static_cast<std::uint64_t>(place.group) + 2);
  const auto batches = cut_batches(lengths, options_.step_rows, seed);
  while (place.batch < std::ssize(batches)) {
    if (!wait_for_room()) return false;
    Planned step = plan_step(group, batches[static_cast<std::size_t>(place.batch)]);
    ++place.batch;
    step.step.after = place.batch < std::ssize(batches) ? place : next;
    std::lock_guard lock(mutex_);
    steps_.push_back(std::move(step));
    changed_.notify_all();
  }
  return true;
}

Result<std::shared_ptr<Loader::Group>> Loader::read_group(const std::vector<std::size_t>& blocks,
                                                          std::int64_t epoch) {
  auto group = std::make_shared<Group>();
  for (std::size_t index : blocks) {
    KALE_TRY(Block block, corpus_.read(index));
    if (stops()) return group;
    if (group->unusable == 0) group->first_unusable = block.first_reason;
    group->unusable += block.unusable;
    for (Pair& pair : block.pairs) {
      const bool hidden =
          hides_alt_text(pair.key, options_.seed, epoch, layout_options_.alt_text_dropout);
      group->examples.push_back(
          lay_out(layout_, layout_options_,
                  hidden ? std::string_view() : std::string_view(pair.alt_text), pair.caption));
      group->keys.push_back(std::move(pair.key));
      group->pictures.push_back(std::move(pair.image_bytes));
    }
  }
  return group;
}

Loader::Planned Loader::plan_step(const std::shared_ptr<Group>& group,
                                  std::span<const std::size_t> rows) {
  Planned planned;
  planned.step.rows = std::ssize(rows);
  planned.step.unusable = std::exchange(group->unusable, 0);
  planned.step.first_unusable = std::exchange(group->first_unusable, "");
  const auto at_once = static_cast<std::size_t>(options_.rows_at_once);
  std::lock_guard lock(mutex_);
  std::int64_t number = 0;
  for (std::size_t first = 0; first < rows.size(); first += at_once, ++number) {
    if (number % options_.processes != options_.process) continue;
    const auto part = rows.subspan(first, std::min(at_once, rows.size() - first));
    tasks_.emplace_back([this, group, mine = std::vector(part.begin(), part.end())] {
      return make_batch(*group, mine);
    });
    planned.batches.push_back(tasks_.back().get_future());
  }
  changed_.notify_all();
  return planned;
}

bool Loader::stops() const {
  std::lock_guard lock(mutex_);
  return stopping_;
}

// False where nobody wants more.
bool Loader::wait_for_room() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return steps_.size() < kStepsAhead || stopping_; });
  return !stopping_;
}

Batch Loader::make_batch(const Group& group, std::span<const std::size_t> rows) const {
  BatchMaker maker(pictures_.side(), layout_.end_token);
  for (std::size_t row : rows) {
    auto planes = pictures_.prepare(group.pictures[row]);
    if (planes) {
      maker.add(group.examples[row], *planes);
    } else {
      maker.leave_out(fmt::format("{}: {}", group.keys[row], planes.error().message));
    }
  }
  return std::move(maker).finish();
}

void Loader::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return !tasks_.empty() || stopping_; });
    if (stopping_) return;
    std::packaged_task<Batch()> task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
    lock.lock();
  }
}

}  // namespace kale
