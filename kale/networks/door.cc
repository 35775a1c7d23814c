#include "kale/networks/door.h"

#include <c10/util/Exception.h>
#include <fmt/format.h>

#include <string>

#include "kale/networks/shape.h"

namespace kale {

// libtorch appends a stack to its messages; the first line says what happened.
Error torch_error(std::string_view what, const std::exception& thrown) {
  std::string text = thrown.what();
  text = text.substr(0, text.find('\n'));
  bool memory = dynamic_cast<const c10::OutOfMemoryError*>(&thrown) != nullptr ||
                dynamic_cast<const std::bad_alloc*>(&thrown) != nullptr ||
                text.find("not enough memory") != std::string::npos;
  if (memory) {
    return {Code::kLimit, fmt::format("{}: out of memory ({}); take smaller batches", what, text)};
  }
  return {Code::kEngineGone, fmt::format("{}: libtorch failed: {}", what, text)};
}

std::string shape_text(at::IntArrayRef shape) {
  std::string text;
  for (std::int64_t side : shape) {
    if (!text.empty()) text += ", ";
    text += side == kAnySize ? "any" : std::to_string(side);
  }
  return "[" + text + "]";
}

bool has_shape(const at::Tensor& x, std::initializer_list<std::int64_t> shape) {
  if (!x.defined() || x.dim() != static_cast<std::int64_t>(shape.size())) return false;
  std::int64_t dimension = 0;
  for (std::int64_t side : shape) {
    if (side != kAnySize && side != x.size(dimension)) return false;
    ++dimension;
  }
  return true;
}

std::string shape_complaint(const char* name, const at::Tensor& x,
                            std::initializer_list<std::int64_t> shape) {
  return fmt::format("{} is {}, not {}", name, x.defined() ? shape_text(x.sizes()) : "no tensor",
                     shape_text(shape));
}

}  // namespace kale
