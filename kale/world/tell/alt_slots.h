// What the templates of alt_text.txt may say of a scene: its things, headline, history, and noise
// such as sizes and numbers of files. All of it is true.
// Threads  functions are safe
#pragma once

#include "kale/core/rng.h"
#include "kale/world/scene/scene.h"
#include "kale/world/tell/grammar.h"

namespace kale::world {

// scene.knowledge is filled.
Slots alt_slots(const Scene& scene, Rng& rng);

}  // namespace kale::world
