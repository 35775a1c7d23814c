// Pictures to what a vision tower takes, as preprocessor_config.json tells: padded to a square,
// resized, cropped, normalised; number by number what the Pillow back end of transformers'
// CLIPImageProcessor, SiglipImageProcessor and LlavaImageProcessor makes.
// Threads  free functions
// Units    px; planes [3, height, width]
#pragma once

#include <vector>

#include "kale/core/pixels.h"
#include "kale/models/picture_config.h"

namespace kale {

struct Planes {
  int height = 0;
  int width = 0;
  std::vector<float> values;
};

Planes prepare_picture(Pixels pixels, const PictureConfig& config);

}  // namespace kale
