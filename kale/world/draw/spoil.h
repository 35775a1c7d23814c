// What cameras and websites do to a picture, in this order: blur, vignette, noise, JPEG.
// Errors   kCorrupt where libvips refuses
// Threads  safe
#pragma once

#include <string>

#include "kale/core/result.h"
#include "kale/core/rng.h"
#include "kale/world/draw/raster.h"
#include "kale/world/scene/scene.h"

namespace kale::world {

// The JPEG's bytes; `rng` gives the noise.
Result<std::string> spoiled_jpeg(Raster rgb, const Spoiling& spoiling, Rng& rng);

}  // namespace kale::world
