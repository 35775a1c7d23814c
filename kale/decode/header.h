// What a picture says about itself in its first bytes, read by us before any library sees it.
// Threads  free functions, no shared state
// Units    width and height in pixels as encoded, before EXIF orientation
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace kale {

enum class PictureFormat { kPng, kJpeg, kSvg };
std::string_view picture_format_name(PictureFormat format);  // "png"

// By magic bytes, never by file name. An SVG's first element must be <svg>.
std::optional<PictureFormat> sniff_picture(std::string_view bytes);

struct PictureSize {
  std::int64_t width = 0;
  std::int64_t height = 0;
  std::int64_t pixels() const { return width * height; }
};

// From IHDR or SOFn; nullopt where the bytes end or contradict themselves before it.
std::optional<PictureSize> png_size(std::string_view bytes);
std::optional<PictureSize> jpeg_size(std::string_view bytes);

// Sent in several passes over the whole picture (interlaced PNG, progressive JPEG, JPEG of several
// scans), so that its library holds all of it at once.
bool png_has_passes(std::string_view bytes);
bool jpeg_has_passes(std::string_view bytes);

// True when every chunk up to IEND lies within the bytes.
bool png_is_whole(std::string_view bytes);

}  // namespace kale
