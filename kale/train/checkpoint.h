// Where a training run stands, on disk: checkpoints/step-00000200/ holds the student, the optimiser
// and train.json. Written aside, synced and renamed, so that a checkpoint is whole or not there.
// Format   docs/formats.md, "Training"
// Errors   kCorrupt, kBadConfig naming file and cure; the disk's own
// Threads  one at a time for one folder
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kale/io/disk.h"
#include "kale/train/data/loader.h"
#include "kale/train/student.h"

namespace kale {

struct TrainState {
  std::int64_t step = 0;        // steps done, in all
  std::int64_t stage = 0;       // the stage that goes on
  std::int64_t stage_step = 0;  // steps of it done
  Place place;
  std::string fingerprint;  // of the recipe
  std::string data;         // digest of the corpus
};

struct Checkpoint {
  std::filesystem::path folder;
  TrainState progress;
};

using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

// The newest whole one below `out`; nothing where there is none.
Result<std::optional<Checkpoint>> newest_checkpoint(Disk& disk, const std::filesystem::path& out);

struct Learning {
  Student& student;
  NamedTensors optimiser;
  std::int64_t new_tokens_max = 0;  // of a caption
};

// Keeps the newest `kept`.
Status write_checkpoint(Disk& disk, const std::filesystem::path& out, const TrainState& progress,
                        const Learning& learning, std::int64_t kept);

// Fills the tensors by name.
Status read_optimiser(Disk& disk, const Checkpoint& checkpoint, const NamedTensors& optimiser);

}  // namespace kale
