#include "kale/decode/decode.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "kale/decode/header.h"
#include "kale/decode/render.h"
#include "kale/decode/svg_guard.h"
#include "kale/decode/svg_units.h"
#include "kale/decode/svg_work.h"
#include "kale/io/digest.h"

namespace kale {
namespace {

Result<std::array<double, 3>> parse_colour(std::string_view text) {
  std::array<double, 3> colour = {};
  bool right = text.size() == 7 && text[0] == '#';
  for (std::size_t i = 0; right && i < 3; ++i) {
    int value = 0;
    const char* first = text.data() + 1 + 2 * i;
    auto [end, error] = std::from_chars(first, first + 2, value, 16);
    right = error == std::errc{} && end == first + 2 && value >= 0;
    colour[i] = value;
  }
  if (right) return colour;
  return Error{Code::kBadConfig,
               fmt::format("decode.background: \"{}\" is no colour; write #rrggbb", text)};
}

class Decode : public Step {
 public:
  Decode(DecodeOptions options, std::array<double, 3> background)
      : options_(std::move(options)), background_(background) {}

  StepTraits traits() const override {
    std::int64_t side = std::max(options_.side_px_max, options_.svg_side_px);
    return {.name = "decode",
            .reads = {Column::kImageBytes},
            .writes = {Column::kPixels, Column::kWidth, Column::kHeight, Column::kSha256,
                       Column::kImageFormat},
            .revision = 3,
            .transient_bytes = side * side * 3};
  }

  Task<Outcome> apply(Row& row, Context&) override { co_return decode(row); }

 private:
  Outcome decode(Row& row) const {
    KALE_CHECK(row.image_bytes != nullptr, "decode is handed the picture's bytes");
    std::string_view bytes = *row.image_bytes;
    if (std::ssize(bytes) > options_.bytes_max) {
      return Dropped{Drop::kTooManyBytes,
                     fmt::format("{} bytes, over decode.bytes_max", bytes.size())};
    }
    auto format = sniff_picture(bytes);
    if (!format) return Dropped{Drop::kNotAnImage, "neither PNG nor JPEG nor SVG"};
    row.sha256 = sha256_hex(bytes);
    row.image_format = picture_format_name(*format);
    return *format == PictureFormat::kSvg ? decode_svg(row, bytes) : decode_raster(row, *format);
  }

  Outcome decode_raster(Row& row, PictureFormat format) const {
    std::string_view bytes = *row.image_bytes;
    bool png = format == PictureFormat::kPng;
    auto size = png ? png_size(bytes) : jpeg_size(bytes);
    if (!size) return Dropped{Drop::kBrokenImage, "no size in its header"};
    row.width = size->width;
    row.height = size->height;
    if (size->width > options_.pixels_max / size->height) {
      return Dropped{Drop::kTooManyPixels, fmt::format("{} x {} pixels, over decode.pixels_max",
                                                       size->width, size->height)};
    }
    bool in_passes = png ? png_has_passes(bytes) : jpeg_has_passes(bytes);
    if (in_passes && size->pixels() > options_.pixels_interlaced_max) {
      return Dropped{Drop::kTooManyPixels, fmt::format("{} x {} pixels in several passes, over "
                                                       "decode.pixels_interlaced_max",
                                                       size->width, size->height)};
    }
    if (std::min(size->width, size->height) < options_.side_min) {
      return Dropped{Drop::kTooSmall, fmt::format("{} x {} pixels, under decode.side_min",
                                                  size->width, size->height)};
    }
    if (png && !png_is_whole(bytes)) return Dropped{Drop::kBrokenImage, "cut short"};
    return finish(row, bytes, format);
  }

  Outcome decode_svg(Row& row, std::string_view bytes) const {
    if (std::ssize(bytes) > options_.svg_bytes_max) {
      return Dropped{Drop::kTooManyBytes,
                     fmt::format("{} bytes, over decode.svg_bytes_max", bytes.size())};
    }
    if (auto danger = svg_danger(bytes, {.embedded_pixels_max = options_.pixels_max})) {
      return Dropped{Drop::kUnsafeSvg, *danger};
    }
    std::string document = svg_without_doctype(bytes);
    if (auto excess = svg_excess(document, {.elements_max = options_.svg_elements_max,
                                            .filters_max = options_.svg_filters_max})) {
      return Dropped{Drop::kUnsafeSvg, *excess};
    }
    return finish(row, svg_in_pixels(document), PictureFormat::kSvg);
  }

  Outcome finish(Row& row, std::string_view bytes, PictureFormat format) const {
    auto rendered = render_picture(bytes, {.format = format,
                                           .side_px_max = options_.side_px_max,
                                           .svg_side_px = options_.svg_side_px,
                                           .background = background_});
    if (!rendered) return Dropped{Drop::kBrokenImage, "its data ends early or makes no sense"};
    row.width = rendered->encoded.width;
    row.height = rendered->encoded.height;
    if (std::min(rendered->pixels->width, rendered->pixels->height) < options_.side_min &&
        format == PictureFormat::kSvg) {
      return Dropped{Drop::kTooSmall,
                     fmt::format("{} x {} pixels as drawn, under decode.side_min",
                                 rendered->pixels->width, rendered->pixels->height)};
    }
    row.pixels = rendered->pixels;
    return On{};
  }

  DecodeOptions options_;
  std::array<double, 3> background_;
};

}  // namespace

Result<std::unique_ptr<Step>> make_decode(DecodeOptions options, const BuildContext&) {
  KALE_OK(start_vips());
  KALE_TRY(auto background, parse_colour(options.background));
  return std::unique_ptr<Step>(std::make_unique<Decode>(std::move(options), background));
}

}  // namespace kale
