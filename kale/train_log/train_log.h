// All that a training run leaves for people: train.jsonl, TensorBoard's events and loss.svg, in one
// folder.
// Format   docs/formats.md
// Errors   the disk's
// Threads  belongs to one thread
#pragma once

#include <filesystem>
#include <string>

#include "kale/train_log/curve.h"
#include "kale/train_log/events.h"
#include "kale/train_log/records.h"

namespace kale {

inline constexpr std::string_view kRecordsFile = "train.jsonl";
inline constexpr std::string_view kCurveFile = "loss.svg";

struct TrainLogOptions {
  std::string title = "loss";            // of the curve
  std::int64_t curve_every_steps = 100;  // and at the end
};

class TrainLog {
 public:
  // `after`: the last step of the checkpoint that training goes on from, 0 for a new run. The
  // folder is made where there is none.
  static Result<TrainLog> open(Disk& disk, const std::filesystem::path& folder, std::int64_t after,
                               TrainLogOptions options = {}, WallClock clock = wall_clock);

  // Steps in rising order. The process may die behind any byte.
  Status add(const StepRecord& record);
  // Syncs lines; a checkpoint that is written behind it never knows more than the log.
  Status sync();
  // Draws the curve, syncs and closes.
  Status close();

 private:
  TrainLog(Disk& disk, std::filesystem::path folder, TrainLogOptions options, LossCurve curve,
           RecordLog records, EventFile events);
  Status draw();

  Disk* disk_;
  std::filesystem::path folder_;
  TrainLogOptions options_;
  LossCurve curve_;
  RecordLog records_;
  EventFile events_;
  std::int64_t undrawn_ = 0;  // steps
};

// What TensorBoard is shown of a step.
std::vector<Scalar> scalars_of(const StepRecord& record);

}  // namespace kale
