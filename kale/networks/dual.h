// CLIP and SigLIP whole: a vision tower, a text tower, and how alike a picture and a text are.
// Paper    CLIP (arXiv 2103.00020), SigLIP (2303.15343)
// Threads  forward functions only read
// Units    pixels [N, 3, S, S]; tokens [B, T]; features [.., E], of length 1
#pragma once

#include "kale/networks/vision.h"

namespace kale {

class TextTower {
 public:
  explicit TextTower(TextTowerConfig config) : config_(config) { config_.complete(); }
  void visit(const Scope& scope);
  // One row a text: CLIP's at the end token, SigLIP's at the last, padding or not.
  at::Tensor pooled(
      const at::Tensor& tokens) const;  // [B, T] -> [B, width, or SigLIP's projection]

 private:
  TextTowerConfig config_;
  at::Tensor token_embedding_;     // [vocabulary, width]
  at::Tensor position_embedding_;  // [positions, width]
  Encoder encoder_;
  LayerNorm norm_;
  Linear head_;  // SigLIP
};

class DualEncoder : public Network {
 public:
  explicit DualEncoder(DualConfig config)
      : config_(config), vision_(config.vision), text_(config.text) {}

  void visit(const Scope& scope) override;
  NetworkConfig config() const override { return config_; }

  at::Tensor image_features(const at::Tensor& pixels) const;
  at::Tensor text_features(const at::Tensor& tokens) const;
  // What the sigmoid or softmax is over: cosine, scaled (and, SigLIP, shifted).
  // [B, E], [N, E] -> [B, N]
  at::Tensor similarity(const at::Tensor& texts, const at::Tensor& images) const;
  // Of as many texts as pictures, the i-th of each a pair. One number.
  at::Tensor loss(const at::Tensor& similarity) const;

 private:
  DualConfig config_;
  VisionTower vision_;
  TextTower text_;
  Linear visual_projection_, text_projection_;  // CLIP
  at::Tensor logit_scale_, logit_bias_;         // the scale as its logarithm
};

}  // namespace kale
