#include "kale/world/draw/lettering.h"

#include <fmt/format.h>

#include <mutex>

#include "kale/text/utf8.h"
#include "kale/world/draw/vips_door.h"

namespace kale::world {
Result<Ink> ink(std::string_view text, const std::string& family, int size) {
  if (text.size() > kLineBytesMax)
    return Error{Code::kLimit, fmt::format("a line of more than {} bytes", kLineBytesMax)};
  KALE_OK(start_vips());
  const std::string font = fmt::format("{} {}", family, size);
  // Cairo's cache of open fonts crashes where two threads draw with many of them.
  static std::mutex one_at_a_time;
  const std::lock_guard lock(one_at_a_time);
  const Image image = made([&](VipsImage** out) {
    return vips_text(out, escape_markup(text).c_str(), "font", font.c_str(), "dpi", 72, nullptr);
  });
  if (!image) return vips_trouble(fmt::format("'{}'", text));
  KALE_TRY(Raster mask, raster_at_once(image));
  return Ink{std::move(mask), image->Xoffset, image->Yoffset};
}

}  // namespace kale::world
