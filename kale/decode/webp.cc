#include "kale/decode/webp.h"

#include "kale/decode/bytes.h"

namespace kale {
namespace {

constexpr std::size_t kRiffHeader = 12;
constexpr std::size_t kChunkHeader = 8;
constexpr std::size_t kFrameHeader = 16;  // of ANMF, before its own chunks
constexpr std::uint32_t kAnimated = 2;    // VP8X flag

struct Chunk {
  std::string_view name;
  std::string_view data;  // shorter than the chunk says where the bytes end
  std::size_t end = 0;    // behind the padding
  bool whole = true;
};

// Libwebp looks at nothing behind the end that the file names.
std::string_view within_riff(std::string_view bytes) {
  return bytes.substr(0, std::size_t{8} + little_endian(bytes, 4, 4));
}

std::optional<Chunk> chunk_at(std::string_view bytes, std::size_t at) {
  if (at > bytes.size() || bytes.size() - at < kChunkHeader) return std::nullopt;
  std::size_t length = little_endian(bytes, at + 4, 4);
  Chunk chunk{bytes.substr(at, 4), bytes.substr(at + kChunkHeader, length)};
  chunk.whole = chunk.data.size() == length;
  chunk.end = at + kChunkHeader + length + (length & 1);
  return chunk;
}

std::optional<PictureSize> stream_size(const Chunk& chunk) {
  std::string_view data = chunk.data;
  PictureSize size;
  if (chunk.name == "VP8 ") {
    bool key_frame = data.size() >= 10 && (data[0] & 1) == 0;
    if (!key_frame || data.substr(3, 3) != "\x9d\x01\x2a") return std::nullopt;
    size = {little_endian(data, 6, 2) & 0x3FFF, little_endian(data, 8, 2) & 0x3FFF};
  } else {
    if (data.size() < 5 || data[0] != '\x2f') return std::nullopt;
    std::uint32_t bits = little_endian(data, 1, 4);
    size = {(bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1};
  }
  if (size.width < 1 || size.height < 1) return std::nullopt;
  return size;
}

bool is_stream(const Chunk& chunk) { return chunk.name == "VP8 " || chunk.name == "VP8L"; }

// The first chunk from `at` on that `wanted` says yes to.
template <class F>
std::optional<Chunk> find_chunk(std::string_view bytes, std::size_t at, F wanted) {
  auto chunk = chunk_at(bytes, at);
  while (chunk && !wanted(*chunk)) chunk = chunk_at(bytes, chunk->end);
  return chunk;
}

// The size of an animation's first frame, which must lie on the canvas and be that of its stream.
bool frame_fits(std::string_view frame, PictureSize canvas) {
  if (frame.size() < kFrameHeader) return false;
  std::int64_t left = std::int64_t{2} * little_endian(frame, 0, 3);
  std::int64_t top = std::int64_t{2} * little_endian(frame, 3, 3);
  PictureSize size{std::int64_t{1} + little_endian(frame, 6, 3),
                   std::int64_t{1} + little_endian(frame, 9, 3)};
  auto stream = find_chunk(frame, kFrameHeader, is_stream);
  return stream && stream_size(*stream) == size && left + size.width <= canvas.width &&
         top + size.height <= canvas.height;
}

std::optional<PictureHeader> header_of(PictureSize size, bool whole) {
  return PictureHeader{.size = size, .held_pixels = size.pixels(), .whole = whole};
}

}  // namespace

bool starts_as_webp(std::string_view bytes) {
  return bytes.starts_with("RIFF") && bytes.size() >= kRiffHeader && bytes.substr(8, 4) == "WEBP";
}

std::optional<PictureHeader> read_webp(std::string_view bytes) {
  if (!starts_as_webp(bytes)) return std::nullopt;
  bool whole = little_endian(bytes, 4, 4) <= bytes.size() - kChunkHeader;
  bytes = within_riff(bytes);
  auto first = chunk_at(bytes, kRiffHeader);
  if (!first) return std::nullopt;
  whole = whole && first->whole;
  if (is_stream(*first)) {
    auto size = stream_size(*first);
    return size ? header_of(*size, whole) : std::nullopt;
  }
  if (first->name != "VP8X" || first->data.size() < 10) return std::nullopt;
  PictureSize canvas{std::int64_t{1} + little_endian(first->data, 4, 3),
                     std::int64_t{1} + little_endian(first->data, 7, 3)};
  bool animated = (little_endian(first->data, 0, 1) & kAnimated) != 0;
  auto picture = find_chunk(bytes, first->end, [&](const Chunk& chunk) {
    return animated ? chunk.name == "ANMF" : is_stream(chunk);
  });
  if (!picture) return std::nullopt;
  bool fits = animated ? frame_fits(picture->data, canvas) : stream_size(*picture) == canvas;
  return fits ? header_of(canvas, whole && picture->whole) : std::nullopt;
}

std::optional<std::string> webp_first_frame(std::string_view bytes) {
  bytes = within_riff(bytes);
  std::string alone;
  bool later = false;
  bool frame = false;
  for (auto chunk = chunk_at(bytes, kRiffHeader); chunk; chunk = chunk_at(bytes, chunk->end)) {
    bool is_frame = chunk->name == "ANMF";
    later = later || (is_frame && frame);
    if (!chunk->whole || (is_frame && frame)) continue;
    frame = frame || is_frame;
    alone += bytes.substr(static_cast<std::size_t>(chunk->name.data() - bytes.data()),
                          kChunkHeader + chunk->data.size());
    if (chunk->data.size() % 2 == 1) alone += '\0';
  }
  if (!later) return std::nullopt;
  std::string riff = "RIFF";
  for (std::size_t shift : {0, 8, 16, 24}) {
    riff += static_cast<char>(((alone.size() + 4) >> shift) & 0xFF);
  }
  return riff + "WEBP" + alone;
}

}  // namespace kale
