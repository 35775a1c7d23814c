// Blocks of pre-norm attention and a two-layer perceptron: the inside of the towers of CLIP and
// SigLIP, for pictures and texts alike.
// Paper    ViT (arXiv 2010.11929), CLIP (2103.00020), SigLIP (2303.15343)
// Threads  forward functions only read
#pragma once

#include <vector>

#include "kale/networks/layers.h"

namespace kale {

struct Mlp {
  Linear fc1, fc2;
  void visit(const Scope& scope, const EncoderConfig& config);
  at::Tensor operator()(const at::Tensor& x, Activation activation) const;
};

struct EncoderBlock {
  LayerNorm layer_norm1, layer_norm2;
  Linear q_proj, k_proj, v_proj, out_proj;
  Mlp mlp;
  void visit(const Scope& scope, const EncoderConfig& config);
  at::Tensor operator()(const at::Tensor& x, const EncoderConfig& config, bool causal) const;
};

struct Encoder {
  std::vector<EncoderBlock> layers;
  bool recomputes = false;  // see recompute.h
  void visit(const Scope& scope, const EncoderConfig& config);
  // x [B, T, width] -> the same; the first `blocks` blocks only.
  at::Tensor operator()(at::Tensor x, const EncoderConfig& config, std::int64_t blocks,
                        bool causal) const;
};

}  // namespace kale
