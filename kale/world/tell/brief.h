// Brief captions: what the scene shows, in 8 to 10 words.
// Threads  functions are safe
#pragma once

#include <string>

#include "kale/core/rng.h"
#include "kale/world/tell/knowledge.h"
#include "kale/world/tell/look.h"
#include "kale/world/tell/prose.h"

namespace kale::world {

// Without names: kBriefWords. With names it ends with what is known: kFusedBriefWords.
std::string tell_brief(const Look& look, const Names& names, WordLimits limits, Rng& rng);

}  // namespace kale::world
