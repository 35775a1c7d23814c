// The pictures an SVG carries inside itself, as data: URLs.
// Threads  free functions, no shared state
#pragma once

#include <optional>
#include <string_view>

#include "kale/decode/header.h"

namespace kale {

// Of a PNG or JPEG in base64, as its header says. Nullopt for every other file, and wherever the
// URL holds anything that another reader could read another way: %0A, &#10;, data behind the end.
std::optional<PictureSize> embedded_size(std::string_view url);

}  // namespace kale
