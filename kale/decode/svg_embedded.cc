#include "kale/decode/svg_embedded.h"

#include <algorithm>
#include <string>

#include "kale/core/ascii.h"
#include "kale/decode/jpeg.h"
#include "kale/decode/png.h"

namespace kale {
namespace {

constexpr std::string_view kSpaces = " \t\r\n";

std::optional<std::string> decode_base64(std::string_view text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  std::uint32_t bits = 0;
  int held = 0;
  bool ended = false;
  for (char c : text) {
    if (kSpaces.find(c) != kSpaces.npos) continue;
    std::size_t value = kDigits.find(c);
    if (c == '=') ended = true;
    if (c != '=' && (ended || value == kDigits.npos)) return std::nullopt;
    if (ended) continue;
    bits = (bits << 6) | static_cast<std::uint32_t>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes += static_cast<char>((bits >> held) & 0xFF);
  }
  return bytes;
}

}  // namespace

std::optional<PictureSize> embedded_size(std::string_view url) {
  std::size_t comma = url.find(',');
  if (comma == url.npos) return std::nullopt;
  std::string head = lower_ascii(url.substr(0, comma));
  bool png = head == "data:image/png;base64";
  if (!png && head != "data:image/jpeg;base64" && head != "data:image/jpg;base64")
    return std::nullopt;
  auto bytes = decode_base64(url.substr(comma + 1));
  if (!bytes) return std::nullopt;
  auto header = png ? read_png(*bytes) : read_jpeg(*bytes);
  if (!header || !header->unread.empty()) return std::nullopt;
  return header->size;
}

}  // namespace kale
