// What alt_text.txt may say of a scene: all of it true.
// Threads  functions are safe
#pragma once

#include "kale/core/rng.h"
#include "kale/world/scene/scene.h"
#include "kale/world/tell/grammar.h"

namespace kale::world {

Slots alt_slots(const Scene& scene, Rng& rng);

}  // namespace kale::world
