// Turns the bytes of a picture from anywhere into pixels a model can look at.
// Rows     reads image_bytes; writes pixels, width, height, sha256, image_format
//          drops kNotAnImage, kTooManyBytes, kTooManyPixels, kTooSmall, kBrokenImage, kUnsafeSvg
// Errors   kBadConfig when libvips lacks a loader or the background is no colour
// Threads  apply() computes on the calling thread; many rows at once
// Units    sides and areas in pixels; pixels are 8-bit sRGB, width and height those of the encoded
//          picture after EXIF orientation
//
// Of several pictures in one file (pages, frames) the first counts, and a library sees that alone.
// Memory beside the row: a picture is streamed, except where its library holds it whole (WebP, GIF,
// interlaced PNG, progressive JPEG, TIFF of large strips or tiles); those have a lower limit,
// pixels_held_max, as has what a picture is resized to. The work that an SVG asks for is counted
// before it is drawn: see kale/decode/svg_work.h.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <utility>

#include "kale/core/build.h"
#include "kale/core/options.h"
#include "kale/core/step.h"
#include "kale/decode/formats.h"
#include "kale/decode/geometry.h"

namespace kale {

struct DecodeOptions {
  std::int64_t bytes_max = 32 << 20;
  std::int64_t pixels_max = 50'000'000;
  std::int64_t pixels_held_max = 16'000'000;
  std::int64_t side_min = 16;
  std::int64_t side_px_max = 768;
  std::string resize_mode = "fit";
  bool resize_only_if_bigger = false;
  std::int64_t svg_side_px = 512;
  std::int64_t svg_bytes_max = 4 << 20;
  std::int64_t svg_elements_max = 20'000;
  std::int64_t svg_filters_max = 200;
  std::string background = "#ffffff";

  void visit(OptionVisitor& v) {
    v.field({.name = "bytes_max", .help = "largest encoded picture, in bytes", .min = 1},
            bytes_max);
    v.field({.name = "pixels_max",
             .help = "largest picture, in pixels as encoded; checked before anything is decoded",
             .min = 1},
            pixels_max);
    v.field({.name = "pixels_held_max",
             .help = "largest picture that must be held whole, in pixels, at up to 12 bytes each: "
                     "WebP, GIF, interlaced PNG, progressive JPEG, TIFF of large strips or tiles, "
                     "and whatever a picture is resized to",
             .min = 1},
            pixels_held_max);
    v.field({.name = "side_min",
             .help = "shortest side that is worth a caption, in pixels",
             .min = 1,
             .max = 65536},
            side_min);
    v.field({.name = "side_px_max",
             .help = "the side that resize_mode speaks of, in pixels",
             .min = 16,
             .max = 16384},
            side_px_max);
    v.field({.name = "resize_mode",
             .help = "fit: the long side is shrunk to side_px_max, never enlarged; those of "
                     "img2dataset: keep_ratio_largest (long side), keep_ratio (short side), border "
                     "(a square with a border of the background colour), center_crop (a square cut "
                     "out of the middle), no",
             .choices = {"fit", "border", "keep_ratio", "keep_ratio_largest", "center_crop", "no"}},
            resize_mode);
    v.field({.name = "resize_only_if_bigger",
             .help = "leave a picture as it is where its side is not over side_px_max; fit always "
                     "does"},
            resize_only_if_bigger);
    v.field({.name = "svg_side_px",
             .help = "the long side of an SVG is drawn at this, in pixels, before it is resized",
             .min = 16,
             .max = 16384},
            svg_side_px);
    v.field({.name = "svg_bytes_max", .help = "largest SVG, in bytes", .min = 1}, svg_bytes_max);
    v.field({.name = "svg_elements_max",
             .help = "most elements of an SVG as drawn, repeats included; long paths, text, "
                     "patterns, masks and embedded pictures count as several",
             .min = 1},
            svg_elements_max);
    v.field({.name = "svg_filters_max",
             .help = "most filter primitives of an SVG as drawn, repeats included",
             .min = 1},
            svg_filters_max);
    v.field(
        {.name = "background", .help = "colour under transparent parts and of borders, #rrggbb"},
        background);
  }
};

// The same for whoever reads pictures outside of a run. Fills pixels, width, height, sha256 and
// image_format of a row from its image_bytes. Safe from many threads.
class PictureDecoder {
 public:
  static Result<PictureDecoder> make(DecodeOptions options);
  Outcome decode(Row& row) const;
  std::int64_t pixel_bytes_max() const;

 private:
  PictureDecoder(DecodeOptions options, ResizePlan resize, std::array<double, 3> background)
      : options_(std::move(options)), resize_(resize), background_(background) {}
  Outcome decode_raster(Row& row, const PictureFormat& format) const;
  Outcome decode_svg(Row& row, const PictureFormat& format) const;
  Outcome finish(Row& row, std::string_view bytes, const PictureFormat& format,
                 const PictureHeader& header) const;

  DecodeOptions options_;
  ResizePlan resize_;
  std::array<double, 3> background_;
};

Result<std::unique_ptr<Step>> make_decode(DecodeOptions options, const BuildContext& build);

}  // namespace kale
