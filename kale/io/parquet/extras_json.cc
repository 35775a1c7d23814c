#include "kale/io/parquet/extras_json.h"

#include <arrow/api.h>

#include <string>

#include "kale/io/parquet/arrow_door.h"

namespace kale {
namespace {

using Json = nlohmann::ordered_json;

template <class ArrowArray>
Json value_of(const arrow::Array& values, std::int64_t at) {
  return static_cast<const ArrowArray&>(values).GetView(at);
}

Json json_of(const arrow::Array& values, std::int64_t at);

template <class ArrowArray>
Json list_of(const arrow::Array& values, std::int64_t at) {
  const auto& lists = static_cast<const ArrowArray&>(values);
  Json list = Json::array();
  for (std::int64_t i = lists.value_offset(at); i < lists.value_offset(at + 1); ++i)
    list.push_back(json_of(*lists.values(), i));
  return list;
}

Json struct_of(const arrow::Array& values, std::int64_t at) {
  const auto& structs = static_cast<const arrow::StructArray&>(values);
  Json object = Json::object();
  for (int i = 0; i < structs.num_fields(); ++i)
    object[structs.type()->field(i)->name()] = json_of(*structs.field(i), at);
  return object;
}

Json json_of(const arrow::Array& values, std::int64_t at) {
  if (values.IsNull(at)) return nullptr;
  switch (values.type_id()) {
    case arrow::Type::NA:
    case arrow::Type::BINARY:
    case arrow::Type::LARGE_BINARY:
    case arrow::Type::FIXED_SIZE_BINARY:
      return nullptr;
    case arrow::Type::BOOL:
      return value_of<arrow::BooleanArray>(values, at);
    case arrow::Type::INT8:
      return value_of<arrow::Int8Array>(values, at);
    case arrow::Type::INT16:
      return value_of<arrow::Int16Array>(values, at);
    case arrow::Type::INT32:
      return value_of<arrow::Int32Array>(values, at);
    case arrow::Type::INT64:
      return value_of<arrow::Int64Array>(values, at);
    case arrow::Type::UINT8:
      return value_of<arrow::UInt8Array>(values, at);
    case arrow::Type::UINT16:
      return value_of<arrow::UInt16Array>(values, at);
    case arrow::Type::UINT32:
      return value_of<arrow::UInt32Array>(values, at);
    case arrow::Type::UINT64:
      return value_of<arrow::UInt64Array>(values, at);
    case arrow::Type::FLOAT:
      return value_of<arrow::FloatArray>(values, at);
    case arrow::Type::DOUBLE:
      return value_of<arrow::DoubleArray>(values, at);
    case arrow::Type::STRING:
      return std::string(static_cast<const arrow::StringArray&>(values).GetView(at));
    case arrow::Type::LARGE_STRING:
      return std::string(static_cast<const arrow::LargeStringArray&>(values).GetView(at));
    case arrow::Type::LIST:
      return list_of<arrow::ListArray>(values, at);
    case arrow::Type::LARGE_LIST:
      return list_of<arrow::LargeListArray>(values, at);
    case arrow::Type::STRUCT:
      return struct_of(values, at);
    default: {
      auto scalar = values.GetScalar(at);
      return scalar.ok() ? Json((*scalar)->ToString()) : Json();
    }
  }
}

}  // namespace

Json extras_json(const Row& row, std::string_view name) {
  const arrow::RecordBatch* batch = arrow_batch(row.extras.get());
  auto column = batch == nullptr ? nullptr : batch->GetColumnByName(std::string(name));
  return column == nullptr ? Json() : json_of(*column, row.extras_row);
}

}  // namespace kale
