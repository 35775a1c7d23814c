#include "kale/decode/jpeg.h"

#include "kale/decode/bytes.h"

namespace kale {
namespace {

// SOF0..SOF15 carry the size; C4, C8 and CC share the range and do not.
bool is_start_of_frame(unsigned char marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

bool stands_alone(unsigned char marker) {
  return marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8);
}

bool has_passes(std::string_view bytes, unsigned char marker, std::size_t frame_at) {
  if ((marker & 3) == 2) return true;  // SOF2, SOF6, SOF10, SOF14
  std::size_t first_scan = bytes.find("\xFF\xDA", frame_at);
  return first_scan != bytes.npos && bytes.find("\xFF\xDA", first_scan + 2) != bytes.npos;
}

}  // namespace

bool starts_as_jpeg(std::string_view bytes) { return bytes.starts_with("\xFF\xD8\xFF"); }

std::optional<PictureHeader> read_jpeg(std::string_view bytes) {
  if (!starts_as_jpeg(bytes)) return std::nullopt;
  std::size_t at = 2;
  while (at + 1 < bytes.size()) {
    if (static_cast<unsigned char>(bytes[at]) != 0xFF) return std::nullopt;
    auto marker = static_cast<unsigned char>(bytes[at + 1]);
    if (marker == 0xFF) {  // fill byte
      ++at;
      continue;
    }
    at += 2;
    if (stands_alone(marker)) continue;
    if (marker == 0xD9 || marker == 0xDA || bytes.size() - at < 2) return std::nullopt;
    std::size_t length = big_endian(bytes, at, 2);
    if (length < 2 || length > bytes.size() - at) return std::nullopt;
    if (is_start_of_frame(marker)) {
      if (length < 8) return std::nullopt;
      PictureSize size{big_endian(bytes, at + 5, 2), big_endian(bytes, at + 3, 2)};
      if (size.width < 1 || size.height < 1) return std::nullopt;
      PictureHeader header{.size = size};
      if (has_passes(bytes, marker, at)) header.held_pixels = size.pixels();
      return header;
    }
    at += length;
  }
  return std::nullopt;
}

}  // namespace kale
