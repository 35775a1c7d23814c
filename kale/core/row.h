// One image-text pair on its journey, and the table of its columns. A column is spelled alike in
// C++, parquet and docs.
// Threads  a row belongs to one coroutine at a time
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "kale/core/pixels.h"

namespace kale {

// Columns of the input that kale does not read. They travel through; only io knows what is inside.
class ExtraColumns {
 public:
  virtual ~ExtraColumns() = default;
  // In memory, on average: rows share one batch of these.
  virtual std::int64_t row_bytes() const = 0;
};

// The values are bit positions in memory only; files name columns by their text.
enum class Column : std::uint8_t {
  kKey,
  kPath,
  kUrl,
  kAltText,
  kLicence,
  kAttribution,  // from the source
  kImageBytes,   // transient, from the source
  kPixels,       // transient, from decode
  kWidth,
  kHeight,
  kSha256,
  kImageFormat,
  kFacts,
  kOcrText,
  kOcrWords,
  kTextDensity,
  kCaptionDense,
  kDescribedBy,
  kCaptionFused,
  kFusedBy,
  kFactsKept,
  kFactsInvented,
  kCaption,
  kCleanedBy,
  kSentencesRemoved,
};

class Columns {
 public:
  constexpr Columns() = default;
  constexpr Columns(std::initializer_list<Column> columns) {
    for (Column column : columns) bits_ |= bit(column);
  }
  constexpr bool has(Column column) const { return (bits_ & bit(column)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr Columns operator|(Columns other) const { return from(bits_ | other.bits_); }
  constexpr Columns operator&(Columns other) const { return from(bits_ & other.bits_); }
  constexpr Columns operator-(Columns other) const { return from(bits_ & ~other.bits_); }
  constexpr Columns& operator|=(Columns other) { return *this = *this | other; }
  constexpr bool operator==(const Columns&) const = default;

 private:
  static constexpr std::uint64_t bit(Column column) {
    return std::uint64_t{1} << static_cast<unsigned>(column);
  }
  static constexpr Columns from(std::uint64_t bits) {
    Columns columns;
    columns.bits_ = bits;
    return columns;
  }
  std::uint64_t bits_ = 0;
};

struct Row {
  // Row id: 32 hex digits, hash of the path (relative to the source root) or URL, and ordinal.
  std::string key;
  std::string path;  // relative to the source root
  std::string url;
  std::string alt_text;  // as the web has it, UTF-8
  std::string licence;
  std::string attribution;

  std::shared_ptr<const std::string> image_bytes;  // dropped after the last step that reads it
  PixelsPtr pixels;                                // dropped after the last step that reads it

  std::int64_t width = 0;  // of the picture as encoded, after EXIF orientation
  std::int64_t height = 0;
  std::string sha256;        // of the encoded bytes, 64 hex digits
  std::string image_format;  // "png", "jpeg", "webp", "gif", "tiff", "svg"

  std::string facts;  // JSON: classes, colours, background, layout, look (docs/formats.md)

  std::string ocr_text;
  std::string ocr_words;    // JSON: [{"text", "box": [x, y, w, h], "confidence"}]
  double text_density = 0;  // share of the picture's area under read words, 0 to 1

  std::string caption_dense;
  std::string described_by;  // "vlm", "student", "facts", "template", "input" (source)

  std::string caption_fused;
  // "llm"; "llm+names": phrases of the alt-text were put into the reply by rule; "names": all by
  // rule; or why the dense caption stands instead: "no_facts", "no_candidate". "student": one model
  // wrote it from picture and alt-text.
  std::string fused_by;
  std::int64_t facts_kept = 0;
  std::int64_t facts_invented = 0;

  std::string caption;
  std::string cleaned_by;  // "as_is", "sentences_removed", or "dense" where nothing was left
  std::int64_t sentences_removed = 0;

  Columns filled;  // which columns hold a value; kept by the source and the runner, never by steps
  std::shared_ptr<const ExtraColumns> extras;
  std::int64_t extras_row = 0;
};

// Where a column lives in the row; monostate for those that no file holds.
using Field = std::variant<std::monostate, std::string Row::*, std::int64_t Row::*, double Row::*>;

struct ColumnInfo {
  Column column;
  std::string_view name;
  Field field;
  std::string_view meaning;
  bool transient() const { return std::holds_alternative<std::monostate>(field); }
};

// Every column, in the order files and docs show them.
std::span<const ColumnInfo> column_table();
const ColumnInfo& column_info(Column column);
std::string column_names(Columns columns);  // "alt_text, caption_dense"

// Forgets the bytes behind transient columns in `columns` (image_bytes, pixels).
void release_columns(Row& row, Columns columns);

}  // namespace kale
