// One stage's learning: losses of batches, gradients of all processes, one step of AdamW.
// Paper    LLaVA-1.5 (arXiv 2310.03744): a projector alone first, then projector and decoder
// Errors   kLimit when the device's memory runs out; kBadConfig for a loss that is no number,
//          naming the cure
// Threads  belongs to one thread
#pragma once

#include <ATen/core/Tensor.h>

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "kale/networks/adamw.h"
#include "kale/networks/llava.h"
#include "kale/networks/precision.h"
#include "kale/processes/processes.h"
#include "kale/train/data/batch.h"
#include "kale/train/recipe.h"

namespace kale {

struct Computing {
  at::Device device = at::kCPU;
  Precision precision = Precision::kFloat32;
};

// Sum over the batch's labels; pictures and texts go to the device on the way.
Loss batch_loss(const Llava& network, const Batch& batch, const Computing& computing);

struct Learnt {
  double loss = 0;  // mean over the step's labels, of all processes
  std::int64_t tokens = 0;
  double gradient_norm = 0;  // before clipping
};

class Learner {
 public:
  Learner(Llava& network, const Stage& stage, Computing computing, Processes& processes);

  // No weight changes where the loss is no number.
  Result<Learnt> step(std::span<const Batch> batches, double rate);
  std::int64_t numbers() const;  // that learn
  // What a checkpoint holds beside the weights, by name.
  std::vector<std::pair<std::string, at::Tensor>> state();

 private:
  struct Group {
    std::vector<std::string> names;
    Adamw optimiser;
  };
  void gather(double& sum, double& tokens);
  double clip(double tokens);

  Llava& network_;
  const Stage stage_;
  const Computing computing_;
  Processes& processes_;
  std::vector<at::Tensor> tensors_;
  std::vector<Group> groups_;  // matrices, which decay, and the rest
};

}  // namespace kale
