// Pixels as a picture that a chat message can hold: "data:image/jpeg;base64,...".
// Errors   kLimit for a picture that JPEG cannot hold (a side over 65,535 px, no pixels)
// Threads  free functions, safe; encoding costs a few ms a megapixel on the calling thread
#pragma once

#include <span>
#include <string>

#include "kale/core/pixels.h"
#include "kale/core/result.h"

namespace kale::http {

// `quality` 1 to 100; colour at full resolution (4:4:4), since captions name colours.
Result<std::string> jpeg_data_uri(const Pixels& pixels, int quality);

std::string base64(std::span<const unsigned char> bytes);

}  // namespace kale::http
