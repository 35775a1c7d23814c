// Memory for time: a block keeps what entered it, and backward computes its insides anew. One
// forward more in exchange for one hidden state a block instead of about twenty.
// Paper    Training Deep Nets with Sublinear Memory Cost (arXiv 1604.06174)
// Threads  as the block's; backward needs the network that forward ran
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "kale/networks/network.h"

namespace kale {

// block(x). Values and gradients are those of block(x) itself, to the last bit where the block's
// kernels do not ask whether gradients are wanted; second derivatives there are none. Where nothing
// learns, no graph is made. `weights` are all tensors that the block reads and that may learn;
// the block must hold by value whatever else it reads.
at::Tensor recompute(const at::Tensor& x, const std::vector<at::Tensor>& weights,
                     std::function<at::Tensor(const at::Tensor&)> block);

// The weights of a block with visit(); `block` is a copy, which shares the tensors.
template <class Block, class Config>
std::vector<at::Tensor> weights_of(Block block, const Config& config) {
  std::vector<Parameter> found;
  block.visit(Scope(found, ""), config);
  std::vector<at::Tensor> weights;
  for (const Parameter& parameter : found) weights.push_back(*parameter.tensor);
  return weights;
}

}  // namespace kale
