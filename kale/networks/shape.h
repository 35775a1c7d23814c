// Shapes in words and in force: KALE_SHAPE(x, {B, T, H}). A shape that does not hold is a bug of
// the caller, named with both shapes; what files and users get wrong is checked where it is read.
// Threads  free functions
#pragma once

#include <ATen/core/Tensor.h>

#include <initializer_list>
#include <string>

namespace kale {

inline constexpr std::int64_t kAnySize = -1;

std::string shape_text(at::IntArrayRef shape);  // "[2, 3, 490, 490]"

bool has_shape(const at::Tensor& x, std::initializer_list<std::int64_t> shape);
std::string shape_complaint(const char* name, const at::Tensor& x,
                            std::initializer_list<std::int64_t> shape);

}  // namespace kale

#define KALE_SHAPE(x, ...) \
  KALE_CHECK(::kale::has_shape((x), __VA_ARGS__), ::kale::shape_complaint(#x, (x), __VA_ARGS__))
