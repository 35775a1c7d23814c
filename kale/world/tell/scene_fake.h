// Scenes for tests, composed but not drawn: valid in every field that world/make fills, of every
// layout, with boxes, colours and relations that agree.
#pragma once

#include <cstdint>

#include "kale/world/scene/scene.h"

namespace kale::world {

// The scene of this seed; all of it depends on the seed.
Scene fake_scene(std::uint64_t seed);
Scene fake_scene(std::uint64_t seed, Layout layout);

// The relations that the boxes of its objects give.
std::vector<Relating> fake_relations(const Scene& scene);

}  // namespace kale::world
