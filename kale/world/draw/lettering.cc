#include "kale/world/draw/lettering.h"

#include <fmt/format.h>

#include "kale/world/draw/vips_door.h"

namespace kale::world {
namespace {

// vips_text reads markup.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

Result<Ink> ink(std::string_view text, const std::string& family, int size) {
  if (text.size() > kLineBytesMax)
    return Error{Code::kLimit, fmt::format("a line of more than {} bytes", kLineBytesMax)};
  KALE_OK(start_vips());
  const std::string font = fmt::format("{} {}", family, size);
  const Image image = made([&](VipsImage** out) {
    return vips_text(out, plain(text).c_str(), "font", font.c_str(), "dpi", 72, nullptr);
  });
  if (!image) return vips_trouble(fmt::format("'{}'", text));
  KALE_TRY(Raster mask, raster_of(image));
  return Ink{std::move(mask), image->Xoffset, image->Yoffset};
}

}  // namespace kale::world
