#include "kale/networks/dual.h"

#include <ATen/ATen.h>

#include "kale/core/check.h"
#include "kale/networks/shape.h"

namespace kale {
namespace {

// Files of CLIP made before the end token was put right say 2 and mean the largest id.
constexpr std::int64_t kLegacyEos = 2;

at::Tensor unit(const at::Tensor& x) { return x / x.norm(2, {-1}, /*keepdim=*/true); }

}  // namespace

void TextTower::visit(const Scope& scope) {
  std::int64_t width = config_.encoder.width;
  Scope model = scope / "text_model";
  Scope embeddings = model / "embeddings";
  (embeddings / "token_embedding")
      .tensor("weight", token_embedding_, {config_.vocabulary, width}, Init::kNormal);
  (embeddings / "position_embedding")
      .tensor("weight", position_embedding_, {config_.positions, width}, Init::kNormal);
  encoder_.visit(model / "encoder", config_.encoder);
  norm_.visit(model / "final_layer_norm", width);
  if (config_.form == TowerForm::kSiglip) {
    head_.visit(model / "head", width, config_.projection_width, true);
  }
}

at::Tensor TextTower::pooled(const at::Tensor& tokens) const {
  std::int64_t B = tokens.size(0), T = tokens.size(1);
  KALE_CHECK(T <= config_.positions, "texts no longer than the tower's positions");
  bool clip = config_.form == TowerForm::kClip;
  at::Tensor x = at::embedding(token_embedding_, tokens) + position_embedding_.narrow(0, 0, T);
  x = encoder_(x, config_.encoder, config_.encoder.layers, /*causal=*/clip);
  x = norm_(x, config_.encoder.epsilon);
  KALE_SHAPE(x, {B, T, config_.encoder.width});
  if (!clip) return head_(x.select(1, T - 1));
  at::Tensor end = config_.eos_token == kLegacyEos
                       ? tokens.argmax(1)
                       : tokens.eq(config_.eos_token).to(at::kInt).argmax(1);
  return x.index({at::arange(B, end.options()), end});
}

void DualEncoder::visit(const Scope& scope) {
  vision_.visit(scope);
  text_.visit(scope);
  if (config_.form == TowerForm::kSiglip) {
    scope.tensor("logit_scale", logit_scale_, {1}, Init::kLogitScale);
    scope.tensor("logit_bias", logit_bias_, {1}, Init::kZeros);
    return;
  }
  visual_projection_.visit(scope / "visual_projection", config_.vision.encoder.width,
                           config_.projection_width, false);
  text_projection_.visit(scope / "text_projection", config_.text.encoder.width,
                         config_.projection_width, false);
  scope.tensor("logit_scale", logit_scale_, {}, Init::kLogitScale);
}

at::Tensor DualEncoder::image_features(const at::Tensor& pixels) const {
  at::Tensor x = vision_.pooled(pixels);
  return unit(config_.form == TowerForm::kClip ? visual_projection_(x) : x);
}

at::Tensor DualEncoder::text_features(const at::Tensor& tokens) const {
  at::Tensor x = text_.pooled(tokens);
  return unit(config_.form == TowerForm::kClip ? text_projection_(x) : x);
}

at::Tensor DualEncoder::similarity(const at::Tensor& texts, const at::Tensor& images) const {
  KALE_SHAPE(images, {kAnySize, texts.size(1)});
  at::Tensor scaled = at::matmul(texts, images.t()) * logit_scale_.exp();
  return config_.form == TowerForm::kClip ? scaled : scaled + logit_bias_;
}

at::Tensor DualEncoder::loss(const at::Tensor& similarity) const {
  std::int64_t B = similarity.size(0);
  KALE_SHAPE(similarity, {B, B});
  if (config_.form == TowerForm::kClip) {
    at::Tensor pairs = at::arange(B, similarity.options().dtype(at::kLong));
    return (at::cross_entropy_loss(similarity, pairs) +
            at::cross_entropy_loss(similarity.t(), pairs)) /
           2;
  }
  at::Tensor sign = 2 * at::eye(B, similarity.options()) - 1;  // 1 for pairs, else -1
  return -at::log_sigmoid(sign * similarity).sum(-1).mean();
}

}  // namespace kale
