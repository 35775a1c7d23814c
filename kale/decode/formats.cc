#include "kale/decode/formats.h"

#include <array>

#include "kale/decode/gif.h"
#include "kale/decode/jpeg.h"
#include "kale/decode/png.h"
#include "kale/decode/svg_guard.h"
#include "kale/decode/tiff.h"
#include "kale/decode/webp.h"

namespace kale {
namespace {

constexpr std::array kFormats = {
    PictureFormat{"png", starts_as_png, read_png, nullptr, "pngload_buffer", "VipsForeignLoadPng"},
    PictureFormat{"jpeg", starts_as_jpeg, read_jpeg, nullptr, "jpegload_buffer",
                  "VipsForeignLoadJpeg", true},
    PictureFormat{"webp", starts_as_webp, read_webp, webp_first_frame, "webpload_buffer",
                  "VipsForeignLoadWebp"},
    PictureFormat{"gif", starts_as_gif, read_gif, gif_first_frame, "gifload_buffer",
                  "VipsForeignLoadNsgif"},
    PictureFormat{"tiff", starts_as_tiff, read_tiff, tiff_first_page, "tiffload_buffer",
                  "VipsForeignLoadTiff"},
    PictureFormat{"svg", starts_as_svg, nullptr, nullptr, "svgload_buffer", "VipsForeignLoadSvg"},
};

}  // namespace

std::span<const PictureFormat> picture_formats() { return kFormats; }

const PictureFormat* sniff_picture(std::string_view bytes) {
  for (const PictureFormat& format : kFormats) {
    if (format.starts(bytes)) return &format;
  }
  return nullptr;
}

}  // namespace kale
