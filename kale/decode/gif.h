// Reads the header of a GIF and its first frame.
// Threads  free functions, no shared state
#pragma once

#include "kale/decode/header.h"

namespace kale {

bool starts_as_gif(std::string_view bytes);

// The logical screen, grown to hold the first frame. Nullopt where there is no frame.
std::optional<PictureHeader> read_gif(std::string_view bytes);

// A GIF of the first frame alone, at the corner of a screen of its own size: libnsgif takes some
// screen sizes for mistakes, and walks through all frames of what it is given. After read_gif().
std::optional<std::string> gif_first_frame(std::string_view bytes);

}  // namespace kale
