#include "kale/decode/tiff_directory.h"

#include <algorithm>

#include "kale/decode/bytes.h"

namespace kale {
namespace {

constexpr std::size_t kEntryBytes = 12;

// Of BYTE, SHORT and LONG; 0 for every other type.
std::size_t type_bytes(std::uint32_t type) {
  if (type == 1) return 1;
  if (type == 3) return 2;
  return type == 4 ? 4 : 0;
}

}  // namespace

std::uint32_t TiffDirectory::number_at(std::size_t at, std::size_t count) const {
  return little_ ? little_endian(bytes_, at, count) : big_endian(bytes_, at, count);
}

std::optional<TiffDirectory> TiffDirectory::first(std::string_view bytes) {
  if (bytes.size() < 8) return std::nullopt;
  TiffDirectory directory(bytes, bytes[0] == 'I');
  std::size_t at = directory.number_at(4, 4);
  if (at < 8 || at > bytes.size() || bytes.size() - at < 2) return std::nullopt;
  directory.entries_at_ = at + 2;
  directory.entry_count_ = directory.number_at(at, 2);
  std::size_t needed = kEntryBytes * directory.entry_count_ + 4;
  if (directory.entry_count_ == 0 || bytes.size() - directory.entries_at_ < needed) {
    return std::nullopt;
  }
  return directory;
}

std::optional<std::size_t> TiffDirectory::entry(TiffTag tag) const {
  for (std::size_t i = 0; i < entry_count_; ++i) {
    std::size_t at = entries_at_ + kEntryBytes * i;
    if (number_at(at, 2) == static_cast<std::uint32_t>(tag)) return at;
  }
  return std::nullopt;
}

bool TiffDirectory::has(TiffTag tag) const { return entry(tag).has_value(); }

std::optional<TiffDirectory::Numbers> TiffDirectory::find(TiffTag tag) const {
  auto at = entry(tag);
  if (!at) return Numbers();
  Numbers numbers{number_at(*at + 4, 4), *at + 8, type_bytes(number_at(*at + 2, 2))};
  if (numbers.bytes_each == 0 || numbers.count == 0) return std::nullopt;
  std::uint64_t length = std::uint64_t{numbers.count} * numbers.bytes_each;
  if (length <= 4) return numbers;
  numbers.at = number_at(*at + 8, 4);
  if (numbers.at > bytes_.size() || length > bytes_.size() - numbers.at) return std::nullopt;
  return numbers;
}

std::uint32_t TiffDirectory::number(const Numbers& numbers, std::uint32_t index) const {
  return number_at(numbers.at + index * numbers.bytes_each, numbers.bytes_each);
}

std::optional<std::uint32_t> TiffDirectory::one(TiffTag tag, std::uint32_t otherwise) const {
  auto numbers = find(tag);
  if (!numbers || numbers->count > 1) return std::nullopt;
  return numbers->count == 0 ? otherwise : number(*numbers, 0);
}

}  // namespace kale
