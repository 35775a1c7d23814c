#include "kale/decode/render.h"

#include <vips/vips.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <utility>

#include "kale/vips/vips.h"

namespace kale {
namespace {

using vips::Image;
using vips::made;

// GObject speaks here only where a picture's side is no number that libvips takes: the loaders of
// the other formats are handed no such picture.
thread_local bool size_refused = false;
void note_refused_size(const gchar*, GLogLevelFlags, const gchar*, gpointer) {
  size_refused = true;
}

// The loader may see no more of the world than these bytes, which outlive the picture.
using Blob = std::unique_ptr<VipsBlob, void (*)(VipsBlob*)>;
Blob blob_of(std::string_view bytes) {
  return Blob(vips_blob_new(nullptr, bytes.data(), bytes.size()),
              [](VipsBlob* blob) { vips_area_unref(VIPS_AREA(blob)); });
}

Image load(std::string_view bytes, const PictureFormat& format, int shrink_by = 1) {
  Blob blob = blob_of(bytes);
  return made([&](VipsImage** out) {
    return vips_call(format.loader, blob.get(), out, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
                     VIPS_FAIL_ON_ERROR, shrink_by > 1 ? "shrink" : nullptr, shrink_by, nullptr);
  });
}

Image load_svg(std::string_view bytes, const PictureFormat& format, double scale) {
  Blob blob = blob_of(bytes);
  return made([&](VipsImage** out) {
    return vips_call(format.loader, blob.get(), out, "scale", scale, nullptr);
  });
}

// As far as libjpeg can shrink while it decodes, leaving a factor of two for the better filter.
int shrink_on_load(double factor) {
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

using Doubles = std::unique_ptr<VipsArrayDouble, void (*)(VipsArrayDouble*)>;
Doubles to_doubles(const std::array<double, 3>& colour) {
  return Doubles(vips_array_double_new(colour.data(), 3),
                 [](VipsArrayDouble* array) { vips_area_unref(VIPS_AREA(array)); });
}

Image flatten(Image in, const std::array<double, 3>& background) {
  if (!vips_image_hasalpha(in.get())) return in;
  Doubles colour = to_doubles(background);
  return made([&](VipsImage** o) {
    return vips_flatten(in.get(), o, "background", colour.get(), nullptr);
  });
}

PictureSize size_of(const Image& image) { return {image->Xsize, image->Ysize}; }

bool turned_sideways(const Image& image) {
  int orientation = vips_image_get_orientation(image.get());
  return orientation >= 5 && orientation <= 8;
}

PictureSize turned(PictureSize size, bool sideways) {
  return sideways ? PictureSize{size.height, size.width} : size;
}

// The frame at its place on the picture, whose rest is see-through.
Image place(Image in, const PictureHeader& header) {
  if (header.frame == header.size) return in;
  if (!vips_image_hasalpha(in.get())) {
    in = made([&](VipsImage** o) { return vips_addalpha(in.get(), o, nullptr); });
  }
  if (!in) return nullptr;
  return made([&](VipsImage** o) {
    return vips_embed(in.get(), o, static_cast<int>(header.frame_left),
                      static_cast<int>(header.frame_top), static_cast<int>(header.size.width),
                      static_cast<int>(header.size.height), nullptr);
  });
}

Image resize(Image in, PictureSize size) {
  if (size_of(in) == size) return in;
  return made([&](VipsImage** o) {
    return vips_resize(in.get(), o, static_cast<double>(size.width) / in->Xsize, "vscale",
                       static_cast<double>(size.height) / in->Ysize, nullptr);
  });
}

Image crop_or_border(Image in, const Geometry& geometry, const std::array<double, 3>& background) {
  if (geometry.canvas == geometry.scaled) return in;
  auto width = static_cast<int>(geometry.canvas.width);
  auto height = static_cast<int>(geometry.canvas.height);
  Doubles colour = to_doubles(background);
  return made([&](VipsImage** o) {
    return vips_embed(in.get(), o, static_cast<int>(geometry.left), static_cast<int>(geometry.top),
                      width, height, "extend", VIPS_EXTEND_BACKGROUND, "background", colour.get(),
                      nullptr);
  });
}

// Colour first where there is alpha, so that the background is mixed in sRGB and no edge pixel is
// darkened by the invisible colours beside it; else resize first, which leaves less to convert.
Image to_small_srgb(Image in, const Geometry& geometry, const std::array<double, 3>& background) {
  bool alpha = vips_image_hasalpha(in.get());
  PictureSize scaled = turned(geometry.scaled, turned_sideways(in));
  if (!alpha) in = resize(std::move(in), scaled);
  if (in) in = to_srgb(std::move(in));
  if (in) in = flatten(std::move(in), background);
  if (in && alpha) in = resize(std::move(in), scaled);
  // Loaders stream top to bottom, and a rotation reads from everywhere.
  if (in)
    in = made([&](VipsImage** o) { return *o = vips_image_copy_memory(in.get()), *o ? 0 : -1; });
  if (in) in = made([&](VipsImage** o) { return vips_autorot(in.get(), o, nullptr); });
  if (in && in->BandFmt != VIPS_FORMAT_UCHAR) {
    in = made([&](VipsImage** o) { return vips_cast_uchar(in.get(), o, nullptr); });
  }
  return in ? crop_or_border(std::move(in), geometry, background) : nullptr;
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

// Fills in the size that resizing starts from, and what it comes to; false where that is too much.
bool plan_size(Rendered& rendered, PictureSize drawn, const RenderPlan& plan) {
  rendered.drawn = drawn;
  rendered.geometry = resize_geometry(drawn, plan.resize);
  PictureSize scaled = rendered.geometry.scaled;
  return scaled.width <= plan.resized_pixels_max / scaled.height &&
         rendered.geometry.canvas.pixels() <= plan.resized_pixels_max;
}

std::optional<Rendered> finish(Image in, Rendered rendered, const RenderPlan& plan) {
  Image small = in ? to_small_srgb(std::move(in), rendered.geometry, plan.background) : nullptr;
  if (small) rendered.pixels = to_pixels(small.get());
  if (!rendered.pixels) return std::nullopt;
  return rendered;
}

std::optional<Rendered> render_svg(std::string_view bytes, const RenderPlan& plan) {
  size_refused = false;
  Image own = load_svg(bytes, plan.format, 1.0);
  if (size_refused) return Rendered{.beyond_any = true};
  if (!own) return std::nullopt;
  double side = std::max(own->Xsize, own->Ysize);
  Image drawn = load_svg(bytes, plan.format, static_cast<double>(plan.svg_side_px) / side);
  if (size_refused) return Rendered{.beyond_any = true};
  if (!drawn) return std::nullopt;
  Rendered rendered{.encoded = size_of(own)};
  if (!plan_size(rendered, size_of(drawn), plan)) return rendered;
  return finish(std::move(drawn), std::move(rendered), plan);
}

std::optional<Rendered> render_raster(std::string_view bytes, const RenderPlan& plan) {
  Image in = load(bytes, plan.format);
  // Limits were held against what we read: a library that sees another picture gets no further.
  if (!in || size_of(in) != plan.header.frame) return std::nullopt;
  PictureSize size = turned(plan.header.size, turned_sideways(in));
  Rendered rendered{.encoded = size};
  if (!plan_size(rendered, size, plan)) return rendered;
  if (plan.format.shrinks) {
    PictureSize scaled = rendered.geometry.scaled;
    int shrink = shrink_on_load(
        std::min(static_cast<double>(size.width) / static_cast<double>(scaled.width),
                 static_cast<double>(size.height) / static_cast<double>(scaled.height)));
    if (shrink > 1) in = load(bytes, plan.format, shrink);
  }
  if (in) in = place(std::move(in), plan.header);
  return finish(std::move(in), std::move(rendered), plan);
}

Status start_once() {
  KALE_OK(vips::start());
  vips_operation_block_set("VipsForeignLoad", TRUE);
  for (const PictureFormat& format : picture_formats()) {
    vips_operation_block_set(format.loader_class, FALSE);
  }
  g_log_set_handler("VIPS", G_LOG_LEVEL_MASK, vips::ignore_log, nullptr);
  g_log_set_handler("GLib-GObject", G_LOG_LEVEL_MASK, note_refused_size, nullptr);
  for (const PictureFormat& format : picture_formats()) {
    if (vips_type_find("VipsOperation", format.loader) == 0) {
      return Error{Code::kBadConfig,
                   "this libvips has no " + std::string(format.loader) +
                       "; install Debian's libvips42 or build it with what that operation needs"};
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
  auto rendered = is_svg(plan.format) ? render_svg(bytes, plan) : render_raster(bytes, plan);
  vips_error_clear();  // its text is never shown
  return rendered;
}

}  // namespace kale
