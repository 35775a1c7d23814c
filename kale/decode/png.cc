#include "kale/decode/png.h"

#include "kale/decode/bytes.h"

namespace kale {
namespace {

constexpr std::string_view kMagic = "\x89PNG\r\n\x1a\n";
constexpr std::size_t kInterlace = 28;

// Every chunk up to IEND lies within the bytes.
bool is_whole(std::string_view bytes) {
  std::size_t at = kMagic.size();
  while (bytes.size() - at >= 12) {
    std::uint32_t length = big_endian(bytes, at, 4);
    if (length > bytes.size() - at - 12) return false;
    if (bytes.substr(at + 4, 4) == "IEND") return true;
    at += std::size_t{12} + length;
  }
  return false;
}

}  // namespace

bool starts_as_png(std::string_view bytes) { return bytes.starts_with(kMagic); }

std::optional<PictureHeader> read_png(std::string_view bytes) {
  if (bytes.size() < 33 || !starts_as_png(bytes)) return std::nullopt;
  if (big_endian(bytes, 8, 4) != 13 || bytes.substr(12, 4) != "IHDR") return std::nullopt;
  PictureSize size{big_endian(bytes, 16, 4), big_endian(bytes, 20, 4)};
  // PNG allows 31 bits; more would also overflow width * height.
  if (size.width < 1 || size.height < 1) return std::nullopt;
  if (size.width > 0x7FFFFFFF || size.height > 0x7FFFFFFF) return std::nullopt;
  PictureHeader header{.size = size};
  if (bytes[kInterlace] != 0) header.held_pixels = size.pixels();
  header.whole = is_whole(bytes);
  return header;
}

}  // namespace kale
