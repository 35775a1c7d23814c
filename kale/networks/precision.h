// Mixed precision: weights stay float32, and what is large and robust (matrix products, attention)
// is computed in bfloat16, as torch's autocast decides. Gradients are float32 as the weights are.
// Threads  a scope belongs to its thread; backward may run outside of it
#pragma once

#include <ATen/core/Tensor.h>

namespace kale {

enum class Precision { kFloat32, kBfloat16 };

Precision precision_of(at::DeviceType device);  // that this thread computes in

class PrecisionScope {
 public:
  PrecisionScope(Precision precision, at::DeviceType device);
  ~PrecisionScope();
  PrecisionScope(const PrecisionScope&) = delete;
  PrecisionScope& operator=(const PrecisionScope&) = delete;

 private:
  at::DeviceType device_;
  bool enabled_, cached_;  // before this scope
  at::ScalarType type_;
};

}  // namespace kale
