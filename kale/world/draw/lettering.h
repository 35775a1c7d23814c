// One line of text as ink.
// Errors   kCorrupt for a text that pango does not draw
// Threads  safe; pango draws one text at a time
// Units    pixels
#pragma once

#include <string>
#include <string_view>

#include "kale/core/result.h"
#include "kale/world/draw/raster.h"

namespace kale::world {

struct Ink {
  Raster mask;   // one band, tight around what is drawn
  int left = 0;  // of the mask, from where the line begins
  int top = 0;   // of the mask, from the line's upper edge
};

inline constexpr std::size_t kLineBytesMax = 200;

// `size` is the font's size; the family must be installed, else pango takes another one.
Result<Ink> ink(std::string_view text, const std::string& family, int size);

}  // namespace kale::world
