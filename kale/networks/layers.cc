#include "kale/networks/layers.h"

#include <ATen/ATen.h>

#include "kale/core/check.h"
#include "kale/networks/product.h"
#include "kale/networks/shape.h"

namespace kale {

void Linear::visit(const Scope& scope, std::int64_t in, std::int64_t out, bool has_bias) {
  scope.tensor("weight", weight, {out, in}, Init::kNormal);
  if (has_bias) scope.tensor("bias", bias, {out}, Init::kZeros);
}

at::Tensor Linear::operator()(const at::Tensor& x) const {
  KALE_CHECK(x.size(-1) == weight.size(1), "the width that the matrix takes");
  return product(x, weight, bias);
}

void LayerNorm::visit(const Scope& scope, std::int64_t width) {
  scope.tensor("weight", weight, {width}, Init::kOnes);
  scope.tensor("bias", bias, {width}, Init::kZeros);
}

at::Tensor LayerNorm::operator()(const at::Tensor& x, double epsilon) const {
  return at::layer_norm(x, weight.sizes(), weight, bias, epsilon);
}

void RmsNorm::visit(const Scope& scope, std::int64_t width) {
  scope.tensor("weight", weight, {width}, Init::kOnes);
}

at::Tensor RmsNorm::operator()(const at::Tensor& x, double epsilon) const {
  return at::rms_norm(x, weight.sizes(), weight, epsilon);
}

at::Tensor activate(Activation activation, const at::Tensor& x) {
  switch (activation) {
    case Activation::kGelu:
      return at::gelu(x);
    case Activation::kGeluTanh:
      return at::gelu(x, "tanh");
    case Activation::kQuickGelu:
      return x * at::sigmoid(x * 1.702);
    case Activation::kSilu:
      return at::silu(x);
    case Activation::kNone:
      return x;
  }
  return x;
}

at::Tensor split_heads(const at::Tensor& x, std::int64_t heads) {
  return x.view({x.size(0), x.size(1), heads, -1}).transpose(1, 2);
}

at::Tensor join_heads(const at::Tensor& x) {
  return x.transpose(1, 2).reshape({x.size(0), x.size(2), -1});
}

at::Tensor attend(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                  const Attend& how) {
  std::int64_t B = q.size(0), heads = q.size(1), T = q.size(2), width = q.size(3);
  std::int64_t kv_heads = k.size(1), keys = k.size(2);
  KALE_SHAPE(k, {B, kv_heads, keys, width});
  KALE_SHAPE(v, {B, kv_heads, keys, width});
  KALE_CHECK(heads % kv_heads == 0, "every head of keys serves as many heads of queries");
  std::int64_t group = heads / kv_heads;
  std::optional<at::Tensor> mask;
  if (how.mask.defined()) mask = how.mask;
  if (group == 1) return at::scaled_dot_product_attention(q, k, v, mask, 0.0, how.causal);
  if (T == 1) {
    // One token a row, when generating: a group's queries stand in the place of tokens, and the
    // cache is not copied. They are alike to the mask.
    at::Tensor grouped = q.reshape({B, kv_heads, group, width});
    return at::scaled_dot_product_attention(grouped, k, v, mask).reshape({B, heads, 1, width});
  }
  auto repeat = [&](const at::Tensor& x) {
    return x.unsqueeze(2)
        .expand({B, kv_heads, group, keys, width})
        .reshape({B, heads, keys, width});
  };
  return at::scaled_dot_product_attention(q, repeat(k), repeat(v), mask, 0.0, how.causal);
}

}  // namespace kale
