// What a picture says about itself in its first bytes, read by us before any library sees it.
// Units    width and height in pixels as encoded, before EXIF orientation
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kale {

struct PictureSize {
  std::int64_t width = 0;
  std::int64_t height = 0;
  std::int64_t pixels() const { return width * height; }
  bool operator==(const PictureSize&) const = default;
};

struct PictureHeader {
  PictureSize size;
  // What its library decodes: all of it but for a GIF, whose first frame may cover a part. The rest
  // is see-through.
  PictureSize frame = size;
  std::int64_t frame_left = 0;
  std::int64_t frame_top = 0;
  // How much of the picture its library holds at once, at up to 12 bytes a pixel; 0 where it
  // streams.
  std::int64_t held_pixels = 0;
  bool whole = true;     // false where the bytes end before the picture does
  std::string unread{};  // why we leave this kind to no library, in our words; else empty
};

}  // namespace kale
