#include "kale/write/row_json.h"

namespace kale {
namespace {

using Json = nlohmann::ordered_json;

Json value_of(const Row& row, Column column) {
  if (!row.filled.has(column)) return nullptr;
  const Field& field = column_info(column).field;
  if (auto* text = std::get_if<std::string Row::*>(&field)) return row.*(*text);
  if (auto* whole = std::get_if<std::int64_t Row::*>(&field)) return row.*(*whole);
  return row.*std::get<double Row::*>(field);
}

}  // namespace

RowJson::RowJson(const TableSpec& columns, std::span<const std::string_view> held)
    : columns_(columns),
      extras_(extras_names(columns.extras)),
      names_(extra_column_names(columns, held)) {}

void RowJson::add(Json& object, const PublishedRow& row) {
  for (const TableField& field : columns_.fields) {
    if (field.kind == TableField::Kind::kImage) continue;
    if (field.column)
      object[field.name] = value_of(row.row, *field.column);
    else  // the one column beside the rows
      object[field.name] = row.provenance.empty() ? Json() : Json(std::string(row.provenance));
  }
  for (std::size_t i = 0; i < names_.size(); ++i) object[names_[i]] = extras_.value(row.row, i);
}

std::string json_line(const Json& object) {
  return object.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace kale
