// Cut-outs in other sizes, turned, mirrored, in other colours. All rgba multiplied by alpha.
// Errors   kCorrupt where libvips refuses
// Threads  safe
#pragma once

#include <string_view>

#include "kale/core/result.h"
#include "kale/world/draw/raster.h"

namespace kale::world {

struct Shape {
  double scale = 1;
  float rotation = 0;  // degrees clockwise
  bool mirrored = false;
};

Result<Raster> reshaped(const Raster& cutout, const Shape& shape);

// Every pixel that has a colour gets this one, as light as it was; outlines and highlights stay.
Raster tinted(const Raster& cutout, std::string_view colour);

}  // namespace kale::world
