// The vision towers of CLIP (class token, norm before the blocks) and SigLIP (neither; pooling by
// attention). A picture of another size than the tower's gets resized position embeddings.
// Paper    ViT (arXiv 2010.11929), CLIP (2103.00020), SigLIP (2303.15343)
// Threads  forward functions only read
// Units    pixels [B, 3, height, width], normalised; sides are multiples of the patch, or the rest
//          at the right and below is not looked at
#pragma once

#include "kale/networks/encoder.h"

namespace kale {

// SigLIP: one learnt query looks at all patches.
struct PoolingHead {
  at::Tensor probe;      // [1, 1, D]
  at::Tensor in_weight;  // [3 D, D], queries, keys and values
  at::Tensor in_bias;    // [3 D]
  Linear out;
  LayerNorm layernorm;
  Mlp mlp;
  void visit(const Scope& scope, const EncoderConfig& config);
  at::Tensor operator()(const at::Tensor& x, const EncoderConfig& config) const;
};

class VisionTower : public Network {
 public:
  explicit VisionTower(VisionConfig config) : config_(config) {}

  void visit(const Scope& scope) override;
  NetworkConfig config() const override { return config_; }
  std::vector<Rename> renames() const override;
  std::vector<std::string_view> others() const override;

  // Whether backward computes the blocks' insides anew instead of keeping them (recompute.h).
  void set_recompute(bool on) { encoder_.recomputes = on; }

  // hidden_states[blocks] of transformers: 0 is what enters the first block; no norm at the end.
  // [B, 3, S, S] -> [B, P + class token, D]
  at::Tensor hidden(const at::Tensor& pixels, std::int64_t blocks) const;
  // last_hidden_state of transformers: CLIP's without, SigLIP's with the last norm.
  at::Tensor last(const at::Tensor& pixels) const;
  // pooler_output of transformers: one row a picture. [B, 3, S, S] -> [B, D]
  at::Tensor pooled(const at::Tensor& pixels) const;
  const VisionConfig& vision_config() const { return config_; }

 private:
  at::Tensor embed(const at::Tensor& pixels) const;

  VisionConfig config_;
  at::Tensor class_embedding_;     // [D], CLIP
  Linear patch_embedding_;         // weight [D, 3, p, p]; bias in SigLIP
  at::Tensor position_embedding_;  // [class token + P, D]
  LayerNorm pre_norm_, post_norm_;
  Encoder encoder_;
  PoolingHead head_;
};

// Position embeddings of a square grid for a grid of another size, by bicubic interpolation as
// transformers does it (interpolate_pos_encoding): DFN ViT-H's 27 x 27 at 378 px become 35 x 35 at
// 490 px. The first `class_tokens` rows are kept.
// [class_tokens + side * side, D] -> [class_tokens + rows * columns, D]
at::Tensor resize_positions(const at::Tensor& positions, std::int64_t class_tokens,
                            std::int64_t rows, std::int64_t columns);

}  // namespace kale
