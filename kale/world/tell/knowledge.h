// What nobody can see, in words: who made the picture, where, when, for what occasion.
// Threads  functions are safe
#pragma once

#include <set>
#include <string>
#include <vector>

#include "kale/core/rng.h"
#include "kale/world/scene/scene.h"
#include "kale/world/tell/grammar.h"

namespace kale::world {

// What may be said beyond what the picture shows; all empty for a caption without names.
struct Names {
  std::set<std::string> objects;  // names of objects
  Knowledge told;  // fields that may not be said are empty; so is `entity` if all are

  std::vector<std::string> all() const;
};

// All that is true of the scene: what the names of an alt-text are compared with.
Names all_names(const Scene& scene);
// Those of them that stand in `text`.
Names names_in(const std::string& text, const Scene& scene);

// The fields as slots of knowledge.txt: title maker place country date at_date event, and the
// story as a flag: ?painted ?photographed ?sold ?held ?published.
void set_knowledge_slots(const Scene& scene, const Knowledge& told, Slots& slots);

// One or two sentences that tell every field that is not empty. `picture`: "photo", "drawing".
std::vector<std::string> knowledge_sentences(const Scene& scene, const Knowledge& told,
                                             const std::string& picture, Rng& rng);

// A phrase that goes behind a caption without its final point: ", drawn by Orla Venn in 1987".
std::string knowledge_tail(const Scene& scene, const Knowledge& told, Rng& rng);

}  // namespace kale::world
