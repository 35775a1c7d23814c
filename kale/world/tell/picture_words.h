// Words for a picture as a whole and for places in it, which all captions share.
// Threads  functions are safe
#pragma once

#include <string>

#include "kale/core/rng.h"
#include "kale/world/tell/grammar.h"
#include "kale/world/tell/look.h"

namespace kale::world {

const Grammar& dense_grammar();  // dense.txt, text_dense.txt, brief.txt

// "in the upper left" for "upper left"; empty for "".
std::string place_words(const std::string& region, Rng& rng);

// The rule of dense.txt: "left_of".
std::string relation_rule(Relation relation);

// What the picture is called, its background, format and flaws, in the slots of dense.txt.
void set_picture_slots(const Look& look, Rng& rng, Slots& slots);

}  // namespace kale::world
