// Reads the header of a PNG.
// Threads  free functions, no shared state
#pragma once

#include "kale/decode/header.h"

namespace kale {

bool starts_as_png(std::string_view bytes);

// Nullopt where the bytes end or contradict themselves before the size.
std::optional<PictureHeader> read_png(std::string_view bytes);

}  // namespace kale
