#include "kale/decode/jpeg.h"

#include <fmt/format.h>

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

struct Scans {
  std::int64_t count = 0;          // counting stops behind kJpegScansMax
  std::size_t first_channels = 0;  // that the first one carries
};

// From `at` to the picture's end: what stands behind it, such as a phone's second picture, is none
// of it. A marker below 0xC0 is no segment: libjpeg passes over it without its length, and so may
// not hide a scan from us.
Scans count_scans(std::string_view bytes, std::size_t at) {
  Scans scans;
  while (scans.count <= kJpegScansMax) {
    at = bytes.find('\xFF', at);
    if (at == bytes.npos || at + 1 >= bytes.size()) break;
    auto marker = static_cast<unsigned char>(bytes[at + 1]);
    at += marker == 0xFF ? 1 : 2;
    if (marker < 0xC0 || marker == 0xFF || stands_alone(marker)) continue;
    if (marker == 0xD9 || bytes.size() - at < 2) break;
    std::size_t length = big_endian(bytes, at, 2);
    if (length < 2 || length > bytes.size() - at) break;
    if (marker == 0xDA && scans.count++ == 0 && length > 2) {
      scans.first_channels = static_cast<unsigned char>(bytes[at + 2]);
    }
    at += length;
  }
  return scans;
}

// A progressive picture, or one whose channels come one after another.
bool has_passes(const Scans& scans, unsigned char marker, std::size_t channels) {
  bool progressive = (marker & 3) == 2;  // SOF2, SOF6, SOF10, SOF14
  return progressive || scans.count > 1 || (scans.count == 1 && scans.first_channels < channels);
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
      Scans scans = count_scans(bytes, at + length);
      auto channels = static_cast<unsigned char>(bytes[at + 7]);
      if (has_passes(scans, marker, channels)) header.held_pixels = size.pixels();
      if (scans.count > kJpegScansMax)
        header.unread = fmt::format("a JPEG of more than {} scans", kJpegScansMax);
      return header;
    }
    at += length;
  }
  return std::nullopt;
}

}  // namespace kale
