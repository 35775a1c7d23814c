// Any bytes through all that decode does: every header reader, whatever the magic says, the guards
// of SVG, then the step itself at every resize mode, with limits that keep one input fast.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "kale/core/check.h"
#include "kale/core/context_fake.h"
#include "kale/core/executor_fake.h"
#include "kale/decode/decode.h"
#include "kale/decode/formats.h"
#include "kale/decode/svg_guard.h"
#include "kale/decode/svg_units.h"
#include "kale/decode/svg_work.h"

namespace {

constexpr std::int64_t kPixelsMax = 1 << 16;

void read_headers(std::string_view bytes) {
  for (const kale::PictureFormat& format : kale::picture_formats()) {
    if (kale::is_svg(format)) continue;
    auto header = format.read(bytes);
    if (!header || !header->unread.empty()) continue;
    KALE_CHECK(header->size.width > 0 && header->size.height > 0, "a size is of something");
    KALE_CHECK(header->held_pixels >= 0, "and does not overflow");
    KALE_CHECK(header->frame_left + header->frame.width <= header->size.width &&
                   header->frame_top + header->frame.height <= header->size.height,
               "a frame lies on its picture");
    if (!header->whole || format.first == nullptr) continue;
    auto first = format.first(bytes);
    if (!first) continue;
    auto again = format.read(*first);
    KALE_CHECK(again && again->frame == header->frame, "the first picture is still the same");
  }
}

void guard(std::string_view bytes) {
  if (kale::svg_danger(bytes, {.embedded_pixels_max = kPixelsMax})) return;
  std::string document = kale::svg_without_doctype(bytes);
  kale::svg_excess(document, {.elements_max = 100, .filters_max = 4});
  kale::svg_in_pixels(document);
}

std::unique_ptr<kale::Step> step_of(const char* mode, kale::Executor& cpu) {
  kale::DecodeOptions options{.bytes_max = 1 << 16,
                              .pixels_max = kPixelsMax,
                              .pixels_held_max = kPixelsMax,
                              .side_min = 1,
                              .side_px_max = 32,
                              .resize_mode = mode,
                              .svg_side_px = 32,
                              .svg_elements_max = 100,
                              .svg_filters_max = 4};
  kale::BuildContext build{.cpu = cpu, .recipe_dir = "", .engine = {}};
  auto step = kale::make_decode(options, build);
  KALE_CHECK(step.has_value(), "decode is made");
  return std::move(*step);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static kale::FakeExecutor executor;
  static kale::FakeContext context;
  static const std::array steps = {
      step_of("fit", executor),         step_of("border", executor),
      step_of("keep_ratio", executor),  step_of("keep_ratio_largest", executor),
      step_of("center_crop", executor), step_of("no", executor)};
  std::string bytes(reinterpret_cast<const char*>(data), size);
  read_headers(bytes);
  if (kale::starts_as_svg(bytes)) guard(bytes);
  kale::Row row;
  row.image_bytes = std::make_shared<std::string>(std::move(bytes));
  auto outcome = executor.run(steps[size % steps.size()]->apply(row, context));
  bool on = std::holds_alternative<kale::On>(outcome);
  KALE_CHECK(on || std::holds_alternative<kale::Dropped>(outcome), "a bad picture is dropped");
  KALE_CHECK(on == (row.pixels != nullptr), "a row that goes on has pixels");
  if (on) {
    KALE_CHECK(row.pixels->rgb.size() == std::size_t{3} *
                                             static_cast<std::size_t>(row.pixels->width) *
                                             static_cast<std::size_t>(row.pixels->height),
               "and all of them");
  }
  return 0;
}
