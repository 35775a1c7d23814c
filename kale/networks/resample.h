// Bicubic resizing of 8-bit pictures with the filter widened when shrinking, to the last bit as
// Pillow does it: what the towers of CLIP, SigLIP and LLaVA were trained on.
// Method   separable, rounded to 8 bits between columns and rows; weights in 22 fractional bits
// Threads  free function
// Units    px
#pragma once

#include "kale/core/pixels.h"

namespace kale {

Pixels resize_bicubic(const Pixels& pixels, int width, int height);

}  // namespace kale
