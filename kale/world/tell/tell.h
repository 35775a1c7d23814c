// Puts a scene in words: its history, an alt-text as the web would have it, reference captions and
// questions. Everything said in captions and answers is true of the scene.
//
// Captions  brief and dense hold no names; fused_brief and fused_dense say the names that the
//           alt-text tells and that are true: what a perfect fusion of picture and alt-text could
//           know. Where the alt-text tells none, they are the captions without names.
// Same      depends on the world's seed, the scene's and the stranger's alone; no I/O
// Threads   tell() is safe from many threads
// Units     lengths in words, see prose.h
#pragma once

#include <cstdint>

#include "kale/world/scene/scene.h"
#include "kale/world/tell/entities.h"

namespace kale::world {

class Teller {
 public:
  explicit Teller(std::uint64_t world_seed);

  // Fills scene.knowledge, alt_text, captions and questions. `stranger` is another composed scene
  // of the same split, which an alt-text of another picture speaks of; its words are not needed.
  void tell(Scene& scene, const Scene& stranger) const;

  const Entities& entities() const { return entities_; }

 private:
  std::uint64_t world_seed_;
  Entities entities_;
};

}  // namespace kale::world
