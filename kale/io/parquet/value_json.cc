#include "kale/io/parquet/value_json.h"

#include <arrow/api.h>
#include <arrow/extension_type.h>
#include <arrow/util/string.h>

#include <string>

namespace kale {
namespace {

using Json = nlohmann::ordered_json;

template <class ArrowArray>
const ArrowArray& as(const arrow::Array& values) {
  return static_cast<const ArrowArray&>(values);
}

template <class ArrowArray>
Json text_of(const arrow::Array& values, std::int64_t at) {
  return std::string(as<ArrowArray>(values).GetView(at));
}

template <class ArrowArray>
Json bytes_of(const arrow::Array& values, std::int64_t at, BytesAs bytes) {
  return bytes == BytesAs::kNull ? Json()
                                 : Json(arrow::HexEncode(as<ArrowArray>(values).GetView(at)));
}

template <class ArrowArray>
Json list_of(const arrow::Array& values, std::int64_t at, BytesAs bytes) {
  const auto& lists = as<ArrowArray>(values);
  Json list = Json::array();
  std::int64_t first = lists.value_offset(at);
  for (std::int64_t i = first; i < first + lists.value_length(at); ++i)
    list.push_back(value_json(*lists.values(), i, bytes));
  return list;
}

Json map_of(const arrow::Array& values, std::int64_t at, BytesAs bytes) {
  const auto& maps = as<arrow::MapArray>(values);
  bool named = arrow::is_string(maps.keys()->type_id());
  Json map = named ? Json::object() : Json::array();
  for (std::int64_t i = maps.value_offset(at); i < maps.value_offset(at + 1); ++i) {
    Json key = value_json(*maps.keys(), i, bytes);
    Json value = value_json(*maps.items(), i, bytes);
    if (!named)
      map.push_back(Json::array({std::move(key), std::move(value)}));
    else if (key.is_string())
      map[key.get<std::string>()] = std::move(value);
  }
  return map;
}

Json struct_of(const arrow::Array& values, std::int64_t at, BytesAs bytes) {
  const auto& structs = as<arrow::StructArray>(values);
  Json object = Json::object();
  for (int i = 0; i < structs.num_fields(); ++i)
    object[structs.type()->field(i)->name()] = value_json(*structs.field(i), at, bytes);
  return object;
}

Json union_of(const arrow::Array& values, std::int64_t at, BytesAs bytes) {
  const auto& either = as<arrow::UnionArray>(values);
  bool dense = values.type_id() == arrow::Type::DENSE_UNION;
  std::int64_t place = dense ? as<arrow::DenseUnionArray>(values).value_offset(at) : at;
  return value_json(*either.field(either.child_id(at)), place, bytes);
}

Json nested(const arrow::Array& values, std::int64_t at, BytesAs bytes) {
  switch (values.type_id()) {
    case arrow::Type::LIST:
      return list_of<arrow::ListArray>(values, at, bytes);
    case arrow::Type::LARGE_LIST:
      return list_of<arrow::LargeListArray>(values, at, bytes);
    case arrow::Type::FIXED_SIZE_LIST:
      return list_of<arrow::FixedSizeListArray>(values, at, bytes);
    case arrow::Type::LIST_VIEW:
      return list_of<arrow::ListViewArray>(values, at, bytes);
    case arrow::Type::LARGE_LIST_VIEW:
      return list_of<arrow::LargeListViewArray>(values, at, bytes);
    case arrow::Type::MAP:
      return map_of(values, at, bytes);
    case arrow::Type::STRUCT:
      return struct_of(values, at, bytes);
    case arrow::Type::SPARSE_UNION:
    case arrow::Type::DENSE_UNION:
      return union_of(values, at, bytes);
    case arrow::Type::DICTIONARY:
      return value_json(*as<arrow::DictionaryArray>(values).dictionary(),
                        as<arrow::DictionaryArray>(values).GetValueIndex(at), bytes);
    case arrow::Type::EXTENSION:
      return value_json(*as<arrow::ExtensionArray>(values).storage(), at, bytes);
    default: {
      auto scalar = values.GetScalar(at);
      return scalar.ok() ? Json((*scalar)->ToString()) : Json();
    }
  }
}

}  // namespace

Json value_json(const arrow::Array& values, std::int64_t at, BytesAs bytes) {
  if (values.type_id() == arrow::Type::NA || values.IsNull(at)) return nullptr;
  switch (values.type_id()) {
    case arrow::Type::BINARY:
      return bytes_of<arrow::BinaryArray>(values, at, bytes);
    case arrow::Type::LARGE_BINARY:
      return bytes_of<arrow::LargeBinaryArray>(values, at, bytes);
    case arrow::Type::BINARY_VIEW:
      return bytes_of<arrow::BinaryViewArray>(values, at, bytes);
    case arrow::Type::FIXED_SIZE_BINARY:
      return bytes_of<arrow::FixedSizeBinaryArray>(values, at, bytes);
    case arrow::Type::STRING:
      return text_of<arrow::StringArray>(values, at);
    case arrow::Type::LARGE_STRING:
      return text_of<arrow::LargeStringArray>(values, at);
    case arrow::Type::STRING_VIEW:
      return text_of<arrow::StringViewArray>(values, at);
    case arrow::Type::BOOL:
      return as<arrow::BooleanArray>(values).Value(at);
    case arrow::Type::INT8:
      return as<arrow::Int8Array>(values).Value(at);
    case arrow::Type::INT16:
      return as<arrow::Int16Array>(values).Value(at);
    case arrow::Type::INT32:
      return as<arrow::Int32Array>(values).Value(at);
    case arrow::Type::INT64:
      return as<arrow::Int64Array>(values).Value(at);
    case arrow::Type::UINT8:
      return as<arrow::UInt8Array>(values).Value(at);
    case arrow::Type::UINT16:
      return as<arrow::UInt16Array>(values).Value(at);
    case arrow::Type::UINT32:
      return as<arrow::UInt32Array>(values).Value(at);
    case arrow::Type::UINT64:
      return as<arrow::UInt64Array>(values).Value(at);
    case arrow::Type::FLOAT:
      return as<arrow::FloatArray>(values).Value(at);
    case arrow::Type::DOUBLE:
      return as<arrow::DoubleArray>(values).Value(at);
    default:
      return nested(values, at, bytes);
  }
}

std::string json_text(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  return nlohmann::json(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace kale
