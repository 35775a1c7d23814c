// LLaVA: the patches of a vision tower, projected, stand in a text where its image tokens are.
// Paper    LLaVA (arXiv 2304.08485), LLaVA-1.5 (2310.03744); the student of BLIP3-KALE, stage 2
// Threads  forward functions only read
// Units    pixels [N, 3, S, S] of all texts' pictures in their order; tokens [B, T]
#pragma once

#include "kale/networks/decoder.h"
#include "kale/networks/vision.h"

namespace kale {

// Linear, activation, linear; a projector of one matrix is stored as transformers can read it, with
// an identity behind it (identity_second()).
struct Projector {
  Linear linear_1, linear_2;
  void visit(const Scope& scope, const LlavaConfig& config);
  at::Tensor operator()(const at::Tensor& x, Activation activation) const;
  void identity_second();
};

class Llava : public Network {
 public:
  explicit Llava(LlavaConfig config);

  void visit(const Scope& scope) override;
  NetworkConfig config() const override { return config_; }
  const LlavaConfig& llava_config() const { return config_; }
  std::vector<Rename> renames() const override;

  VisionTower& vision() { return vision_; }
  Decoder& text() { return text_; }
  const Decoder& text() const { return text_; }
  Projector& projector() { return projector_; }

  // [N, 3, S, S] -> [N, patches, H]
  at::Tensor image_features(const at::Tensor& pixels) const;
  // Embeddings of the tokens, the k-th image token replaced by the k-th row of all features.
  // features [N, patches, H], N * patches as many as image tokens -> [B, T, H]
  at::Tensor embed(const at::Tensor& tokens, const at::Tensor& features) const;
  // pixels may be none where no token is an image token.
  at::Tensor hidden(const at::Tensor& tokens, const at::Tensor& pixels,
                    const at::Tensor& mask) const;
  // Of labels [B, T], as Decoder::loss().
  Loss loss(const at::Tensor& tokens, const at::Tensor& pixels, const at::Tensor& mask,
            const at::Tensor& labels) const;

 private:
  DecoderInput input(const at::Tensor& tokens, const at::Tensor& pixels,
                     const at::Tensor& mask) const;

  LlavaConfig config_;
  VisionTower vision_;
  Projector projector_;
  Decoder text_;
};

}  // namespace kale
