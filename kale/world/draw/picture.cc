#include "kale/world/draw/picture.h"

#include "kale/world/draw/vips_door.h"

namespace kale::world {

Result<Raster> decoded(std::string_view jpeg) {
  KALE_OK(start_vips());
  VipsImage* loaded = nullptr;
  // libvips reads from the bytes, and does not change them.
  if (vips_jpegload_buffer(const_cast<char*>(jpeg.data()), jpeg.size(), &loaded, nullptr) != 0)
    return vips_trouble("a JPEG");
  KALE_TRY(Raster raster, raster_of(Image(loaded)));
  if (raster.bands != 3) return Error{Code::kCorrupt, "a JPEG that is not in colour"};
  return raster;
}

Result<std::string> encoded_png(const Raster& rgb) {
  KALE_OK(start_vips());
  const Image image = borrowed(rgb);
  void* bytes = nullptr;
  std::size_t size = 0;
  if (!image || vips_pngsave_buffer(image.get(), &bytes, &size, nullptr) != 0)
    return vips_trouble("a PNG");
  std::string png(static_cast<const char*>(bytes), size);
  g_free(bytes);
  return png;
}

}  // namespace kale::world
