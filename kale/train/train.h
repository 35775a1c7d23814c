// A training run: stage by stage from the recipe, or from the newest checkpoint of its folder.
//
//   OUT/checkpoints/step-00000200/   where it goes on from
//   OUT/samples/step-00000200.md     captions of a validation
//   OUT/student/                     what transformers loads, at the end
//   OUT/train.jsonl, loss.svg, events.out.tfevents...   kale/train_log
//
// Errors   kBadConfig naming file, key and cure; kCancelled when stopped, with a checkpoint
//          written; kLimit when memory runs out; the disk's own
// Threads  belongs to one thread; `stop` may be set from any, a signal handler too
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>

#include "kale/io/disk.h"
#include "kale/processes/processes.h"
#include "kale/train/recipe.h"

namespace kale {

struct TrainRun {
  std::filesystem::path out;
  const std::atomic<bool>& stop;
  // Of process 0 alone: what people read while they wait.
  std::function<void(const std::string& line, bool passing)> say;
};

Status train(Disk& disk, const TrainRecipe& recipe, Processes& processes, const TrainRun& run);

}  // namespace kale
