// The table of picture formats: a new one is a file that reads its header and a row here.
// Threads  free functions, no shared state
#pragma once

#include <span>

#include "kale/decode/header.h"

namespace kale {

struct PictureFormat {
  std::string_view name;  // in the column image_format
  bool (*starts)(std::string_view bytes);
  // Null where there is no header to read (SVG, whose work is counted instead).
  std::optional<PictureHeader> (*read)(std::string_view bytes);
  // The first picture without those behind it; nullopt where the bytes hold it alone. Null where a
  // format holds one picture.
  std::optional<std::string> (*first)(std::string_view bytes);
  const char* loader;        // libvips' operation
  const char* loader_class;  // and the class that start_vips() lets through
  bool shrinks = false;      // it can shrink by 2, 4 or 8 while it decodes
};

std::span<const PictureFormat> picture_formats();

// By magic bytes, never by file name; null where none knows them. An SVG's first element must be
// <svg>.
const PictureFormat* sniff_picture(std::string_view bytes);

inline bool is_svg(const PictureFormat& format) { return format.read == nullptr; }

}  // namespace kale
