#include "kale/networks/vision.h"

#include <ATen/ATen.h>

#include <cmath>

#include "kale/core/check.h"
#include "kale/networks/product.h"
#include "kale/networks/shape.h"

namespace kale {

void PoolingHead::visit(const Scope& scope, const EncoderConfig& config) {
  std::int64_t width = config.width;
  scope.tensor("probe", probe, {1, 1, width}, Init::kNormal);
  Scope attention = scope / "attention";
  attention.tensor("in_proj_weight", in_weight, {3 * width, width}, Init::kNormal);
  attention.tensor("in_proj_bias", in_bias, {3 * width}, Init::kZeros);
  out.visit(attention / "out_proj", width, width, true);
  layernorm.visit(scope / "layernorm", width);
  mlp.visit(scope / "mlp", config);
}

at::Tensor PoolingHead::operator()(const at::Tensor& x, const EncoderConfig& config) const {
  auto weights = in_weight.chunk(3);
  auto biases = in_bias.chunk(3);
  at::Tensor query = at::linear(probe.expand({x.size(0), 1, config.width}), weights[0], biases[0]);
  at::Tensor seen = attend(split_heads(query, config.heads),
                           split_heads(at::linear(x, weights[1], biases[1]), config.heads),
                           split_heads(at::linear(x, weights[2], biases[2]), config.heads), {});
  at::Tensor y = out(join_heads(seen));
  y = y + mlp(layernorm(y, config.epsilon), config.activation);
  return y.select(1, 0);
}

void VisionTower::visit(const Scope& scope) {
  Scope model = scope / "vision_model";
  Scope embeddings = model / "embeddings";
  std::int64_t D = config_.encoder.width, p = config_.patch_side;
  bool clip = config_.form == TowerForm::kClip;
  if (clip) embeddings.tensor("class_embedding", class_embedding_, {D}, Init::kNormal);
  Scope patch = embeddings / "patch_embedding";
  patch.tensor("weight", patch_embedding_.weight, {D, config_.channels, p, p}, Init::kNormal);
  if (!clip) patch.tensor("bias", patch_embedding_.bias, {D}, Init::kZeros);
  (embeddings / "position_embedding")
      .tensor("weight", position_embedding_, {config_.tokens(), D}, Init::kNormal);
  if (clip) pre_norm_.visit(model / "pre_layrnorm", D);  // spelled so in every checkpoint
  encoder_.visit(model / "encoder", config_.encoder);
  post_norm_.visit(model / "post_layernorm", D);
  if (!clip && config_.pooling_head) head_.visit(model / "head", config_.encoder);
}

// transformers 5 leaves the prefix out.
std::vector<Rename> VisionTower::renames() const {
  return {{"vision_model.", "vision_model."},
          {"embeddings.", "vision_model.embeddings."},
          {"pre_layrnorm.", "vision_model.pre_layrnorm."},
          {"encoder.", "vision_model.encoder."},
          {"post_layernorm.", "vision_model.post_layernorm."},
          {"head.", "vision_model.head."}};
}

std::vector<std::string_view> VisionTower::others() const {
  return {"text_model.", "visual_projection.", "text_projection.", "logit_scale", "logit_bias"};
}

at::Tensor VisionTower::embed(const at::Tensor& pixels) const {
  std::int64_t B = pixels.size(0), D = config_.encoder.width, p = config_.patch_side;
  KALE_SHAPE(pixels, {B, config_.channels, kAnySize, kAnySize});
  std::int64_t rows = pixels.size(2) / p, columns = pixels.size(3) / p;
  KALE_CHECK(rows > 0 && columns > 0, "a picture holds a patch");
  // A matrix product instead of a convolution:
  // [B, 3, rows * p, columns * p] -> [B, rows * columns, 3 * p * p] -> [B, P, D]
  at::Tensor patches = pixels.to(patch_embedding_.weight.scalar_type())
                           .narrow(2, 0, rows * p)
                           .narrow(3, 0, columns * p)
                           .reshape({B, config_.channels, rows, p, columns, p})
                           .permute({0, 2, 4, 1, 3, 5})
                           .reshape({B, rows * columns, config_.channels * p * p});
  at::Tensor x = product(patches, patch_embedding_.weight.reshape({D, -1}), patch_embedding_.bias);
  KALE_SHAPE(x, {B, rows * columns, D});
  if (class_embedding_.defined()) x = at::cat({class_embedding_.expand({B, 1, D}), x}, 1);
  bool own_size = rows == config_.grid() && columns == config_.grid();
  at::Tensor positions =
      own_size ? position_embedding_
               : resize_positions(position_embedding_, config_.class_tokens(), rows, columns);
  return x + positions;
}

at::Tensor VisionTower::hidden(const at::Tensor& pixels, std::int64_t blocks) const {
  at::Tensor x = embed(pixels);
  if (config_.form == TowerForm::kClip) x = pre_norm_(x, config_.encoder.epsilon);
  return encoder_(x, config_.encoder, blocks, false);
}

at::Tensor VisionTower::last(const at::Tensor& pixels) const {
  at::Tensor x = hidden(pixels, config_.encoder.layers);
  return config_.form == TowerForm::kClip ? x : post_norm_(x, config_.encoder.epsilon);
}

at::Tensor VisionTower::pooled(const at::Tensor& pixels) const {
  at::Tensor x = last(pixels);
  if (config_.form == TowerForm::kClip) return post_norm_(x.select(1, 0), config_.encoder.epsilon);
  KALE_CHECK(config_.pooling_head, "a tower without vision_use_head does not pool");
  return head_(x, config_.encoder);
}

at::Tensor resize_positions(const at::Tensor& positions, std::int64_t class_tokens,
                            std::int64_t rows, std::int64_t columns) {
  std::int64_t count = positions.size(0) - class_tokens, D = positions.size(1);
  auto side = static_cast<std::int64_t>(std::lround(std::sqrt(static_cast<double>(count))));
  KALE_CHECK(side * side == count, "position embeddings of a square grid");
  // [side * side, D] -> [1, D, side, side] -> [1, D, rows, columns] -> [rows * columns, D]
  at::Tensor grid =
      positions.narrow(0, class_tokens, count).reshape({1, side, side, D}).permute({0, 3, 1, 2});
  grid = at::upsample_bicubic2d(grid, {rows, columns}, /*align_corners=*/false);
  grid = grid.permute({0, 2, 3, 1}).reshape({rows * columns, D});
  return class_tokens == 0 ? grid : at::cat({positions.narrow(0, 0, class_tokens), grid}, 0);
}

}  // namespace kale
