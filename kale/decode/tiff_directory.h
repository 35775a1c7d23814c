// One directory of a TIFF: its tags and their numbers, every offset checked.
// Threads  free functions, no shared state
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace kale {

enum class TiffTag : std::uint32_t {
  kWidth = 256,
  kHeight = 257,
  kBits = 258,
  kCompression = 259,
  kPhotometric = 262,
  kStripOffsets = 273,
  kSamples = 277,
  kRowsPerStrip = 278,
  kPlanes = 284,
  kTileWidth = 322,
  kTileHeight = 323,
  kTileOffsets = 324,
  kTileBytes = 325,
  kInkSet = 332,
  kExtraSamples = 338,
  kSampleFormat = 339,
};

class TiffDirectory {
 public:
  // The first one; nullopt where it does not lie within the bytes.
  static std::optional<TiffDirectory> first(std::string_view bytes);

  // Numbers under a tag, of its first entry: libtiff passes over later ones, too.
  struct Numbers {
    std::uint32_t count = 0;  // 0 where the directory lacks the tag
    std::size_t at = 0;
    std::size_t bytes_each = 0;
  };
  // Nullopt where the entry is of a type that is no whole number, or points out of the bytes.
  std::optional<Numbers> find(TiffTag tag) const;
  std::uint32_t number(const Numbers& numbers, std::uint32_t index) const;

  // A tag's only number, or the one that stands for it when it is left out.
  std::optional<std::uint32_t> one(TiffTag tag, std::uint32_t otherwise) const;
  bool has(TiffTag tag) const;

  // Where the offset of the next page stands, and that offset.
  std::size_t next_at() const { return entries_at_ + 12 * entry_count_; }
  std::uint32_t next() const { return number_at(next_at(), 4); }

 private:
  TiffDirectory(std::string_view bytes, bool little) : bytes_(bytes), little_(little) {}
  std::uint32_t number_at(std::size_t at, std::size_t count) const;
  std::optional<std::size_t> entry(TiffTag tag) const;

  std::string_view bytes_;
  bool little_ = true;
  std::size_t entries_at_ = 0;
  std::size_t entry_count_ = 0;
};

}  // namespace kale
