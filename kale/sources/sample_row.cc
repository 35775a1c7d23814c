#include "kale/sources/sample_row.h"

#include <fmt/format.h>

#include <iterator>
#include <optional>
#include <utility>

#include "kale/io/parquet/json_extras.h"
#include "kale/sources/checks.h"
#include "kale/sources/row_fill.h"
#include "kale/sources/row_key.h"
#include "kale/text/utf8.h"

namespace kale {
namespace {

using nlohmann::json;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// What is no text is taken as its JSON.
std::optional<std::string> text_of(const json& value) {
  if (value.is_null()) return std::nullopt;
  return given(value.is_string() ? value.get_ref<const std::string&>() : value.dump());
}

// A column that the row holds as it was need not travel too.
void take_column(json& object, const ColumnNames::Names& names, Row& row, Column column,
                 std::string Row::*field) {
  auto found = find_given(object, names);
  if (found == object.end()) return;
  fill(row, column, field, text_of(*found));
  object.erase(found);
}

void take_columns(json& object, const WebdatasetOptions& options, Row& row) {
  const ColumnNames& names = options.columns;
  // Of a uid the row keeps only the hash, so it travels too.
  if (auto found = find_given(object, names.uid); found != object.end())
    if (auto uid = text_of(*found)) row.key = row_key(*uid);
  take_column(object, names.url, row, Column::kUrl, &Row::url);
  take_column(object, names.licence, row, Column::kLicence, &Row::licence);
  take_column(object, names.attribution, row, Column::kAttribution, &Row::attribution);
}

Outcome take_alt_text(const std::optional<std::string>& field, json& object,
                      const WebdatasetOptions& options, Row& row) {
  std::string where = "field " + options.alt_text_field;
  std::string alt_text;
  auto column = object.end();
  if (object.is_object()) column = find_given(object, options.columns.alt_text);
  bool has_text = column != object.end() && column->is_string();
  if (field) {
    std::string_view text = *field;
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    text = trim(text);
    if (options.alt_text_lines == "first") text = trim(text.substr(0, text.find_first_of("\r\n")));
    alt_text = text;
  } else if (has_text) {
    where = fmt::format("key {} of field {}", column.key(), options.json_field);
    alt_text = trim(column->get_ref<const std::string&>());
  } else {
    return Dropped{Drop::kNoAltText,
                   fmt::format("no field {}, and in field {} no text in a key of alt_text_columns "
                               "({})",
                               options.alt_text_field, options.json_field,
                               fmt::join(options.columns.alt_text, ", "))};
  }
  if (has_text && trim(column->get_ref<const std::string&>()) == alt_text) object.erase(column);
  Outcome outcome = check_alt_text(alt_text, where);
  if (std::holds_alternative<On>(outcome))
    fill(row, Column::kAltText, &Row::alt_text, std::move(alt_text));
  return outcome;
}

SourceRow bare_row(std::string_view tar, std::string_view key, std::string_view shown,
                   std::int64_t number) {
  SourceRow made;
  made.row.key = row_key(fmt::format("{}/{}", tar, key), number);
  made.row.path = harmless_name(fmt::format("{}/{}", tar, shown));
  made.row.filled = {Column::kKey, Column::kPath};
  return made;
}

}  // namespace

SampleRow make_sample_row(Sample sample, const std::string& tar, std::int64_t number,
                          const WebdatasetOptions& options) {
  SampleRow made;
  SourceRow& row = made.row;
  row = bare_row(tar, sample.key, sample.picture.empty() ? sample.key : sample.picture, number);
  row.outcome = std::move(sample.outcome);
  if (sample.json) {
    auto object = parse_json_object(*sample.json,
                                    fmt::format("{}/{}.{}", tar, sample.key, options.json_field));
    if (object) {
      made.extras = std::move(object).value();
      take_columns(made.extras, options, row.row);
    } else if (is_on(row)) {
      row.outcome = Failed{std::move(object).error()};
    }
  }
  fill_defaults(row.row, options.licence, options.attribution);
  Outcome alt_text = take_alt_text(sample.text, made.extras, options, row.row);
  if (is_on(row) && sample.picture.empty())
    row.outcome =
        Dropped{Drop::kNoImage, fmt::format("the sample has no field of image_fields ({})",
                                            fmt::join(options.image_fields, ", "))};
  if (is_on(row)) row.outcome = std::move(alt_text);
  if (is_on(row) && sample.picture_bytes) {
    row.row.image_bytes = std::move(sample.picture_bytes);
    row.row.filled |= Columns{Column::kImageBytes};
  }
  return made;
}

SourceRow unreached_row(const std::string& tar, std::int64_t number, Error error) {
  SourceRow row = bare_row(tar, "", "", number);
  row.outcome = Failed{std::move(error)};
  return row;
}

std::string harmless_name(std::string_view name) {
  bool readable = is_valid_utf8(name) && !has_control_chars(name);
  std::string harmless;
  while (!name.empty()) {
    std::string_view part = name.substr(0, name.find('/'));
    name.remove_prefix(std::min(name.size(), part.size() + 1));
    if (part.empty() || part == ".") continue;
    if (!harmless.empty()) harmless += '/';
    if (part == "..") {
      harmless += "%2E%2E";
      continue;
    }
    for (char c : part) {
      auto byte = static_cast<unsigned char>(c);
      bool plain = byte >= 0x20 && byte != 0x7F && (byte < 0x80 || readable);
      if (plain)
        harmless += c;
      else
        fmt::format_to(std::back_inserter(harmless), "%{:02X}", byte);
    }
  }
  return harmless;
}

}  // namespace kale
