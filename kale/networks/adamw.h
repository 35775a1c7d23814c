// AdamW with decoupled weight decay, fused in libtorch.
// Paper    Decoupled Weight Decay Regularization (arXiv 1711.05101); the same numbers as torch's
// Threads  belongs to one thread
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

namespace kale {

struct AdamwOptions {
  double rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double decay = 0.01;
};

// One group of tensors with the same options.
class Adamw {
 public:
  Adamw(std::vector<at::Tensor> tensors, AdamwOptions options);

  // Tensors without a gradient stay as they are.
  void step();
  // Gradients are dropped, not zeroed: what has none is not stepped.
  void forget_gradients();
  void set_rate(double rate) { options_.rate = rate; }

  // What a checkpoint holds to go on exactly, in the order of the tensors.
  std::vector<at::Tensor>& first_moments() { return first_; }
  std::vector<at::Tensor>& second_moments() { return second_; }
  std::vector<at::Tensor>& steps() { return steps_; }  // float32, one number each

 private:
  std::vector<at::Tensor> tensors_, first_, second_, steps_;
  AdamwOptions options_;
};

}  // namespace kale
