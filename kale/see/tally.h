// How much of the subject is of each colour. A colour is seen beside its neighbours: what would be
// brown alone is the dark side of an orange, and what would be grey alone a white thing's shade.
// Threads  free functions, no shared state
// Units    shares are parts of the subject, 0 to 1
#pragma once

#include <vector>

#include "kale/colour/colour.h"
#include "kale/see/subject.h"

namespace kale {

struct ColourShare {
  BasicColour colour = BasicColour::kBlack;
  double share = 0;
};

// Largest first. Flat greys are meant: only in a textured subject may grey be the shade of white.
std::vector<ColourShare> count_colours(const Scan& scan, const std::vector<bool>& mask,
                                       bool textured);

}  // namespace kale
