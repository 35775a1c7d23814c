// Reads the header of a WebP and, of an animated one, that of its first frame.
// Threads  free functions, no shared state
#pragma once

#include "kale/decode/header.h"

namespace kale {

bool starts_as_webp(std::string_view bytes);

// The canvas; nullopt where the sizes of canvas, frame and bit stream contradict each other.
std::optional<PictureHeader> read_webp(std::string_view bytes);

// An animation without its later frames; nullopt for a still picture, which stays as it is.
std::optional<std::string> webp_first_frame(std::string_view bytes);

}  // namespace kale
