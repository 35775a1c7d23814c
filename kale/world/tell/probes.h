// Kinds that are not in a scene, to ask about or to offer as a wrong choice.
// Paper    POPE (arXiv 2305.10355): random, popular and adversarial sampling
// Threads  functions are safe
#pragma once

#include <set>
#include <string>
#include <vector>

#include "kale/core/rng.h"
#include "kale/world/scene/kinds.h"
#include "kale/world/scene/scene.h"

namespace kale::world {

enum class Sampling { kRandom, kPopular, kAdversarial };

std::string sampling_name(Sampling sampling);

// The kinds that are surely not in a scene; looked for once, drawn from many times.
class AbsentKinds {
 public:
  explicit AbsentKinds(const Scene& scene);
  const Kind* draw(Sampling sampling, Rng& rng) const;  // nullptr where there is none

 private:
  std::vector<const Kind*> all_;  // the world's commonest first
  std::set<std::string> categories_;
};

}  // namespace kale::world
