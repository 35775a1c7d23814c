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
#include "kale/decode/header.h"

namespace kale {

struct RenderPlan {
  PictureFormat format = PictureFormat::kPng;
  std::int64_t side_px_max = 768;  // the long side of a PNG or JPEG is shrunk to this
  std::int64_t svg_side_px = 512;  // the long side of an SVG is drawn at this
  std::array<double, 3> background = {255, 255, 255};
};

struct Rendered {
  PixelsPtr pixels;
  PictureSize encoded;  // after EXIF orientation; an SVG's own size
};

// Starts libvips once: our three loaders only, one thread a picture, no cache.
Status start_vips();

// The bytes have passed every limit already.
std::optional<Rendered> render_picture(std::string_view bytes, const RenderPlan& plan);

}  // namespace kale
