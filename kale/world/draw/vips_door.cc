#include "kale/world/draw/vips_door.h"

#include <fmt/format.h>

#include <cstring>

namespace kale::world {

Status start_vips() {
  KALE_OK(vips::start());
  // Pictures of packages have quirks that libvips mends, and tells of.
  static const guint quiet =
      g_log_set_handler("VIPS", G_LOG_LEVEL_WARNING, vips::ignore_log, nullptr);
  return quiet != 0 ? Status() : Error{Code::kBadConfig, "libvips does not start"};
}

Image borrowed(const Raster& raster) {
  return Image(vips_image_new_from_memory(raster.bytes.data(), raster.bytes.size(), raster.width,
                                          raster.height, raster.bands, VIPS_FORMAT_UCHAR));
}

Result<Raster> raster_of(const Image& image) {
  if (!image) return vips_trouble("a picture");
  std::size_t bytes = 0;
  const std::unique_ptr<void, void (*)(void*)> memory(
      vips_image_write_to_memory(image.get(), &bytes), g_free);
  Raster raster = blank(image->Xsize, image->Ysize, image->Bands);
  if (memory == nullptr || bytes != raster.bytes.size()) return vips_trouble("a picture");
  std::memcpy(raster.bytes.data(), memory.get(), bytes);
  return raster;
}

Result<Raster> raster_at_once(const Image& image) {
  if (!image) return vips_trouble("a picture");
  struct UnrefRegion {
    void operator()(VipsRegion* region) const { g_object_unref(region); }
  };
  const std::unique_ptr<VipsRegion, UnrefRegion> region(vips_region_new(image.get()));
  const VipsRect whole = {0, 0, image->Xsize, image->Ysize};
  if (!region || image->BandFmt != VIPS_FORMAT_UCHAR ||
      vips_region_prepare(region.get(), &whole) != 0)
    return vips_trouble("a picture");
  Raster raster = blank(image->Xsize, image->Ysize, image->Bands);
  for (int y = 0; y < raster.height; ++y) {
    std::memcpy(raster.at(0, y), VIPS_REGION_ADDR(region.get(), 0, y),
                static_cast<std::size_t>(raster.width) * static_cast<std::size_t>(raster.bands));
  }
  return raster;
}

Error vips_trouble(const std::string& what) {
  std::string why = vips_error_buffer();
  vips_error_clear();
  while (!why.empty() && why.back() == '\n') why.pop_back();
  return {Code::kCorrupt, fmt::format("libvips cannot draw {}: {}", what, why)};
}

}  // namespace kale::world
