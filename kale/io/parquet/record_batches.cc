#include "kale/io/parquet/record_batches.h"

#include <arrow/array/concatenate.h>
#include <arrow/array/util.h>
#include <arrow/device.h>
#include <fmt/format.h>
#include <parquet/arrow/schema.h>
#include <parquet/exception.h>
#include <parquet/properties.h>

#include <algorithm>
#include <exception>
#include <new>

#include "kale/io/parquet/arrow_door.h"
#include "kale/io/parquet/value_json.h"
#include "kale/text/utf8.h"

namespace kale {
namespace {

constexpr std::string_view kCopyAgain = "copy it again and start a new output folder";

// The views of all types whose values are bytes; nothing for other types.
std::optional<std::string_view> bytes_at(const arrow::Array& values, std::int64_t i) {
  switch (values.type_id()) {
    case arrow::Type::STRING:
    case arrow::Type::BINARY:
      return static_cast<const arrow::BinaryArray&>(values).GetView(i);
    case arrow::Type::LARGE_STRING:
    case arrow::Type::LARGE_BINARY:
      return static_cast<const arrow::LargeBinaryArray&>(values).GetView(i);
    case arrow::Type::STRING_VIEW:
    case arrow::Type::BINARY_VIEW:
      return static_cast<const arrow::BinaryViewArray&>(values).GetView(i);
    case arrow::Type::FIXED_SIZE_BINARY:
      return static_cast<const arrow::FixedSizeBinaryArray&>(values).GetView(i);
    default:
      return std::nullopt;
  }
}

bool is_text_type(arrow::Type::type type) {
  return type == arrow::Type::STRING || type == arrow::Type::LARGE_STRING ||
         type == arrow::Type::STRING_VIEW;
}

Error wrong_type(std::string_view place, const std::string& column, const arrow::Array& values,
                 std::string_view wanted) {
  return {Code::kCorrupt, fmt::format("{}: column '{}' is {}, which is no {}; name another column "
                                      "in the source's options",
                                      place, column, values.type()->ToString(), wanted)};
}

Result<std::optional<std::string>> text_at(const arrow::Array& values, std::int64_t i,
                                           std::string_view place, const std::string& column) {
  if (values.type_id() == arrow::Type::NA || values.IsNull(i)) return std::optional<std::string>();
  if (values.type_id() == arrow::Type::DICTIONARY) {
    const auto& coded = static_cast<const arrow::DictionaryArray&>(values);
    return text_at(*coded.dictionary(), coded.GetValueIndex(i), place, column);
  }
  if (auto bytes = bytes_at(values, i)) return std::optional(std::string(*bytes));
  if (arrow::is_nested(values.type_id())) return wrong_type(place, column, values, "text");
  auto scalar = values.GetScalar(i);
  if (!scalar.ok()) return wrong_type(place, column, values, "text");
  return std::optional((*scalar)->ToString());
}

// That no offset or index leads astray. Whether text is UTF-8 is asked value by value where it is
// used, so here it counts as bytes.
arrow::Status check_sound(const arrow::Array& values) {
  auto data = values.data()->Copy();
  if (data->type->id() == arrow::Type::STRING) data->type = arrow::binary();
  if (data->type->id() == arrow::Type::LARGE_STRING) data->type = arrow::large_binary();
  if (data->type->id() == arrow::Type::STRING_VIEW) data->type = arrow::binary_view();
  return arrow::MakeArray(data)->ValidateFull();
}

// The columns are sound.
bool too_long(const arrow::Array& values, std::int64_t i) {
  auto bytes = bytes_at(values, i);
  return bytes && std::ssize(*bytes) > kExtraValueBytesMax;
}

bool any_too_long(const arrow::Array& values) {
  for (std::int64_t i = 0; i < values.length(); ++i)
    if (!values.IsNull(i) && too_long(values, i)) return true;
  return false;
}

bool parquet_holds(const std::shared_ptr<arrow::Field>& field) {
  std::shared_ptr<parquet::SchemaDescriptor> made;
  auto schema = arrow::schema({field});
  try {
    return parquet::arrow::ToParquetSchema(schema.get(), *parquet::default_writer_properties(),
                                           &made)
        .ok();
  } catch (const std::exception&) {
    return false;
  }
}

// A copy of its own, so that a slice never holds the pictures beside it; parquet text is UTF-8.
arrow::Result<std::shared_ptr<arrow::Array>> kept_copy(const std::shared_ptr<arrow::Array>& values,
                                                       bool as_text) {
  bool sound = check_sound(*values).ok();
  if (sound && as_text) return column_as_text(*values);
  bool any_long = sound && any_too_long(*values);
  if (sound && !any_long && values->ValidateFull().ok()) {
    ARROW_ASSIGN_OR_RAISE(auto compact, arrow::Concatenate({values}));
    // Dictionaries are still those of the table, whose memory goes when it is closed.
    return compact->CopyTo(arrow::default_cpu_memory_manager());
  }
  auto type = as_text ? arrow::utf8() : values->type();
  bool is_text = is_text_type(values->type_id());
  if (!sound || (!is_text && !any_long)) return arrow::MakeArrayOfNull(type, values->length());
  std::unique_ptr<arrow::ArrayBuilder> builder;
  ARROW_RETURN_NOT_OK(arrow::MakeBuilder(arrow::default_memory_pool(), type, &builder));
  for (std::int64_t i = 0; i < values->length(); ++i) {
    if (values->IsNull(i) || too_long(*values, i)) {
      ARROW_RETURN_NOT_OK(builder->AppendNull());
      continue;
    }
    auto bytes = arrow::Buffer::FromString(is_text ? to_valid_utf8(*bytes_at(*values, i))
                                                   : std::string(*bytes_at(*values, i)));
    ARROW_ASSIGN_OR_RAISE(auto scalar, arrow::MakeScalar(type, std::move(bytes)));
    ARROW_RETURN_NOT_OK(builder->AppendScalar(*scalar));
  }
  return builder->Finish();
}

}  // namespace

arrow::Status OpenTable::attempt(const std::function<arrow::Status()>& read) {
  try {
    return read();
  } catch (const parquet::ParquetStatusException& error) {
    return error.status();
  } catch (const std::bad_alloc& error) {
    return arrow::Status::OutOfMemory(error.what());
  } catch (const std::exception& error) {
    return arrow::Status::Invalid(error.what());
  }
}

Error OpenTable::error(const arrow::Status& said, std::string_view place) const {
  if (!*refused) return refused->error();
  const std::string where = path.string() + (place.empty() ? "" : fmt::format(", {}", place));
  if (said.IsOutOfMemory())
    return {Code::kLimit,
            fmt::format("{}: more than {} bytes would have to lie in memory at once; write the "
                        "table again with smaller pages or batches",
                        where, kTableMemoryMax)};
  return {Code::kCorrupt,
          fmt::format("{}: cut, damaged or no table ({}); {}", where, said.message(), kCopyAgain)};
}

Error too_many_columns(std::string_view table, std::size_t columns) {
  return {Code::kLimit, fmt::format("{}: {}", table, too_many_columns(columns))};
}

std::string too_many_columns(std::size_t columns) {
  return fmt::format("{} columns, the limit is {}; take out those that nobody needs", columns,
                     kTableColumnsMax);
}

arrow::Result<std::shared_ptr<arrow::Array>> column_as_text(const arrow::Array& values) {
  arrow::StringBuilder builder;
  for (std::int64_t i = 0; i < values.length(); ++i) {
    auto value = value_json(values, i, BytesAs::kHex);
    ARROW_RETURN_NOT_OK(value.is_null() ? builder.AppendNull()
                                        : builder.Append(to_valid_utf8(json_text(value))));
  }
  return builder.Finish();
}

ColumnPlan plan_columns(const arrow::Schema& schema, const RoleNames& names) {
  ColumnPlan plan;
  std::vector<bool> taken(static_cast<std::size_t>(schema.num_fields()), false);
  for (std::size_t role = 0; role < kRoles; ++role) {
    plan.roles[role] = ColumnPlan::kNone;
    for (const std::string& name : names[role]) {
      auto found = schema.GetAllFieldIndices(name);
      if (found.empty() || taken[static_cast<std::size_t>(found.front())]) continue;
      plan.roles[role] = found.front();
      taken[static_cast<std::size_t>(found.front())] = role != static_cast<std::size_t>(Role::kUid);
      break;
    }
  }
  arrow::FieldVector kept;
  for (int i = 0; i < schema.num_fields(); ++i) {
    const auto& field = schema.field(i);
    if (taken[static_cast<std::size_t>(i)] || schema.GetAllFieldIndices(field->name()).size() > 1)
      continue;  // two columns of one name: nobody could say which is meant
    plan.extras.push_back(i);
    plan.as_text.push_back(!parquet_holds(field));
    kept.push_back(
        arrow::field(field->name(), plan.as_text.back() ? arrow::utf8() : field->type()));
  }
  plan.kept = arrow::schema(kept);
  return plan;
}

Status BatchRecords::take(std::shared_ptr<arrow::RecordBatch> batch, std::int64_t first_record) {
  batch_ = std::move(batch);
  at_ = 0;
  first_record_ = first_record;
  for (std::size_t role = 0; role < kRoles; ++role) {
    columns_[role] =
        role_names_[role].empty() ? nullptr : batch_->GetColumnByName(role_names_[role]);
    if (columns_[role] == nullptr) continue;
    arrow::Status sound = check_sound(*columns_[role]);
    if (!sound.ok())
      return Error{Code::kCorrupt,
                   fmt::format("{}, from row {} on: column '{}' is damaged ({}); {}", name_,
                               first_record_, role_names_[role], sound.message(), kCopyAgain)};
  }
  return gather_extras();
}

Status BatchRecords::gather_extras() {
  extras_ = nullptr;
  if (extra_names_.empty()) return {};
  arrow::ArrayVector columns;
  for (std::size_t i = 0; i < extra_names_.size(); ++i) {
    auto values = batch_->GetColumnByName(extra_names_[i]);
    if (values == nullptr)
      return Error{Code::kCorrupt, fmt::format("{}, from row {} on: column '{}' is missing; {}",
                                               name_, first_record_, extra_names_[i], kCopyAgain)};
    const auto& type = plan_.kept->field(static_cast<int>(i))->type();
    if (!plan_.as_text[i] && !values->type()->Equals(*type))
      return Error{Code::kCorrupt,
                   fmt::format("{}, from row {} on: column '{}' is {}, the file's schema says {}; "
                               "write the table again",
                               name_, first_record_, extra_names_[i], values->type()->ToString(),
                               type->ToString())};
    auto copy = kept_copy(values, plan_.as_text[i]);
    if (!copy.ok())
      return Error{copy.status().IsOutOfMemory() ? Code::kLimit : Code::kCorrupt,
                   fmt::format("{}, from row {} on: column '{}': {}; take the column out", name_,
                               first_record_, extra_names_[i], copy.status().message())};
    columns.push_back(std::move(*copy));
  }
  extras_ = std::make_shared<ArrowExtras>(
      arrow::RecordBatch::Make(plan_.kept, batch_->num_rows(), std::move(columns)));
  return {};
}

Record BatchRecords::next() {
  std::int64_t i = at_++;
  Record record;
  record.extras = extras_;
  record.extras_row = i;
  Status read = take_texts(i, record);
  if (read) read = take_image(i, record);
  if (!read) record.error = std::move(read).error();
  return record;
}

Status BatchRecords::take_texts(std::int64_t i, Record& record) const {
  for (std::size_t role = 0; role < kRoles; ++role) {
    if (columns_[role] == nullptr || role == static_cast<std::size_t>(Role::kImage)) continue;
    std::string place = fmt::format("{}, row {}", name_, first_record_ + i);
    KALE_TRY(record.texts[role], text_at(*columns_[role], i, place, role_names_[role]));
  }
  return {};
}

// Bytes; the `datasets` struct of bytes and path; or text, which is a path or URL.
Status BatchRecords::take_image(std::int64_t i, Record& record) const {
  const auto role = static_cast<std::size_t>(Role::kImage);
  const arrow::Array* values = columns_[role].get();
  if (values == nullptr || values->type_id() == arrow::Type::NA || values->IsNull(i)) return {};
  std::string place = fmt::format("{}, row {}", name_, first_record_ + i);
  std::shared_ptr<arrow::Array> inner;
  if (values->type_id() == arrow::Type::STRUCT) {
    const auto& parts = static_cast<const arrow::StructArray&>(*values);
    if (auto path = parts.GetFieldByName("path")) {
      KALE_TRY(record.texts[role], text_at(*path, i, place, role_names_[role] + ".path"));
    }
    inner = parts.GetFieldByName("bytes");
    if (inner == nullptr || inner->type_id() == arrow::Type::NA || inner->IsNull(i)) return {};
    values = inner.get();
  } else if (is_text_type(values->type_id()) || values->type_id() == arrow::Type::DICTIONARY) {
    KALE_TRY(record.texts[role], text_at(*values, i, place, role_names_[role]));
    return {};
  }
  auto bytes = bytes_at(*values, i);
  if (!bytes) return wrong_type(place, role_names_[role], *values, "picture");
  if (images_) record.image = std::make_shared<const std::string>(*bytes);
  return {};
}

}  // namespace kale
