#include "kale/io/parquet/json_extras.h"

#include <arrow/api.h>
#include <fmt/format.h>

#include <array>
#include <limits>
#include <map>

#include "kale/io/parquet/arrow_door.h"
#include "kale/io/parquet/common_type.h"
#include "kale/text/utf8.h"

namespace kale {
namespace {

using nlohmann::json;
using TypePtr = std::shared_ptr<arrow::DataType>;

constexpr std::string_view kOtherKeys = "other_keys";

// Python's json module writes them, and JSON has no such thing.
std::string without_non_numbers(std::string_view text) {
  constexpr std::array<std::string_view, 3> kNonNumbers{"NaN", "-Infinity", "Infinity"};
  std::string plain;
  bool quoted = false;
  for (std::size_t at = 0; at < text.size();) {
    std::string_view rest = text.substr(at);
    std::size_t taken = quoted && text[at] == '\\' && rest.size() > 1 ? 2 : 1;
    if (text[at] == '"') quoted = !quoted;
    if (!quoted) {
      for (std::string_view word : kNonNumbers)
        if (rest.starts_with(word)) taken = word.size();
    }
    plain += !quoted && taken > 1 ? "null" : rest.substr(0, taken);
    at += taken;
  }
  return plain;
}

TypePtr type_of(const json& value, int nesting = 0) {
  switch (value.type()) {
    case json::value_t::null:
      return arrow::null();
    case json::value_t::boolean:
      return arrow::boolean();
    case json::value_t::number_integer:
      return arrow::int64();
    case json::value_t::number_unsigned:
      return value.get<std::uint64_t>() <= std::numeric_limits<std::int64_t>::max() ? arrow::int64()
                                                                                    : arrow::utf8();
    case json::value_t::number_float:
      return arrow::float64();
    case json::value_t::array: {
      if (nesting == kJsonNestingMax) return arrow::utf8();
      TypePtr values = arrow::null();
      for (const json& entry : value) values = common_type(values, type_of(entry, nesting + 1));
      return arrow::list(values);
    }
    case json::value_t::object: {
      if (nesting == kJsonNestingMax || value.size() > kStructFieldsMax) return arrow::utf8();
      arrow::FieldVector fields;
      for (const auto& [name, entry] : value.items())
        fields.push_back(arrow::field(name, type_of(entry, nesting + 1)));
      return arrow::struct_(fields);
    }
    default:
      return arrow::utf8();
  }
}

arrow::Status append(arrow::ArrayBuilder& builder, const json& value);

arrow::Status append_struct(arrow::StructBuilder& builder, const json& value) {
  ARROW_RETURN_NOT_OK(builder.Append());
  for (int i = 0; i < builder.num_fields(); ++i) {
    auto found = value.find(builder.type()->field(i)->name());
    ARROW_RETURN_NOT_OK(append(*builder.field_builder(i), found == value.end() ? json() : *found));
  }
  return arrow::Status::OK();
}

// The builder's type holds the value's, as common_type() made it.
arrow::Status append(arrow::ArrayBuilder& builder, const json& value) {
  if (value.is_null()) return builder.AppendNull();
  switch (builder.type()->id()) {
    case arrow::Type::BOOL:
      return static_cast<arrow::BooleanBuilder&>(builder).Append(value.get<bool>());
    case arrow::Type::INT64:
      return static_cast<arrow::Int64Builder&>(builder).Append(value.get<std::int64_t>());
    case arrow::Type::DOUBLE:
      return static_cast<arrow::DoubleBuilder&>(builder).Append(value.get<double>());
    case arrow::Type::STRUCT:
      return append_struct(static_cast<arrow::StructBuilder&>(builder), value);
    case arrow::Type::LIST: {
      auto& list = static_cast<arrow::ListBuilder&>(builder);
      ARROW_RETURN_NOT_OK(list.Append());
      for (const json& entry : value) ARROW_RETURN_NOT_OK(append(*list.value_builder(), entry));
      return arrow::Status::OK();
    }
    default: {
      auto& texts = static_cast<arrow::StringBuilder&>(builder);
      if (value.is_string()) return texts.Append(value.get_ref<const std::string&>());
      return texts.Append(value.dump());
    }
  }
}

// Row i's value of one column; null pointers for null.
using Values = std::vector<const json*>;

std::shared_ptr<arrow::Array> column_of(const Values& values) {
  TypePtr type = arrow::null();
  for (const json* value : values)
    if (value != nullptr) type = common_type(type, type_of(*value));
  auto builder = arrow::MakeBuilder(type);
  KALE_CHECK(builder.ok(), builder.status().ToString());
  for (const json* value : values) {
    arrow::Status added = append(**builder, value == nullptr ? json() : *value);
    KALE_CHECK(added.ok(), added.ToString());
  }
  auto made = (*builder)->Finish();
  KALE_CHECK(made.ok(), made.status().ToString());
  return *made;
}

}  // namespace

Result<json> parse_json_object(std::string_view text, std::string_view what) {
  using Event = json::parse_event_t;
  bool too_deep = false;
  std::int64_t values = 0;
  auto small = [&](int depth, Event event, const json&) {
    too_deep = too_deep || depth > kJsonDepthMax;
    if (event == Event::value || event == Event::object_start || event == Event::array_start)
      ++values;
    return !too_deep && values <= kJsonValuesMax;
  };
  json value = json::parse(text, small, false);
  if (value.is_discarded() && !too_deep && values <= kJsonValuesMax) {
    values = 0;
    value = json::parse(without_non_numbers(text), small, false);
  }
  if (too_deep)
    return Error{Code::kCorrupt,
                 fmt::format("{} is nested deeper than {} levels", what, kJsonDepthMax)};
  if (values > kJsonValuesMax)
    return Error{Code::kCorrupt, fmt::format("{} holds more than {} values", what, kJsonValuesMax)};
  if (!value.is_object()) return Error{Code::kCorrupt, fmt::format("{} is no JSON object", what)};
  return value;
}

json::iterator find_given(json& object, const std::vector<std::string>& names) {
  auto first = object.end();
  for (const std::string& name : names) {
    auto found = object.find(name);
    if (found == object.end()) continue;
    bool blank = found->is_null() ||
                 (found->is_string() && trim(found->get_ref<const std::string&>()).empty());
    if (!blank) return found;
    if (first == object.end()) first = found;
  }
  return first;
}

ExtrasPtr JsonExtras::batch(const std::vector<json>& objects) {
  std::map<std::string_view, Values> columns;
  std::vector<json> others(objects.size());
  bool any_other = false;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    for (const auto& [name, value] : objects[i].items()) {
      if (names_.size() < kJsonColumnsMax) names_.insert(name);
      auto known = names_.find(name);
      if (known == names_.end()) {
        others[i][name] = value;
        any_other = true;
      } else {
        columns.try_emplace(*known, objects.size()).first->second[i] = &value;
      }
    }
  }
  arrow::FieldVector fields;
  arrow::ArrayVector arrays;
  auto add = [&](std::string_view name, std::shared_ptr<arrow::Array> array) {
    fields.push_back(arrow::field(std::string(name), array->type()));
    arrays.push_back(std::move(array));
  };
  for (const auto& [name, values] : columns) add(name, column_of(values));
  if (any_other) {
    Values texts(objects.size());
    for (std::size_t i = 0; i < objects.size(); ++i) {
      if (others[i].is_null()) continue;
      others[i] = others[i].dump();
      texts[i] = &others[i];
    }
    add(columns.contains(kOtherKeys) ? "other_keys_" : kOtherKeys, column_of(texts));
  }
  if (fields.empty()) return nullptr;
  return std::make_shared<ArrowExtras>(arrow::RecordBatch::Make(
      arrow::schema(fields), static_cast<std::int64_t>(objects.size()), arrays));
}

}  // namespace kale
