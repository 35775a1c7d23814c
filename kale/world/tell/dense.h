// Dense captions: what is in the scene and how it looks, in 50 to 90 words.
//
// Plan     an opening that lists the things, names the largest first, or only counts them and then
//          walks from one to the next; then sentences about a group, one thing of it, two groups
//          side by side, the texts; then background and quality. What has been said is not said
//          again. Words come from dense.txt and text_dense.txt.
// Threads  functions are safe
#pragma once

#include <string>

#include "kale/core/rng.h"
#include "kale/world/tell/knowledge.h"
#include "kale/world/tell/look.h"
#include "kale/world/tell/prose.h"

namespace kale::world {

std::string tell_dense(const Look& look, const Names& names, WordLimits limits, Rng& rng);

}  // namespace kale::world
