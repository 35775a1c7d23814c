// Which values of a chart can be read off the picture. Every fifth chart is drawn without any, and
// one may find no room: the truth has them all the same, and they can only be guessed.
// Threads  a free function, safe
#pragma once

#include <algorithm>
#include <string>

#include "kale/world/scene/scene.h"

namespace kale::world {

inline bool is_value_written(const Scene& scene, std::size_t bar) {
  if (!scene.chart || bar >= scene.chart->values.size()) return false;
  const std::string value = std::to_string(scene.chart->values[bar]);
  return std::ranges::any_of(scene.texts, [&](const Text& text) {
    return text.role == TextRole::kValue && text.text == value;
  });
}

}  // namespace kale::world
