#include "kale/train/train.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <optional>

#include "kale/core/duration.h"
#include "kale/io/digest.h"
#include "kale/io/lock.h"
#include "kale/train/checkpoint.h"
#include "kale/train/data/loader.h"
#include "kale/train/learner.h"
#include "kale/train/schedule.h"
#include "kale/train/student.h"
#include "kale/train/validation.h"
#include "kale/train_log/pace.h"
#include "kale/train_log/train_log.h"

namespace kale {
namespace fs = std::filesystem;
namespace {

fs::path resolved(const fs::path& folder, const std::string& given) {
  return fs::path(given).is_absolute() ? fs::path(given) : folder / given;
}

Result<Computing> computing_of(const LoopOptions& loop, int local_rank) {
  if (loop.threads > 0) at::set_num_threads(static_cast<int>(loop.threads));
  Computing computing;
  if (loop.precision == "bf16") computing.precision = Precision::kBfloat16;
  const bool cuda = at::hasCUDA();
  if (loop.device == "cuda" && !cuda)
    return Error{Code::kNotBuilt,
                 "loop.device: there is no CUDA device, or this libtorch has none"};
  if (loop.device != "cpu" && cuda)
    computing.device = at::Device(at::kCUDA, static_cast<at::DeviceIndex>(local_rank));
  return computing;
}

// The most that tensors have taken at once; 0 on a CPU.
std::int64_t peak_device_bytes(const at::Device& device) {
  if (device.is_cpu()) return 0;
  const auto stats = at::getDeviceAllocator(device.type())->getDeviceStats(device.index());
  constexpr auto kAll = static_cast<std::size_t>(c10::CachingAllocator::StatType::AGGREGATE);
  return stats.allocated_bytes[kAll].peak;
}

std::int64_t up(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

// Every group of rows ends with a step of what is left of it.
std::int64_t steps_of(const Stage& stage, std::int64_t rows, const LoopOptions& loop) {
  if (stage.steps > 0) return stage.steps;
  const std::int64_t groups = rows / loop.shuffle_rows, rest = rows % loop.shuffle_rows;
  const std::int64_t epoch =
      groups * up(loop.shuffle_rows, loop.step_rows) + up(rest, loop.step_rows);
  return std::max<std::int64_t>(
      1, static_cast<std::int64_t>(std::ceil(stage.epochs * static_cast<double>(epoch))));
}

class Training {
 public:
  Training(Disk& disk, const TrainRecipe& recipe, Processes& processes, const TrainRun& run)
      : disk_(disk), recipe_(recipe), processes_(processes), run_(run) {}

  Status prepare();
  Status run();

 private:
  std::int64_t new_tokens_max() const { return recipe_.data.layout.caption_tokens_max; }
  bool leads() const { return processes_.rank() == 0; }
  void say(const std::string& line, bool passing = false) const {
    if (leads() && run_.say) run_.say(line, passing);
  }
  Status find_place();
  Status check_neighbours();
  Result<Student> first_student();
  Status open_validation();
  Status run_stage(const Stage& stage);
  Result<StepRecord> step(Learner& learner, const Stage& stage, std::int64_t steps);
  Status after_step(Learner& learner, StepRecord record, bool ends_stage);
  std::int64_t count_unusable(const StepBatches& data);
  Status validate(StepRecord& record);
  Status save(Learner& learner);

  Disk& disk_;
  const TrainRecipe& recipe_;
  Processes& processes_;
  const TrainRun& run_;

  Computing computing_;
  Student student_;
  std::unique_ptr<Corpus> corpus_;
  std::optional<Checkpoint> resumed_;
  TrainState progress_;
  std::unique_ptr<Loader> loader_;
  std::optional<Validation> validation_;
  std::optional<TrainLog> log_;
  std::optional<Pace> pace_;
  std::int64_t unusable_ = 0;  // rows met since the start, each as often as it came
};

// Where an earlier run of the same recipe on the same data ended.
Status Training::find_place() {
  progress_.fingerprint = Digest().add(recipe_.fingerprint).hex();
  progress_.data = corpus_->digest();
  KALE_TRY(resumed_, newest_checkpoint(disk_, run_.out));
  if (!resumed_) return {};
  const TrainState& found = resumed_->progress;
  const char* what = found.fingerprint != progress_.fingerprint ? "the recipe"
                     : found.data != progress_.data             ? "the data"
                                                                : nullptr;
  if (what != nullptr)
    return Error{Code::kBadConfig,
                 fmt::format("{} is not what {} was begun with; go on with the same, or give "
                             "another --out",
                             what, run_.out.string())};
  progress_ = found;
  say(fmt::format("going on from step {}", found.step));
  return {};
}

// All processes do the same work from the same step, or sums would mean nothing.
Status Training::check_neighbours() {
  const std::string mine =
      Digest().add(progress_.fingerprint).add(progress_.data).add(progress_.step).hex();
  std::string first = mine;
  processes_.broadcast(first);
  if (mine == first) return {};
  return Error{Code::kBadConfig,
               fmt::format("process {} has another recipe, other data or other checkpoints in {} "
                           "than process 0; all must see the same files",
                           processes_.rank(), run_.out.string())};
}

Status Training::open_validation() {
  if (recipe_.data.validation.path.empty() || !leads()) return {};
  KALE_TRY(auto corpus, Corpus::open(recipe_.data.validation, recipe_.folder));
  KALE_TRY(Pictures pictures, Pictures::make(student_.picture));
  KALE_TRY(Validation made, Validation::make(*corpus, std::move(pictures),
                                             {.captions = recipe_.loop.validation_captions,
                                              .rows_at_once = recipe_.loop.rows_at_once,
                                              .threads = recipe_.loop.threads,
                                              .layout = recipe_.data.layout,
                                              .computing = computing_}));
  if (made.left_out() > 0)
    say(fmt::format("validation: {} rows left out, the first: {}", made.left_out(),
                    made.first_left_out()));
  validation_.emplace(std::move(made));
  return {};
}

Result<Student> Training::first_student() {
  if (resumed_) return load_student(disk_, resumed_->folder, std::nullopt);
  const StudentOptions& given = recipe_.student;
  if (given.from.empty() == (given.vision.empty() || given.text.empty()))
    return Error{Code::kBadConfig,
                 "give student.from, a LLaVA folder, or both student.vision and student.text"};
  const fs::path& folder = recipe_.folder;
  auto made = given.from.empty() ? join_student(disk_, resolved(folder, given.vision),
                                                resolved(folder, given.text), recipe_.seed)
                                 : load_student(disk_, resolved(folder, given.from), recipe_.seed);
  if (!made) return made;
  if (!made->has_learnt) say("no weights in " + given.from + ": the student begins at random");
  KALE_OK(see_at(*made, given.image_side));
  return made;
}

Status Training::prepare() {
  KALE_TRY(computing_, computing_of(recipe_.loop, processes_.local_rank()));
  KALE_TRY(corpus_, Corpus::open(recipe_.data.train, recipe_.folder));
  KALE_OK(find_place());
  KALE_OK(check_neighbours());
  KALE_TRY(student_, first_student());
  for (const Parameter& p : student_.network->parameters())
    *p.tensor = p.tensor->to(computing_.device);
  student_.network->vision().set_recompute(recipe_.loop.recompute);
  student_.network->text().set_recompute(recipe_.loop.recompute);
  KALE_OK(open_validation());
  KALE_TRY(Pictures pictures, Pictures::make(student_.picture));
  const LoopOptions& loop = recipe_.loop;
  loader_ = std::make_unique<Loader>(*corpus_, student_.layout(), recipe_.data.layout,
                                     std::move(pictures),
                                     LoaderOptions{.seed = recipe_.seed,
                                                   .step_rows = loop.step_rows,
                                                   .rows_at_once = loop.rows_at_once,
                                                   .group_rows = loop.shuffle_rows,
                                                   .threads = loop.decode_threads,
                                                   .process = processes_.rank(),
                                                   .processes = processes_.count()},
                                     progress_.place);
  std::int64_t steps = 0;
  for (const Stage& stage : recipe_.stages) steps += steps_of(stage, corpus_->rows(), loop);
  pace_.emplace(steps);
  if (leads()) {
    KALE_TRY(TrainLog log, TrainLog::open(disk_, run_.out, progress_.step));
    log_.emplace(std::move(log));
  }
  say(fmt::format("{} pairs, {} steps in {} stages on {}", corpus_->rows(), steps,
                  recipe_.stages.size(), computing_.device.str()));
  return {};
}

Result<StepRecord> Training::step(Learner& learner, const Stage& stage, std::int64_t steps) {
  const auto began = std::chrono::steady_clock::now();
  const double waited = loader_->waited_seconds();
  KALE_TRY(StepBatches data, loader_->next());
  const std::int64_t unreadable = count_unusable(data);
  const Schedule schedule{.rate = stage.rate,
                          .end_share = stage.rate_end_share,
                          .warmup = static_cast<std::int64_t>(
                              std::ceil(stage.warmup_share * static_cast<double>(steps))),
                          .steps = steps};
  const double rate = rate_of(schedule, progress_.stage_step);
  auto learnt = learner.step(data.batches, rate);
  if (!learnt) {
    Error error = std::move(learnt).error();
    error.message = fmt::format("step {}: {}", progress_.step + 1, error.message);
    return error;
  }
  ++progress_.step;
  ++progress_.stage_step;
  progress_.place = data.after;
  return StepRecord{.step = progress_.step,
                    .stage = stage.name,
                    .loss = learnt->loss,
                    .rate = rate,
                    .rows = data.rows - unreadable,
                    .tokens = learnt->tokens,
                    .gradient_norm = learnt->gradient_norm,
                    .seconds = seconds_since(began),
                    .waited_seconds = loader_->waited_seconds() - waited,
                    .device_bytes = peak_device_bytes(computing_.device)};
}

// What lacks a caption all processes see; whose picture is broken, the one that decodes it. Returns
// how many of the step's rows are left out.
std::int64_t Training::count_unusable(const StepBatches& data) {
  std::int64_t mine = 0;
  for (const Batch& batch : data.batches) mine += batch.unreadable;
  const auto all = static_cast<std::int64_t>(processes_.sum(static_cast<double>(mine)));
  if (data.unusable > 0 && unusable_ == 0)
    say(fmt::format("left out, and counted on: {}", data.first_unusable));
  unusable_ += data.unusable - mine + all;
  return all;
}

Status Training::validate(StepRecord& record) {
  if (!validation_) return {};
  KALE_TRY(Validated found, validation_->run(student_));
  record.validation = std::move(found.measures);
  std::string line = fmt::format("step {} on unseen pairs:", record.step);
  for (const auto& [name, value] : record.validation)
    line += fmt::format("  {} {:.4g}", name, value);
  say(line);
  if (found.samples.empty()) return {};
  const fs::path folder = run_.out / "samples";
  KALE_OK(disk_.make_folders(folder));
  return write_whole_file(disk_, folder / fmt::format("step-{:08}.md", record.step), found.samples);
}

Status Training::save(Learner& learner) {
  if (!leads()) return {};
  KALE_OK(log_->sync());
  return write_checkpoint(disk_, run_.out, progress_, {student_, learner.state(), new_tokens_max()},
                          recipe_.loop.checkpoints_kept);
}

Status Training::after_step(Learner& learner, StepRecord record, bool ends_stage) {
  const LoopOptions& loop = recipe_.loop;
  const bool last = ends_stage && progress_.stage + 1 == std::ssize(recipe_.stages);
  // A stage's end is saved by run_stage().
  const bool saves = record.step % loop.checkpoint_steps == 0 && !ends_stage;
  pace_->add(record);
  say(pace_->line(), true);
  if (last || record.step % loop.validation_steps == 0) KALE_OK(validate(record));
  if (leads()) KALE_OK(log_->add(record));
  // All processes hear of a stop at the same step.
  const double stopping = processes_.sum(run_.stop.load() ? 1.0 : 0.0);
  if (saves || stopping > 0) KALE_OK(save(learner));
  processes_.barrier();
  if (stopping > 0)
    return Error{Code::kCancelled,
                 fmt::format("stopped after step {}; the same command goes on", record.step)};
  return {};
}

Status Training::run_stage(const Stage& stage) {
  const std::int64_t steps = steps_of(stage, corpus_->rows(), recipe_.loop);
  Learner learner(*student_.network, stage, computing_, processes_);
  if (resumed_ && progress_.stage_step > 0) {
    KALE_OK(read_optimiser(disk_, *resumed_, learner.state()));
  }
  resumed_.reset();
  say(fmt::format("{}: {} steps, {} million numbers learn", stage.name, steps,
                  fmt::format("{:.2f}", static_cast<double>(learner.numbers()) / 1e6)));
  while (progress_.stage_step < steps) {
    KALE_TRY(StepRecord record, step(learner, stage, steps));
    KALE_OK(after_step(learner, std::move(record), progress_.stage_step == steps));
  }
  ++progress_.stage;
  progress_.stage_step = 0;
  return save(learner);
}

Status Training::run() {
  while (progress_.stage < std::ssize(recipe_.stages))
    KALE_OK(run_stage(recipe_.stages[static_cast<std::size_t>(progress_.stage)]));
  if (!leads()) return {};
  KALE_OK(log_->close());
  KALE_OK(save_student(disk_, run_.out / "student", student_, new_tokens_max()));
  if (unusable_ > 0) say(fmt::format("{} rows were left out", unusable_));
  say(fmt::format("the student lies in {}", (run_.out / "student").string()));
  return {};
}

}  // namespace

Status train(Disk& disk, const TrainRecipe& recipe, Processes& processes, const TrainRun& run) {
  KALE_OK(disk.make_folders(run.out));
  std::optional<FolderLock> lock;
  if (processes.rank() == 0) {
    KALE_TRY(FolderLock taken, FolderLock::take(run.out / "lock"));
    lock.emplace(std::move(taken));
  }
  Training training(disk, recipe, processes, run);
  KALE_OK(training.prepare());
  return training.run();
}

}  // namespace kale
