#include "kale/networks/llava.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include "kale/core/check.h"
#include "kale/networks/shape.h"

namespace kale {

void Projector::visit(const Scope& scope, const LlavaConfig& config) {
  std::int64_t H = config.text.width;
  linear_1.visit(scope / "linear_1", config.vision.encoder.width, H, config.projector_bias);
  linear_2.visit(scope / "linear_2", H, H, config.projector_bias);
}

at::Tensor Projector::operator()(const at::Tensor& x, Activation activation) const {
  return linear_2(activate(activation, linear_1(x)));
}

void Projector::identity_second() {
  at::NoGradGuard no_grad;
  linear_2.weight.copy_(at::eye(linear_2.weight.size(0)));
  if (linear_2.bias.defined()) linear_2.bias.zero_();
}

Llava::Llava(LlavaConfig config)
    : config_(std::move(config)), vision_(config_.vision), text_(config_.text) {
  config_.text.complete();
}

void Llava::visit(const Scope& scope) {
  vision_.visit(scope / "vision_tower");
  projector_.visit(scope / "multi_modal_projector", config_);
  text_.visit(scope / "language_model");
}

// As transformers 4.52 and later, and 5 (without vision_model.), write the names.
std::vector<Rename> Llava::renames() const { return {kLlavaRenames.begin(), kLlavaRenames.end()}; }

at::Tensor Llava::image_features(const at::Tensor& pixels) const {
  at::Tensor x = vision_.hidden(pixels, config_.vision_blocks());
  if (config_.feature_select == FeatureSelect::kDefault) x = x.narrow(1, 1, x.size(1) - 1);
  return projector_(x, config_.projector_activation);
}

at::Tensor Llava::embed(const at::Tensor& tokens, const at::Tensor& features) const {
  at::Tensor x = text_.embed(tokens);
  std::int64_t B = x.size(0), T = x.size(1), H = config_.text.width;
  KALE_SHAPE(features, {kAnySize, kAnySize, H});
  at::Tensor rows = tokens.reshape({-1}).eq(config_.image_token).nonzero().squeeze(1);
  std::int64_t wanted = features.size(0) * features.size(1);
  KALE_CHECK(rows.size(0) == wanted,
             fmt::format("{} image tokens for {} rows of pictures", rows.size(0), wanted));
  at::Tensor flat = features.to(x.scalar_type()).reshape({wanted, H});
  return x.reshape({B * T, H}).index_copy(0, rows, flat).view({B, T, H});
}

DecoderInput Llava::input(const at::Tensor& tokens, const at::Tensor& pixels,
                          const at::Tensor& mask) const {
  at::Tensor x = pixels.defined() ? embed(tokens, image_features(pixels)) : text_.embed(tokens);
  return {.embeddings = x, .mask = mask, .positions = {}};
}

at::Tensor Llava::hidden(const at::Tensor& tokens, const at::Tensor& pixels,
                         const at::Tensor& mask) const {
  return text_.hidden(input(tokens, pixels, mask));
}

Loss Llava::loss(const at::Tensor& tokens, const at::Tensor& pixels, const at::Tensor& mask,
                 const at::Tensor& labels) const {
  return text_.loss(input(tokens, pixels, mask), labels);
}

}  // namespace kale
