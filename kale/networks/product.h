// x * weight^T + bias, as at::linear. On a CPU in float32 oneDNN multiplies forward and for the
// gradient of x, which at small widths on Zen 4 is faster than MKL; that of the weight is MKL's.
// Threads  free functions
// Units    x [.., in], weight [out, in], bias [out] or none -> [.., out]
#pragma once

#include <ATen/core/Tensor.h>

namespace kale {

at::Tensor product(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias);

// Whether oneDNN takes tensors like x here: float32 on a CPU, no autocast, a build that has it.
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
