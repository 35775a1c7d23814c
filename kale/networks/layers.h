// What all networks are made of.
// Names    those of Hugging Face checkpoints
// Threads  forward functions only read
// Units    the last dimension is the width; what stands before it is left as it is
#pragma once

#include <optional>

#include "kale/networks/network.h"

namespace kale {

struct Linear {
  at::Tensor weight;  // [out, in]
  at::Tensor bias;    // [out], or none
  void visit(const Scope& scope, std::int64_t in, std::int64_t out, bool has_bias);
  at::Tensor operator()(const at::Tensor& x) const;  // [.., in] -> [.., out]
};

struct LayerNorm {
  at::Tensor weight, bias;  // [width]
  void visit(const Scope& scope, std::int64_t width);
  at::Tensor operator()(const at::Tensor& x, double epsilon) const;
};

struct RmsNorm {
  at::Tensor weight;  // [width]
  void visit(const Scope& scope, std::int64_t width);
  at::Tensor operator()(const at::Tensor& x, double epsilon) const;
};

at::Tensor activate(Activation activation, const at::Tensor& x);

// [B, T, heads * width] -> [B, heads, T, width], and back
at::Tensor split_heads(const at::Tensor& x, std::int64_t heads);
at::Tensor join_heads(const at::Tensor& x);

struct Attend {
  at::Tensor mask;  // true where a query may look: broadcasts to [B, heads, T, keys]; none for all
  bool causal = false;  // without a mask: query i looks at keys 0..i
};
// Scaled dot product. q [B, heads, T, width], k and v [B, kv_heads, keys, width] -> as q; each head
// of k and v serves heads / kv_heads heads of q.
at::Tensor attend(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const Attend& how);

}  // namespace kale
