#include "kale/write/picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

#include "kale/core/ascii.h"
#include "kale/io/digest.h"

namespace kale {
namespace {

constexpr std::size_t kEndingBytesMax = 5;

// Why the source does not give the row's picture; empty where it does.
std::string refusal(const SourceRow& found) {
  if (auto* dropped = std::get_if<Dropped>(&found.outcome))
    return fmt::format("{} {}", drop_name(dropped->reason), dropped->detail);
  if (auto* failed = std::get_if<Failed>(&found.outcome)) return failed->error.message;
  return found.row.image_bytes == nullptr ? "the source gives none" : "";
}

}  // namespace

Status PictureReader::start_shard(std::int64_t shard, std::string part) {
  reader_.reset();  // what it holds goes before the next one opens its files
  part_ = std::move(part);
  next_ordinal_ = 0;
  KALE_TRY(reader_, open_(shard));
  return {};
}

// The world's error, not an omission that is counted: a caption is true of the picture it was
// written for and of no other, and a dataset with holes would pass for whole wherever it is copied.
// Nothing is lost by stopping here: captions are committed, the old dataset stands, and publishing
// without pictures is one option away.
Error PictureReader::trouble(const Row& row, std::string_view what) const {
  return {Code::kNotFound,
          fmt::format("row {} (key {}): its picture {}; put it back as it was, or delete {} "
                      "and run again to caption it anew, or set publish.image_bytes=false",
                      row.path.empty() ? row.url : row.path, row.key, what, part_)};
}

Status PictureReader::fill(Row& row, std::int64_t ordinal) {
  std::optional<SourceRow> found;
  for (; next_ordinal_ <= ordinal; ++next_ordinal_) {
    KALE_TRY(found, reader_->next());
    if (!found) return trouble(row, "has gone: the source ends before it");
  }
  KALE_CHECK(found.has_value(), "rows of a part stand in the order of their ordinals");
  std::string why = refusal(*found);
  if (!why.empty()) return trouble(row, "cannot be read again: " + why);
  if (found->row.key != row.key)
    return trouble(row,
                   fmt::format("is not there: the source has key {} in its place", found->row.key));
  if (row.filled.has(Column::kSha256) && sha256_hex(*found->row.image_bytes) != row.sha256)
    return trouble(row, "has changed since it was captioned");
  row.image_bytes = std::move(found->row.image_bytes);
  row.filled |= Columns{Column::kImageBytes};
  return {};
}

std::string picture_ending(const Row& row) {
  std::string ending = row.image_format;
  if (ending.empty()) {
    ending = lower_ascii(row.path.substr(std::min(row.path.rfind('.') + 1, row.path.size())));
  }
  bool plain = !ending.empty() && ending.size() <= kEndingBytesMax &&
               std::all_of(ending.begin(), ending.end(),
                           [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
  if (!plain || ending == "json" || ending == "txt") return "bin";
  return ending == "jpeg" ? "jpg" : ending;
}

bool is_raster(const Row& row) {
  std::string ending = picture_ending(row);
  return ending != "svg" && ending != "bin";
}

}  // namespace kale
