#include "kale/decode/render.h"

#include <vips/vips.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <utility>

namespace kale {
namespace {

struct Unref {
  void operator()(VipsImage* image) const { g_object_unref(image); }
};
using Image = std::unique_ptr<VipsImage, Unref>;

// Runs one vips operation: step([&](VipsImage** out) { return vips_flatten(in, out, nullptr); })
template <class F>
Image made(F&& operation) {
  VipsImage* out = nullptr;
  if (operation(&out) != 0) return nullptr;
  return Image(out);
}

void ignore_log(const gchar*, GLogLevelFlags, const gchar*, gpointer) {}

Image load(std::string_view bytes, PictureFormat format, int shrink, double scale) {
  void* data = const_cast<char*>(bytes.data());
  std::size_t size = bytes.size();
  return made([&](VipsImage** out) {
    switch (format) {
      case PictureFormat::kPng:
        return vips_pngload_buffer(data, size, out, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
                                   VIPS_FAIL_ON_ERROR, nullptr);
      case PictureFormat::kJpeg:
        return vips_jpegload_buffer(data, size, out, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
                                    VIPS_FAIL_ON_ERROR, "shrink", shrink, nullptr);
      case PictureFormat::kSvg:
        return vips_svgload_buffer(data, size, out, "scale", scale, nullptr);
    }
    return -1;
  });
}

// As far as libjpeg can shrink while it decodes, leaving a factor of two for the better filter.
int jpeg_shrink(double factor) {
  if (factor >= 16) return 8;
  if (factor >= 8) return 4;
  return factor >= 4 ? 2 : 1;
}

Image to_srgb(Image in) {
  if (vips_image_get_typeof(in.get(), VIPS_META_ICC_NAME) != 0) {
    Image out = made([&](VipsImage** o) {
      return vips_icc_transform(in.get(), o, "srgb", "embedded", TRUE, "intent",
                                VIPS_INTENT_PERCEPTUAL, "depth", 8, nullptr);
    });
    if (out) return out;
    vips_error_clear();  // a profile that does not fit its picture: as if there were none
  }
  return made([&](VipsImage** o) {
    return vips_colourspace(in.get(), o, VIPS_INTERPRETATION_sRGB, nullptr);
  });
}

Image flatten(Image in, const std::array<double, 3>& background) {
  if (!vips_image_hasalpha(in.get())) return in;
  std::unique_ptr<VipsArrayDouble, void (*)(VipsArrayDouble*)> colour(
      vips_array_double_new(background.data(), 3),
      [](VipsArrayDouble* array) { vips_area_unref(VIPS_AREA(array)); });
  return made([&](VipsImage** o) {
    return vips_flatten(in.get(), o, "background", colour.get(), nullptr);
  });
}

Image shrink_to(Image in, std::int64_t side_px_max) {
  double side = std::max(vips_image_get_width(in.get()), vips_image_get_height(in.get()));
  double limit = static_cast<double>(side_px_max);
  if (side <= limit) return in;
  // The short side of a very long picture must not round to nothing.
  double scale = limit / side;
  double short_side = std::min(vips_image_get_width(in.get()), vips_image_get_height(in.get()));
  double short_scale = std::max(scale, 1.0 / short_side);
  bool wide = vips_image_get_width(in.get()) >= vips_image_get_height(in.get());
  return made([&](VipsImage** o) {
    return vips_resize(in.get(), o, wide ? scale : short_scale, "vscale",
                       wide ? short_scale : scale, nullptr);
  });
}

// Colour first where there is alpha, so that the background is mixed in sRGB and no edge pixel is
// darkened by the invisible colours beside it; else resize first, which leaves less to convert.
Image to_small_srgb(Image in, const RenderPlan& plan) {
  bool alpha = vips_image_hasalpha(in.get());
  if (!alpha) in = shrink_to(std::move(in), plan.side_px_max);
  if (in) in = to_srgb(std::move(in));
  if (in) in = flatten(std::move(in), plan.background);
  if (in && alpha) in = shrink_to(std::move(in), plan.side_px_max);
  // Loaders stream top to bottom, and a rotation reads from everywhere.
  if (in)
    in = made([&](VipsImage** o) { return *o = vips_image_copy_memory(in.get()), *o ? 0 : -1; });
  if (in) in = made([&](VipsImage** o) { return vips_autorot(in.get(), o, nullptr); });
  if (in && in->BandFmt != VIPS_FORMAT_UCHAR) {
    in = made([&](VipsImage** o) { return vips_cast_uchar(in.get(), o, nullptr); });
  }
  return in;
}

PixelsPtr to_pixels(VipsImage* image) {
  if (image->Bands != 3 || image->BandFmt != VIPS_FORMAT_UCHAR) return nullptr;
  std::size_t size = 0;
  std::unique_ptr<void, void (*)(void*)> bytes(vips_image_write_to_memory(image, &size), g_free);
  if (!bytes) return nullptr;
  auto pixels = std::make_shared<Pixels>();
  pixels->width = image->Xsize;
  pixels->height = image->Ysize;
  auto* first = static_cast<const std::uint8_t*>(bytes.get());
  pixels->rgb.assign(first, first + size);
  return pixels;
}

bool turned_sideways(VipsImage* image) {
  int orientation = vips_image_get_orientation(image);
  return orientation >= 5 && orientation <= 8;
}

std::optional<Rendered> render(std::string_view bytes, const RenderPlan& plan) {
  Image first = load(bytes, plan.format, 1, 1.0);
  if (!first) return std::nullopt;
  Rendered rendered{nullptr, {first->Xsize, first->Ysize}};
  if (turned_sideways(first.get())) std::swap(rendered.encoded.width, rendered.encoded.height);
  double side = static_cast<double>(std::max(first->Xsize, first->Ysize));
  if (plan.format == PictureFormat::kSvg) {
    first = load(bytes, plan.format, 1, static_cast<double>(plan.svg_side_px) / side);
  } else if (plan.format == PictureFormat::kJpeg) {
    int shrink = jpeg_shrink(side / static_cast<double>(plan.side_px_max));
    if (shrink > 1) first = load(bytes, plan.format, shrink, 1.0);
  }
  Image small = first ? to_small_srgb(std::move(first), plan) : nullptr;
  if (small) rendered.pixels = to_pixels(small.get());
  if (!rendered.pixels) return std::nullopt;
  return rendered;
}

Status start_once() {
  if (vips_init("kale") != 0) return Error{Code::kBadConfig, "libvips does not start"};
  vips_concurrency_set(1);  // rows are the parallelism; vips must not multiply it
  vips_cache_set_max(0);
  vips_operation_block_set("VipsForeignLoad", TRUE);
  for (const char* loader : {"VipsForeignLoadPng", "VipsForeignLoadJpeg", "VipsForeignLoadSvg"}) {
    vips_operation_block_set(loader, FALSE);
  }
  g_log_set_handler("VIPS", G_LOG_LEVEL_MASK, ignore_log, nullptr);
  for (const char* type : {"pngload_buffer", "jpegload_buffer", "svgload_buffer"}) {
    if (vips_type_find("VipsOperation", type) == 0) {
      return Error{Code::kBadConfig, "this libvips has no " + std::string(type) +
                                         "; install Debian's libvips42 or build it with librsvg"};
    }
  }
  return {};
}

}  // namespace

Status start_vips() {
  static const Status started = start_once();
  return started;
}

std::optional<Rendered> render_picture(std::string_view bytes, const RenderPlan& plan) {
  auto rendered = render(bytes, plan);
  vips_error_clear();  // its text is never shown
  return rendered;
}

}  // namespace kale
