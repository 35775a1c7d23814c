// Activations by the names that transformers gives them.
// Threads  free functions
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "kale/models/config.h"

namespace kale {

// The first name of an activation is the one written.
inline constexpr std::array<std::pair<std::string_view, Activation>, 7> kActivationNames = {{
    {"gelu", Activation::kGelu},
    {"gelu_pytorch_tanh", Activation::kGeluTanh},
    {"gelu_new", Activation::kGeluTanh},
    {"quick_gelu", Activation::kQuickGelu},
    {"silu", Activation::kSilu},
    {"swish", Activation::kSilu},
    {"linear", Activation::kNone},
}};

inline std::optional<Activation> activation_of(std::string_view name) {
  for (const auto& [known, activation] : kActivationNames) {
    if (known == name) return activation;
  }
  return std::nullopt;
}

inline std::string_view name_of(Activation activation) {
  for (const auto& [name, known] : kActivationNames) {
    if (known == activation) return name;
  }
  return "";
}

inline std::string activation_names() {
  std::string names;
  for (const auto& [name, activation] : kActivationNames) {
    names += names.empty() ? "" : ", ";
    names += name;
  }
  return names;
}

}  // namespace kale
