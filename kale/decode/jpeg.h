// Reads the header of a JPEG.
// Threads  free functions, no shared state
#pragma once

#include "kale/decode/header.h"

namespace kale {

bool starts_as_jpeg(std::string_view bytes);

// From SOFn. Nullopt where the bytes end or contradict themselves before the size. A picture sent
// in several passes (progressive, or of several scans) is held whole by its library.
std::optional<PictureHeader> read_jpeg(std::string_view bytes);

}  // namespace kale
