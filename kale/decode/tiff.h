// Reads the first page's directory of a TIFF and says whether we hand it to libtiff at all: TIFF is
// a box for many codecs, and a strip or tile may be far larger than the picture.
// Threads  free functions, no shared state
#pragma once

#include "kale/decode/header.h"

namespace kale {

// BigTIFF included, which read_tiff() then leaves unread.
bool starts_as_tiff(std::string_view bytes);

std::optional<PictureHeader> read_tiff(std::string_view bytes);

// The file with its chain of pages ended behind the first, which would all be walked; nullopt where
// there is one page. After read_tiff().
std::optional<std::string> tiff_first_page(std::string_view bytes);

}  // namespace kale
