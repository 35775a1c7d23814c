#include "kale/io/parquet/common_type.h"

#include <arrow/api.h>
#include <arrow/array/util.h>
#include <arrow/compute/cast.h>
#include <arrow/type_traits.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "kale/io/parquet/value_json.h"

namespace kale {
namespace {

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

Result<ArrayPtr> as_text(const arrow::Array& array) {
  arrow::StringBuilder builder;
  for (std::int64_t i = 0; i < array.length(); ++i) {
    nlohmann::ordered_json value = value_json(array, i, BytesAs::kHex);
    arrow::Status added = value.is_null() ? builder.AppendNull() : builder.Append(json_text(value));
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
