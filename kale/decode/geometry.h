// How large a picture becomes and where it lies on its canvas: img2dataset's resize modes, with the
// rounding of the library that it uses (half to even), and our own `fit`.
// Paper    img2dataset, resizer.py (docs/paper_map.md)
// Threads  free functions, no shared state
// Units    pixels, after EXIF orientation
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "kale/decode/header.h"

namespace kale {

enum class ResizeMode {
  kFit,               // the long side becomes `side`, never enlarged
  kBorder,            // as kKeepRatioLargest, in the middle of a square of `side`
  kKeepRatio,         // the short side becomes `side`
  kKeepRatioLargest,  // the long side becomes `side`
  kCenterCrop,        // as kKeepRatio, of which the middle square of `side` is kept
  kNo,                // stays as it is
};
std::optional<ResizeMode> resize_mode(std::string_view name);  // "keep_ratio_largest"

struct ResizePlan {
  ResizeMode mode = ResizeMode::kFit;
  std::int64_t side = 768;
  // A picture whose short side (kKeepRatio, kCenterCrop) or long side (else) is not over `side`
  // stays as it is: not enlarged, cut or bordered.
  bool only_if_bigger = false;
};

struct Geometry {
  PictureSize scaled;
  PictureSize canvas;
  // Where the scaled picture's corner lies on the canvas: over 0 with a border, below 0 where it is
  // cut off.
  std::int64_t left = 0;
  std::int64_t top = 0;
};

Geometry resize_geometry(PictureSize picture, const ResizePlan& plan);

}  // namespace kale
