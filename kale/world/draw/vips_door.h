// libvips as this room uses it: rasters in and out.
// Errors   an operation that libvips refuses is a null image; vips_trouble() says why
// Threads  safe; each operation runs on the calling thread alone
#pragma once

#include <string>

#include "kale/core/result.h"
#include "kale/vips/vips.h"
#include "kale/world/draw/raster.h"

namespace kale::world {

using vips::Image;
using vips::made;

Status start_vips();                           // once a process; safe to call again
Image borrowed(const Raster& raster);          // reads the raster's bytes, which must outlive it
Result<Raster> raster_of(const Image& image);  // of 8 bits a band
// The same for small pictures that do not come from a file: on the calling thread, where libvips
// would wake another one for each.
Result<Raster> raster_at_once(const Image& image);
Error vips_trouble(const std::string& what);

}  // namespace kale::world
