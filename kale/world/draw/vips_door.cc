#include "kale/world/draw/vips_door.h"

#include <fmt/format.h>

#include <cstring>

namespace kale::world {

Status start_vips() {
  static const bool started = [] {
    if (vips_init("kale") != 0) return false;
    vips_concurrency_set(1);  // scenes are the parallelism
    vips_cache_set_max(0);    // no scene is drawn twice
    return true;
  }();
  if (!started) return Error{Code::kBadConfig, "libvips does not start"};
  return {};
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

Error vips_trouble(const std::string& what) {
  std::string why = vips_error_buffer();
  vips_error_clear();
  while (!why.empty() && why.back() == '\n') why.pop_back();
  return {Code::kCorrupt, fmt::format("libvips cannot draw {}: {}", what, why)};
}

}  // namespace kale::world
