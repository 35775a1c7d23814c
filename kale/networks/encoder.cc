#include "kale/networks/encoder.h"

#include <ATen/ATen.h>

#include "kale/core/check.h"
#include "kale/networks/recompute.h"
#include "kale/networks/shape.h"

namespace kale {

void Mlp::visit(const Scope& scope, const EncoderConfig& config) {
  fc1.visit(scope / "fc1", config.width, config.mlp_width, true);
  fc2.visit(scope / "fc2", config.mlp_width, config.width, true);
}

at::Tensor Mlp::operator()(const at::Tensor& x, Activation activation) const {
  return fc2(activate(activation, fc1(x)));
}

void EncoderBlock::visit(const Scope& scope, const EncoderConfig& config) {
  std::int64_t width = config.width;
  layer_norm1.visit(scope / "layer_norm1", width);
  Scope attention = scope / "self_attn";
  q_proj.visit(attention / "q_proj", width, width, true);
  k_proj.visit(attention / "k_proj", width, width, true);
  v_proj.visit(attention / "v_proj", width, width, true);
  out_proj.visit(attention / "out_proj", width, width, true);
  layer_norm2.visit(scope / "layer_norm2", width);
  mlp.visit(scope / "mlp", config);
}

at::Tensor EncoderBlock::operator()(const at::Tensor& x, const EncoderConfig& config,
                                    bool causal) const {
  at::Tensor normed = layer_norm1(x, config.epsilon);
  at::Tensor seen =
      attend(split_heads(q_proj(normed), config.heads), split_heads(k_proj(normed), config.heads),
             split_heads(v_proj(normed), config.heads), {.causal = causal});
  at::Tensor y = x + out_proj(join_heads(seen));
  return y + mlp(layer_norm2(y, config.epsilon), config.activation);
}

void Encoder::visit(const Scope& scope, const EncoderConfig& config) {
  layers.resize(static_cast<std::size_t>(config.layers));
  for (std::size_t i = 0; i < layers.size(); ++i) layers[i].visit(scope / "layers" / i, config);
}

at::Tensor Encoder::operator()(at::Tensor x, const EncoderConfig& config, std::int64_t blocks,
                               bool causal) const {
  KALE_SHAPE(x, {kAnySize, kAnySize, config.width});
  KALE_CHECK(blocks >= 0 && blocks <= std::ssize(layers), "as many blocks as there are");
  for (std::int64_t i = 0; i < blocks; ++i) {
    const EncoderBlock& block = layers[static_cast<std::size_t>(i)];
    if (recomputes) {
      x = recompute(x, weights_of(block, config), [&block, config, causal](const at::Tensor& in) {
        return block(in, config, causal);
      });
    } else {
      x = block(x, config, causal);
    }
  }
  return x;
}

}  // namespace kale
