#include "kale/decode/header.h"

#include <array>

#include "kale/decode/svg_guard.h"

namespace kale {
namespace {

constexpr std::string_view kPngMagic = "\x89PNG\r\n\x1a\n";

std::uint32_t big_endian(std::string_view bytes, std::size_t at, int count) {
  std::uint32_t value = 0;
  for (int i = 0; i < count; ++i) {
    value = (value << 8) | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
  }
  return value;
}

// SOF0..SOF15 carry the size; C4, C8 and CC share the range and do not.
bool is_start_of_frame(unsigned char marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

bool stands_alone(unsigned char marker) {
  return marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8);
}

struct JpegFrame {
  PictureSize size;
  unsigned char marker = 0;
  std::size_t at = 0;
};

std::optional<JpegFrame> jpeg_frame(std::string_view bytes) {
  if (!bytes.starts_with("\xFF\xD8\xFF")) return std::nullopt;
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
      return JpegFrame{size, marker, at};
    }
    at += length;
  }
  return std::nullopt;
}

}  // namespace

std::string_view picture_format_name(PictureFormat format) {
  constexpr std::array<std::string_view, 3> kNames = {"png", "jpeg", "svg"};
  return kNames[static_cast<std::size_t>(format)];
}

std::optional<PictureFormat> sniff_picture(std::string_view bytes) {
  if (bytes.starts_with(kPngMagic)) return PictureFormat::kPng;
  if (bytes.starts_with("\xFF\xD8\xFF")) return PictureFormat::kJpeg;
  if (starts_as_svg(bytes)) return PictureFormat::kSvg;
  return std::nullopt;
}

std::optional<PictureSize> png_size(std::string_view bytes) {
  if (bytes.size() < 33 || !bytes.starts_with(kPngMagic)) return std::nullopt;
  if (big_endian(bytes, 8, 4) != 13 || bytes.substr(12, 4) != "IHDR") return std::nullopt;
  PictureSize size{big_endian(bytes, 16, 4), big_endian(bytes, 20, 4)};
  // PNG allows 31 bits; more would also overflow width * height.
  if (size.width < 1 || size.height < 1) return std::nullopt;
  if (size.width > 0x7FFFFFFF || size.height > 0x7FFFFFFF) return std::nullopt;
  return size;
}

bool png_is_whole(std::string_view bytes) {
  std::size_t at = kPngMagic.size();
  while (bytes.size() - at >= 12) {
    std::uint32_t length = big_endian(bytes, at, 4);
    if (length > bytes.size() - at - 12) return false;
    if (bytes.substr(at + 4, 4) == "IEND") return true;
    at += std::size_t{12} + length;
  }
  return false;
}

bool png_has_passes(std::string_view bytes) {
  return png_size(bytes).has_value() && bytes[28] != 0;
}

std::optional<PictureSize> jpeg_size(std::string_view bytes) {
  auto frame = jpeg_frame(bytes);
  if (!frame) return std::nullopt;
  return frame->size;
}

bool jpeg_has_passes(std::string_view bytes) {
  auto frame = jpeg_frame(bytes);
  if (!frame) return false;
  if ((frame->marker & 3) == 2) return true;  // SOF2, SOF6, SOF10, SOF14
  std::size_t first_scan = bytes.find("\xFF\xDA", frame->at);
  return first_scan != bytes.npos && bytes.find("\xFF\xDA", first_scan + 2) != bytes.npos;
}

}  // namespace kale
