// Kinds that are not in a scene, to ask about or to offer as a wrong choice.
// Paper    POPE (arXiv 2305.10355): random, popular and adversarial sampling
// Threads  functions are safe
#pragma once

#include <string>

#include "kale/core/rng.h"
#include "kale/world/scene/kinds.h"
#include "kale/world/scene/scene.h"

namespace kale::world {

enum class Sampling { kRandom, kPopular, kAdversarial };

std::string sampling_name(Sampling sampling);

// nullptr where there is none that is surely absent.
const Kind* absent_kind(const Scene& scene, Sampling sampling, Rng& rng);

}  // namespace kale::world
