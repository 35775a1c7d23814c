#include "kale/io/parquet/common_type.h"

#include <arrow/api.h>
#include <arrow/array/util.h>
#include <arrow/compute/cast.h>
#include <arrow/type_traits.h>
#include <arrow/util/string.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace kale {
namespace {

using nlohmann::json;
using ArrayPtr = std::shared_ptr<arrow::Array>;
using TypePtr = std::shared_ptr<arrow::DataType>;

Error arrow_failed(const arrow::Status& status) {
  return {Code::kCorrupt, "an input column cannot be read: " + status.message()};
}

bool is_whole(const arrow::DataType& type) {
  return arrow::is_integer(type.id()) && type.id() != arrow::Type::UINT64;
}

bool is_number(const arrow::DataType& type) {
  return is_whole(type) || arrow::is_floating(type.id());
}

TypePtr common_struct(const arrow::DataType& a, const arrow::DataType& b) {
  arrow::FieldVector fields = a.fields();
  for (const auto& field : b.fields()) {
    auto known = std::find_if(fields.begin(), fields.end(),
                              [&](const auto& f) { return f->name() == field->name(); });
    if (known == fields.end())
      fields.push_back(field->WithNullable(true));
    else
      *known = arrow::field(field->name(), common_type((*known)->type(), field->type()));
  }
  if (std::ssize(fields) > kStructFieldsMax) return arrow::utf8();
  return arrow::struct_(fields);
}

json json_value(const arrow::Array& array, std::int64_t i);

json json_list(const arrow::Array& values) {
  json list = json::array();
  for (std::int64_t i = 0; i < values.length(); ++i) list.push_back(json_value(values, i));
  return list;
}

json json_struct(const arrow::StructArray& array, std::int64_t i) {
  json object = json::object();
  for (int field = 0; field < array.num_fields(); ++field)
    object[array.type()->field(field)->name()] = json_value(*array.field(field), i);
  return object;
}

template <class ArrowArray>
const ArrowArray& as(const arrow::Array& array) {
  return static_cast<const ArrowArray&>(array);
}

json json_value(const arrow::Array& array, std::int64_t i) {
  if (array.IsNull(i)) return nullptr;
  switch (array.type_id()) {
    case arrow::Type::BOOL:
      return as<arrow::BooleanArray>(array).Value(i);
    case arrow::Type::INT64:
      return as<arrow::Int64Array>(array).Value(i);
    case arrow::Type::DOUBLE:
      return as<arrow::DoubleArray>(array).Value(i);
    case arrow::Type::STRING:
      return as<arrow::StringArray>(array).GetString(i);
    case arrow::Type::LARGE_STRING:
      return as<arrow::LargeStringArray>(array).GetString(i);
    case arrow::Type::BINARY:
      return arrow::HexEncode(as<arrow::BinaryArray>(array).GetView(i));
    case arrow::Type::LARGE_BINARY:
      return arrow::HexEncode(as<arrow::LargeBinaryArray>(array).GetView(i));
    case arrow::Type::LIST:
      return json_list(*as<arrow::ListArray>(array).value_slice(i));
    case arrow::Type::LARGE_LIST:
      return json_list(*as<arrow::LargeListArray>(array).value_slice(i));
    case arrow::Type::STRUCT:
      return json_struct(as<arrow::StructArray>(array), i);
    default: {
      auto scalar = array.GetScalar(i);
      std::string text = scalar.ok() ? (*scalar)->ToString() : scalar.status().message();
      if (!arrow::is_primitive(array.type_id())) return text;
      json number = json::parse(text, nullptr, false);
      return number.is_discarded() ? json(text) : number;
    }
  }
}

Result<ArrayPtr> as_text(const arrow::Array& array) {
  arrow::StringBuilder builder;
  for (std::int64_t i = 0; i < array.length(); ++i) {
    json value = json_value(array, i);
    arrow::Status added =
        value.is_null() ? builder.AppendNull()
        : value.is_string()
            ? builder.Append(value.get_ref<const std::string&>())
            : builder.Append(value.dump(-1, ' ', false, json::error_handler_t::replace));
    if (!added.ok()) return arrow_failed(added);
  }
  auto made = builder.Finish();
  if (!made.ok()) return arrow_failed(made.status());
  return ArrayPtr(*made);
}

Result<ArrayPtr> widened_list(const arrow::Array& array, const TypePtr& type) {
  std::shared_ptr<arrow::ArrayData> data = array.data()->Copy();
  KALE_TRY(ArrayPtr values, widened(arrow::MakeArray(data->child_data[0]), type->field(0)->type()));
  data->type = type;
  data->child_data[0] = values->data();
  return arrow::MakeArray(data);
}

Result<ArrayPtr> widened_struct(const arrow::Array& array, const TypePtr& type) {
  std::shared_ptr<arrow::ArrayData> data = array.data()->Copy();
  std::vector<std::shared_ptr<arrow::ArrayData>> children;
  for (const auto& field : type->fields()) {
    int at = static_cast<const arrow::StructType&>(*array.type()).GetFieldIndex(field->name());
    ArrayPtr child;
    if (at >= 0) {
      KALE_TRY(child, widened(arrow::MakeArray(data->child_data[static_cast<std::size_t>(at)]),
                              field->type()));
    } else {
      auto nulls = arrow::MakeArrayOfNull(field->type(), data->offset + data->length);
      if (!nulls.ok()) return arrow_failed(nulls.status());
      child = *nulls;
    }
    children.push_back(child->data());
  }
  data->type = type;
  data->child_data = std::move(children);
  return arrow::MakeArray(data);
}

}  // namespace

TypePtr common_type(const TypePtr& a, const TypePtr& b) {
  if (a->Equals(*b) || b->id() == arrow::Type::NA) return a;
  if (a->id() == arrow::Type::NA) return b;
  if (is_whole(*a) && is_whole(*b)) return arrow::int64();
  if (is_number(*a) && is_number(*b)) return arrow::float64();
  if (a->id() != b->id()) return arrow::utf8();
  if (a->id() == arrow::Type::STRUCT) return common_struct(*a, *b);
  if (a->id() == arrow::Type::LIST)
    return arrow::list(common_type(a->field(0)->type(), b->field(0)->type()));
  return arrow::utf8();
}

TypePtr storable_type(const TypePtr& type) {
  if (type->id() == arrow::Type::LIST) {
    TypePtr values = storable_type(type->field(0)->type());
    return values == type->field(0)->type() ? type : arrow::list(values);
  }
  if (type->id() != arrow::Type::STRUCT) return type;
  if (type->num_fields() == 0) return arrow::utf8();
  arrow::FieldVector fields;
  for (const auto& field : type->fields())
    fields.push_back(field->WithType(storable_type(field->type())));
  TypePtr stored = arrow::struct_(fields);
  return stored->Equals(*type) ? type : stored;
}

Result<ArrayPtr> widened(const ArrayPtr& array, const TypePtr& type) {
  if (array->type()->Equals(*type)) return array;
  if (array->type_id() == arrow::Type::NA) {
    auto nulls = arrow::MakeArrayOfNull(type, array->length());
    if (!nulls.ok()) return arrow_failed(nulls.status());
    return *nulls;
  }
  if (type->id() == arrow::Type::STRING) return as_text(*array);
  if (type->id() == arrow::Type::LIST) return widened_list(*array, type);
  if (type->id() == arrow::Type::STRUCT) return widened_struct(*array, type);
  auto cast = arrow::compute::Cast(*array, type, arrow::compute::CastOptions::Unsafe());
  if (!cast.ok()) return arrow_failed(cast.status());
  return *cast;
}

}  // namespace kale
