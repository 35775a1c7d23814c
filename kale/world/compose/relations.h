// Where things are to each other, from the boxes of what can be seen of them.
// Rule      a is left of b if it ends before b begins, but for kOverlap of the narrower one's width,
//           and the centres are at least kAside times as far apart sideways as in height; above
//           likewise. A thing stands on another where the composer put it there; then it is above
//           it, too. docs/formats.md, "truth of a scene"
// Threads   safe
#pragma once

#include <utility>
#include <vector>

#include "kale/world/scene/scene.h"

namespace kale::world {

inline constexpr float kOverlap = 0.1F;
inline constexpr float kAside = 0.5F;

// `standing`: pairs of (who stands, on what).
std::vector<Relating> relations_of(const std::vector<Object>& objects,
                                   const std::vector<std::pair<int, int>>& standing);

}  // namespace kale::world
