#include "kale/decode/decode.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "kale/decode/formats.h"
#include "kale/decode/geometry.h"
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
  explicit Decode(PictureDecoder decoder) : decoder_(std::move(decoder)) {}

  StepTraits traits() const override {
    return {.name = "decode",
            .reads = {Column::kImageBytes},
            .writes = {Column::kPixels, Column::kWidth, Column::kHeight, Column::kSha256,
                       Column::kImageFormat},
            .revision = 6,
            .transient_bytes = decoder_.pixel_bytes_max()};
  }

  Task<Outcome> apply(Row& row, Context&) override { co_return decoder_.decode(row); }

 private:
  PictureDecoder decoder_;
};

}  // namespace

std::int64_t PictureDecoder::pixel_bytes_max() const {
  std::int64_t side = std::max(options_.side_px_max, options_.svg_side_px);
  bool by_long_side = resize_.mode == ResizeMode::kFit || resize_.mode == ResizeMode::kBorder ||
                      resize_.mode == ResizeMode::kKeepRatioLargest;
  std::int64_t pixels = options_.pixels_held_max;
  if (by_long_side) pixels = std::min(pixels, side * side);
  return pixels * 3;
}

Outcome PictureDecoder::decode(Row& row) const {
  KALE_CHECK(row.image_bytes != nullptr, "decode is handed the picture's bytes");
  std::string_view bytes = *row.image_bytes;
  if (std::ssize(bytes) > options_.bytes_max) {
    return Dropped{Drop::kTooManyBytes,
                   fmt::format("{} bytes, over decode.bytes_max", bytes.size())};
  }
  const PictureFormat* format = sniff_picture(bytes);
  if (format == nullptr) return Dropped{Drop::kNotAnImage, "no format that we know"};
  row.sha256 = sha256_hex(bytes);
  row.image_format = format->name;
  return is_svg(*format) ? decode_svg(row, *format) : decode_raster(row, *format);
}

Outcome PictureDecoder::decode_raster(Row& row, const PictureFormat& format) const {
  std::string_view bytes = *row.image_bytes;
  auto header = format.read(bytes);
  if (!header) return Dropped{Drop::kBrokenImage, "no size in its header"};
  if (!header->unread.empty()) return Dropped{Drop::kNotAnImage, header->unread};
  PictureSize size = header->size;
  row.width = size.width;
  row.height = size.height;
  if (size.width > options_.pixels_max / size.height) {
    return Dropped{Drop::kTooManyPixels,
                   fmt::format("{} x {} pixels, over decode.pixels_max", size.width, size.height)};
  }
  if (header->held_pixels > options_.pixels_held_max) {
    return Dropped{Drop::kTooManyPixels,
                   fmt::format("{} x {} pixels, held whole, over decode.pixels_held_max",
                               size.width, size.height)};
  }
  if (std::min(size.width, size.height) < options_.side_min) {
    return Dropped{Drop::kTooSmall,
                   fmt::format("{} x {} pixels, under decode.side_min", size.width, size.height)};
  }
  if (!header->whole) return Dropped{Drop::kBrokenImage, "cut short"};
  auto first = format.first == nullptr ? std::nullopt : format.first(bytes);
  return finish(row, first ? *first : bytes, format, *header);
}

Outcome PictureDecoder::decode_svg(Row& row, const PictureFormat& format) const {
  std::string_view bytes = *row.image_bytes;
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
  return finish(row, svg_in_pixels(document), format, {});
}

Outcome PictureDecoder::finish(Row& row, std::string_view bytes, const PictureFormat& format,
                               const PictureHeader& header) const {
  auto rendered = render_picture(bytes, {.format = format,
                                         .header = header,
                                         .resize = resize_,
                                         .resized_pixels_max = options_.pixels_held_max,
                                         .svg_side_px = options_.svg_side_px,
                                         .background = background_});
  if (!rendered) return Dropped{Drop::kBrokenImage, "its data ends early or makes no sense"};
  if (rendered->beyond_any) {
    return Dropped{Drop::kTooManyPixels,
                   fmt::format("an SVG of more than {} pixels a side", kSvgSideMax)};
  }
  row.width = rendered->encoded.width;
  row.height = rendered->encoded.height;
  PictureSize drawn = rendered->drawn;
  if (std::min(drawn.width, drawn.height) < options_.side_min) {
    return Dropped{Drop::kTooSmall, fmt::format("{} x {} pixels as drawn, under decode.side_min",
                                                drawn.width, drawn.height)};
  }
  if (rendered->pixels == nullptr) {
    return Dropped{Drop::kTooManyPixels,
                   fmt::format("{} x {} pixels as resized, over decode.pixels_held_max",
                               rendered->geometry.scaled.width, rendered->geometry.scaled.height)};
  }
  row.pixels = rendered->pixels;
  return On{};
}

Result<PictureDecoder> PictureDecoder::make(DecodeOptions options) {
  KALE_OK(start_vips());
  KALE_TRY(auto background, parse_colour(options.background));
  auto mode = resize_mode(options.resize_mode);
  if (!mode) {
    return Error{Code::kBadConfig,
                 fmt::format("decode.resize_mode: \"{}\" is no mode", options.resize_mode)};
  }
  ResizePlan resize{*mode, options.side_px_max, options.resize_only_if_bigger};
  return PictureDecoder(std::move(options), resize, background);
}

Result<std::unique_ptr<Step>> make_decode(DecodeOptions options, const BuildContext&) {
  KALE_TRY(PictureDecoder decoder, PictureDecoder::make(std::move(options)));
  return std::unique_ptr<Step>(std::make_unique<Decode>(std::move(decoder)));
}

}  // namespace kale
