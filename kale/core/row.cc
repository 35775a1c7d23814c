#include "kale/core/row.h"

#include <array>

#include "kale/core/check.h"

namespace kale {
namespace {

constexpr std::monostate kTransient{};

const std::array kTable{
    ColumnInfo{Column::kKey, "key", &Row::key, "row id: hash of the path or URL, and ordinal"},
    ColumnInfo{Column::kPath, "path", &Row::path, "picture file, relative to the source root"},
    ColumnInfo{Column::kUrl, "url", &Row::url, "where the picture came from"},
    ColumnInfo{Column::kAltText, "alt_text", &Row::alt_text,
               "the text the web has beside the picture"},
    ColumnInfo{Column::kLicence, "licence", &Row::licence, "licence of the picture, where known"},
    ColumnInfo{Column::kAttribution, "attribution", &Row::attribution,
               "whom to credit, where known"},
    ColumnInfo{Column::kImageBytes, "image_bytes", kTransient, "the encoded picture"},
    ColumnInfo{Column::kPixels, "pixels", kTransient, "the decoded picture"},
    ColumnInfo{Column::kWidth, "width", &Row::width, "px, after EXIF orientation"},
    ColumnInfo{Column::kHeight, "height", &Row::height, "px, after EXIF orientation"},
    ColumnInfo{Column::kSha256, "sha256", &Row::sha256, "of the encoded picture"},
    ColumnInfo{Column::kImageFormat, "image_format", &Row::image_format, "png, jpeg or svg"},
    ColumnInfo{Column::kFacts, "facts", &Row::facts,
               "JSON: what the classifier and the colour measures saw"},
    ColumnInfo{Column::kOcrText, "ocr_text", &Row::ocr_text, "text read in the picture"},
    ColumnInfo{Column::kOcrWords, "ocr_words", &Row::ocr_words,
               "JSON: read words with boxes and confidence"},
    ColumnInfo{Column::kTextDensity, "text_density", &Row::text_density,
               "share of the area under read words"},
    ColumnInfo{Column::kCaptionDense, "caption_dense", &Row::caption_dense,
               "what can be seen, without alt-text"},
    ColumnInfo{Column::kDescribedBy, "described_by", &Row::described_by,
               "vlm, facts, input, or template"},
    ColumnInfo{Column::kCaptionFused, "caption_fused", &Row::caption_fused,
               "dense caption and alt-text merged"},
    ColumnInfo{Column::kFusedBy, "fused_by", &Row::fused_by,
               "llm, student, or why the dense caption stands instead"},
    ColumnInfo{Column::kFactsKept, "facts_kept", &Row::facts_kept,
               "alt-text facts found in caption_fused"},
    ColumnInfo{Column::kFactsInvented, "facts_invented", &Row::facts_invented,
               "facts in caption_fused that neither input holds"},
    ColumnInfo{Column::kCaption, "caption", &Row::caption, "the published caption"},
    ColumnInfo{Column::kCleanedBy, "cleaned_by", &Row::cleaned_by,
               "as_is, sentences_removed, or dense"},
    ColumnInfo{Column::kSentencesRemoved, "sentences_removed", &Row::sentences_removed,
               "leaked sentences taken out of caption_fused"},
};

}  // namespace

std::span<const ColumnInfo> column_table() { return kTable; }

const ColumnInfo& column_info(Column column) {
  for (const ColumnInfo& info : kTable)
    if (info.column == column) return info;
  check_failed("column", "a column without a row in the table");
}

std::string column_names(Columns columns) {
  std::string names;
  for (const ColumnInfo& info : kTable) {
    if (!columns.has(info.column)) continue;
    if (!names.empty()) names += ", ";
    names += info.name;
  }
  return names;
}

void release_columns(Row& row, Columns columns) {
  if (columns.has(Column::kImageBytes)) row.image_bytes.reset();
  if (columns.has(Column::kPixels)) row.pixels.reset();
}

}  // namespace kale
