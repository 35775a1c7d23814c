// Whole pictures in and out of files.
// Errors   kCorrupt where libvips refuses
// Threads  safe
#pragma once

#include <string>
#include <string_view>

#include "kale/core/result.h"
#include "kale/world/draw/raster.h"

namespace kale::world {

Result<Raster> decoded(std::string_view jpeg);  // rgb
Result<std::string> encoded_png(const Raster& rgb);

}  // namespace kale::world
