#include "kale/world/draw/reshape.h"

#include <algorithm>
#include <array>

#include "kale/world/draw/colours.h"
#include "kale/world/draw/vips_door.h"

namespace kale::world {
namespace {

constexpr int kColourful = 36;  // the spread of channels from which a pixel is no grey

int lightness(int r, int g, int b) { return (r * 54 + g * 183 + b * 19) / 256; }

// The paint as light as `light` says: darker below the paint's own lightness, paler above.
std::array<int, 3> shade(Rgb paint, int light) {
  const std::array<int, 3> channels = {paint.r, paint.g, paint.b};
  const int own = std::max(1, lightness(paint.r, paint.g, paint.b));
  std::array<int, 3> out = {};
  for (std::size_t c = 0; c < 3; ++c) {
    out[c] = light <= own ? channels[c] * light / own
                          : channels[c] + (255 - channels[c]) * (light - own) / (256 - own);
  }
  return out;
}

void mirror(Raster& raster) {
  for (int y = 0; y < raster.height; ++y) {
    for (int x = 0; x < raster.width / 2; ++x)
      std::swap_ranges(raster.at(x, y), raster.at(x, y) + raster.bands,
                       raster.at(raster.width - 1 - x, y));
  }
}

}  // namespace

Result<Raster> reshaped(const Raster& cutout, const Shape& shape) {
  KALE_OK(start_vips());
  Image image = borrowed(cutout);
  if (image && shape.scale != 1) {
    image =
        made([&](VipsImage** out) { return vips_resize(image.get(), out, shape.scale, nullptr); });
  }
  if (image && shape.rotation != 0) {
    image = made([&](VipsImage** out) {
      return vips_rotate(image.get(), out, static_cast<double>(shape.rotation), nullptr);
    });
  }
  KALE_TRY(Raster raster, raster_of(image));
  if (shape.mirrored) mirror(raster);
  // The resizing filter overshoots: no colour may be stronger than its alpha.
  for (std::size_t i = 0; i < raster.bytes.size(); i += 4) {
    for (std::size_t c = 0; c < 3; ++c)
      raster.bytes[i + c] = std::min(raster.bytes[i + c], raster.bytes[i + 3]);
  }
  return raster;
}

Raster tinted(const Raster& cutout, std::string_view colour) {
  Raster out = cutout;
  const Rgb target = paint(colour);
  for (std::size_t i = 0; i < out.bytes.size(); i += 4) {
    const int alpha = out.bytes[i + 3];
    if (alpha == 0) continue;
    const auto own = [&](std::size_t c) { return out.bytes[i + c] * 255 / alpha; };
    const int r = own(0), g = own(1), b = own(2);
    if (std::max({r, g, b}) - std::min({r, g, b}) < kColourful) continue;
    const std::array<int, 3> shaded = shade(target, lightness(r, g, b));
    for (std::size_t c = 0; c < 3; ++c)
      out.bytes[i + c] = static_cast<std::uint8_t>(shaded[c] * alpha / 255);
  }
  return out;
}

}  // namespace kale::world
