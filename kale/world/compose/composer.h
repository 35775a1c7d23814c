// Composes scenes: the same seed and split give the same scene and the same bytes.
// Errors   those of cut-outs and of libvips
// Threads  safe
// Units    pixels
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "kale/world/compose/contents.h"
#include "kale/world/draw/cutouts.h"
#include "kale/world/parts/catalogue.h"
#include "kale/world/scene/scene.h"

namespace kale::world {

// A scene whose things are hard to see is composed again, this often.
inline constexpr int kAttempts = 5;
inline constexpr float kVisibleMin = 0.55F;

struct Composed {
  Scene scene;  // all but what is told of it: knowledge, alt-text, captions, questions
  std::string jpeg;
};

class Composer {
 public:
  // Pictures have a longer side of `size`. What is given must outlive this.
  Composer(const Catalogue& catalogue, Cutouts& cutouts, int size);

  Result<Composed> compose(std::uint64_t seed, Split split) const;
  // What that scene would be about, not drawn: no boxes, no colours.
  Scene sketch(std::uint64_t seed, Split split) const;

 private:
  const Choice& choice(Split split) const { return choices_[static_cast<std::size_t>(split)]; }

  std::vector<Choice> choices_;  // by split
  Cutouts& cutouts_;
  int size_;
};

}  // namespace kale::world
