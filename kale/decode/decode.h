// Turns the bytes of a picture from anywhere into pixels a model can look at.
// Rows     reads image_bytes; writes pixels, width, height, sha256, image_format
//          drops kNotAnImage, kTooManyBytes, kTooManyPixels, kTooSmall, kBrokenImage, kUnsafeSvg
// Errors   kBadConfig when libvips lacks a loader or the background is no colour
// Threads  apply() computes on the calling thread; many rows at once
// Units    sides and areas in pixels; pixels are 8-bit sRGB, width and height those of the encoded
//          picture after EXIF orientation
#pragma once

#include <memory>
#include <string>

#include "kale/core/build.h"
#include "kale/core/options.h"
#include "kale/core/step.h"

namespace kale {

struct DecodeOptions {
  std::int64_t bytes_max = 32 << 20;
  std::int64_t pixels_max = 50'000'000;
  std::int64_t side_min = 16;
  std::int64_t side_px_max = 768;
  std::int64_t svg_side_px = 512;
  std::int64_t svg_bytes_max = 4 << 20;
  std::string background = "#ffffff";

  void visit(OptionVisitor& v) {
    v.field({.name = "bytes_max", .help = "largest encoded picture, in bytes", .min = 1},
            bytes_max);
    v.field({.name = "pixels_max",
             .help = "largest picture, in pixels as encoded; checked before anything is decoded",
             .min = 1},
            pixels_max);
    v.field({.name = "side_min",
             .help = "shortest side that is worth a caption, in pixels",
             .min = 1,
             .max = 65536},
            side_min);
    v.field({.name = "side_px_max",
             .help = "the long side is shrunk to this, in pixels",
             .min = 16,
             .max = 16384},
            side_px_max);
    v.field({.name = "svg_side_px",
             .help = "the long side of an SVG is drawn at this, in pixels",
             .min = 16,
             .max = 16384},
            svg_side_px);
    v.field({.name = "svg_bytes_max", .help = "largest SVG, in bytes", .min = 1}, svg_bytes_max);
    v.field({.name = "background", .help = "colour under transparent parts, #rrggbb"}, background);
  }
};

Result<std::unique_ptr<Step>> make_decode(DecodeOptions options, const BuildContext& build);

}  // namespace kale
