// How pictures are prepared for a vision tower, as preprocessor_config.json tells: those of
// transformers' CLIPImageProcessor, SiglipImageProcessor and LlavaImageProcessor.
// Format   preprocessor_config.json, or the key image_processor of processor_config.json
// Errors   kBadConfig, naming file, key and cure, for what is none of these
// Threads  plain values
// Units    px
#pragma once

#include <array>
#include <string_view>

#include "kale/core/result.h"

namespace kale {

struct PictureConfig {
  bool pad_square = false;  // by a border of the mean colour
  // 0: the shorter side becomes `height`, the other in proportion.
  int height = 224;
  int width = 0;
  bool crop = true;
  int crop_height = 224;
  int crop_width = 224;
  double scale = 1.0 / 255;
  std::array<double, 3> mean = {0.48145466, 0.4578275, 0.40821073};  // CLIP's
  std::array<double, 3> deviation = {0.26862954, 0.26130258, 0.27577711};
};

Result<PictureConfig> read_picture_config(std::string_view json, std::string_view name);

}  // namespace kale
