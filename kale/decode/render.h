// Encoded bytes to 8-bit sRGB at the size the models want, by libvips.
// Errors   kBadConfig when libvips lacks a loader; a picture that will not decode is nullopt
// Threads  render_picture() is safe from many threads; each call computes on its own thread
// Units    sides in pixels; background is sRGB
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "kale/core/pixels.h"
#include "kale/core/result.h"
#include "kale/decode/formats.h"
#include "kale/decode/geometry.h"

namespace kale {

struct RenderPlan {
  const PictureFormat& format;
  PictureHeader header;  // as we read it; an SVG has none
  ResizePlan resize;
  std::int64_t resized_pixels_max = 16'000'000;
  std::int64_t svg_side_px = 512;  // the long side of an SVG is drawn at this, then resized
  std::array<double, 3> background = {255, 255, 255};
};

struct Rendered {
  PixelsPtr pixels;     // null where they would be more than resized_pixels_max
  PictureSize encoded;  // after EXIF orientation; an SVG's own size
  PictureSize drawn;    // the same, but the size that an SVG is drawn at, before it is resized
  Geometry geometry;
  bool beyond_any = false;  // an SVG of more than kSvgSideMax pixels a side; the rest is unset
};

// libvips' largest side; what is larger GObject refuses, and libvips goes on with one pixel.
inline constexpr std::int64_t kSvgSideMax = 10'000'000;

// Starts libvips once: the loaders of our table only, one thread a picture, no cache.
Status start_vips();

// The bytes have passed every limit already.
std::optional<Rendered> render_picture(std::string_view bytes, const RenderPlan& plan);

}  // namespace kale
