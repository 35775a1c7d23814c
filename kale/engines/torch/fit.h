// Pixels to what the network wants: the whole picture in a square, the rest filled with the colour
// of the picture's border. Nothing is cropped: on small pictures of one object a centre crop cuts
// off heads and tails (tried on 42 photographs of animals).
// Threads  free functions, no shared state
// Units    planes [3, side, side], (value - 127) / 128, as EfficientNet-Lite was trained
#pragma once

#include <vector>

#include "kale/core/pixels.h"

namespace kale {

std::vector<float> fit_square(const Pixels& pixels, int side);

}  // namespace kale
