#include "kale/write/row_json.h"

#include "kale/io/parquet/extras_json.h"

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

void add_columns(Json& object, const TableSpec& columns, const PublishedRow& row) {
  for (const TableField& field : columns.fields) {
    if (field.kind == TableField::Kind::kImage) continue;
    if (field.column)
      object[field.name] = value_of(row.row, *field.column);
    else  // the one column beside the rows
      object[field.name] = row.provenance.empty() ? Json() : Json(std::string(row.provenance));
  }
  for (const std::string& name : extras_names(columns.extras)) {
    std::string free = extra_column_name(columns, name);
    while (object.contains(free)) free = "input_" + free;
    object[free] = extras_json(row.row, name);
  }
}

std::string json_line(const Json& object) {
  return object.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace kale
