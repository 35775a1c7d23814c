// x * weight^T + bias, as at::linear. On a CPU in float32 oneDNN multiplies, not MKL: at a width of
// 256 on Zen 4 it is a third faster forward and a tenth backward (bench/train).
// Threads  free functions
// Units    x [.., in], weight [out, in], bias [out] or none -> [.., out]
#pragma once

#include <ATen/core/Tensor.h>

namespace kale {

at::Tensor product(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias);

// Whether oneDNN takes tensors like x here: float32 on a CPU, no autocast, an x86 build of libtorch.
bool suits_onednn(const at::Tensor& x);

// A matrix laid out as oneDNN's kernels read it, for many products that learn nothing.
class PackedMatrix {
 public:
  // `rows`: of the products, about.
  PackedMatrix(const at::Tensor& weight, const at::Tensor& bias, std::int64_t rows);
  at::Tensor operator()(const at::Tensor& x) const;

 private:
  at::Tensor packed_, bias_;
};

}  // namespace kale
