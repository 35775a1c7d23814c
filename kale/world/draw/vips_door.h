// libvips as this room uses it: images that free themselves, rasters in and out.
// Errors   an operation that libvips refuses is a null image; vips_trouble() says why
// Threads  safe; each operation runs on the calling thread alone
#pragma once

#include <vips/vips.h>

#include <memory>
#include <string>

#include "kale/core/result.h"
#include "kale/world/draw/raster.h"

namespace kale::world {

struct Unref {
  void operator()(VipsImage* image) const { g_object_unref(image); }
};
using Image = std::unique_ptr<VipsImage, Unref>;

// made([&](VipsImage** out) { return vips_invert(in, out, nullptr); })
template <class F>
Image made(F&& operation) {
  VipsImage* out = nullptr;
  if (operation(&out) != 0) return nullptr;
  return Image(out);
}

Status start_vips();                           // once a process; safe to call again
Image borrowed(const Raster& raster);          // reads the raster's bytes, which must outlive it
Result<Raster> raster_of(const Image& image);  // of 8 bits a band
Error vips_trouble(const std::string& what);

}  // namespace kale::world
