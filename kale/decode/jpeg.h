// Reads the header of a JPEG.
// Threads  free functions, no shared state
#pragma once

#include "kale/decode/header.h"

namespace kale {

// Each scan goes over the whole picture again, however few its bytes; encoders write 1 to 20.
inline constexpr std::int64_t kJpegScansMax = 100;

bool starts_as_jpeg(std::string_view bytes);

// From SOFn. Nullopt where the bytes end or contradict themselves before the size. A picture sent
// in several passes (progressive, or of several scans) is held whole by its library; one of more
// than kJpegScansMax scans is left unread.
std::optional<PictureHeader> read_jpeg(std::string_view bytes);

}  // namespace kale
