#include "kale/decode/gif.h"

#include <algorithm>

#include "kale/decode/bytes.h"

namespace kale {
namespace {

constexpr std::size_t kScreenEnd = 13;
constexpr std::size_t kDescriptorBytes = 10;
constexpr unsigned char kExtension = 0x21;
constexpr unsigned char kGraphicControl = 0xF9;
constexpr unsigned char kImage = 0x2C;
constexpr char kTrailer = 0x3B;

unsigned char byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

std::size_t table_bytes(unsigned char flags) {
  return (flags & 0x80) == 0 ? 0 : std::size_t{3} * (std::size_t{2} << (flags & 7));
}

// Behind the sub-blocks that begin at `at`, their terminator included; npos where the bytes end.
std::size_t behind_blocks(std::string_view bytes, std::size_t at) {
  while (at < bytes.size()) {
    std::size_t length = byte_at(bytes, at);
    at += 1 + length;
    if (length == 0) return at;
  }
  return std::string_view::npos;
}

struct FirstFrame {
  std::size_t tables_end = 0;                // behind the screen's colours
  std::string_view control;                  // graphic control extension, or empty
  std::size_t descriptor = 0;                // where the frame's descriptor is
  std::size_t end = std::string_view::npos;  // behind its data; npos where the bytes end
};

std::optional<FirstFrame> find_frame(std::string_view bytes) {
  if (!starts_as_gif(bytes) || bytes.size() < kScreenEnd) return std::nullopt;
  FirstFrame frame;
  frame.tables_end = kScreenEnd + table_bytes(byte_at(bytes, 10));
  std::size_t at = frame.tables_end;
  while (at + 1 < bytes.size() && byte_at(bytes, at) == kExtension) {
    std::size_t end = behind_blocks(bytes, at + 2);
    if (end == bytes.npos) return std::nullopt;
    if (byte_at(bytes, at + 1) == kGraphicControl && end - at == 8) {
      frame.control = bytes.substr(at, 8);
    }
    at = end;
  }
  if (at >= bytes.size() || byte_at(bytes, at) != kImage) return std::nullopt;
  if (bytes.size() - at < kDescriptorBytes) return std::nullopt;
  frame.descriptor = at;
  std::size_t data = at + kDescriptorBytes + table_bytes(byte_at(bytes, at + 9));
  if (data < bytes.size()) frame.end = behind_blocks(bytes, data + 1);  // behind the code size
  return frame;
}

}  // namespace

bool starts_as_gif(std::string_view bytes) {
  return bytes.starts_with("GIF87a") || bytes.starts_with("GIF89a");
}

std::optional<PictureHeader> read_gif(std::string_view bytes) {
  auto found = find_frame(bytes);
  if (!found) return std::nullopt;
  PictureHeader header;
  header.frame_left = little_endian(bytes, found->descriptor + 1, 2);
  header.frame_top = little_endian(bytes, found->descriptor + 3, 2);
  header.frame = {little_endian(bytes, found->descriptor + 5, 2),
                  little_endian(bytes, found->descriptor + 7, 2)};
  if (header.frame.width < 1 || header.frame.height < 1) return std::nullopt;
  header.size = {
      std::max<std::int64_t>(little_endian(bytes, 6, 2), header.frame_left + header.frame.width),
      std::max<std::int64_t>(little_endian(bytes, 8, 2), header.frame_top + header.frame.height)};
  header.held_pixels = header.frame.pixels();
  header.whole = found->end != bytes.npos;
  return header;
}

std::optional<std::string> gif_first_frame(std::string_view bytes) {
  auto frame = find_frame(bytes);
  if (!frame || frame->end == bytes.npos) return std::nullopt;
  std::string alone(bytes.substr(0, 6));
  alone += bytes.substr(frame->descriptor + 5, 4);
  alone += bytes.substr(10, frame->tables_end - 10);
  alone += frame->control;
  alone += bytes.substr(frame->descriptor, 1);
  alone += std::string(4, '\0');
  alone += bytes.substr(frame->descriptor + 5, frame->end - frame->descriptor - 5);
  alone += kTrailer;
  return alone;
}

}  // namespace kale
