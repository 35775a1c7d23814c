#include "kale/io/parquet/extras.h"

#include <arrow/api.h>
#include <fmt/format.h>

#include <unordered_map>

#include "kale/io/parquet/arrow_door.h"
#include "kale/io/parquet/common_type.h"

namespace kale {

ExtrasPtr make_text_extras(const std::vector<std::string>& names,
                           const std::vector<std::vector<std::optional<std::string>>>& rows) {
  arrow::FieldVector fields;
  arrow::ArrayVector columns;
  for (std::size_t c = 0; c < names.size(); ++c) {
    arrow::StringBuilder builder;
    for (const auto& row : rows) {
      KALE_CHECK(row.size() == names.size(), "a row of extras has one value for each name");
      arrow::Status added = row[c] ? builder.Append(*row[c]) : builder.AppendNull();
      KALE_CHECK(added.ok(), added.ToString());
    }
    auto array = builder.Finish();
    KALE_CHECK(array.ok(), array.status().ToString());
    fields.push_back(arrow::field(names[c], arrow::utf8()));
    columns.push_back(*array);
  }
  return std::make_shared<ArrowExtras>(arrow::RecordBatch::Make(
      arrow::schema(fields), static_cast<std::int64_t>(rows.size()), columns));
}

Result<ExtrasPtr> unite_extras(std::span<const ExtrasPtr> batches) {
  arrow::FieldVector fields;
  std::unordered_map<std::string, std::size_t> places;
  const arrow::Schema* last = nullptr;
  for (const ExtrasPtr& extras : batches) {
    const arrow::RecordBatch* batch = arrow_batch(extras.get());
    if (batch == nullptr || batch->schema().get() == last) continue;
    last = batch->schema().get();
    for (const auto& field : last->fields()) {
      auto [place, is_new] = places.try_emplace(field->name(), fields.size());
      if (is_new)
        fields.push_back(field->WithNullable(true));
      else
        fields[place->second] = fields[place->second]->WithType(
            common_type(fields[place->second]->type(), field->type()));
    }
  }
  if (fields.size() > kExtraColumnsMax)
    return Error{Code::kLimit,
                 fmt::format("the input has {} other columns, '{}' among them; the limit is {}: "
                             "take out those that nobody needs, or give files whose columns "
                             "differ an output folder each",
                             fields.size(), fields.back()->name(), kExtraColumnsMax)};
  for (auto& field : fields) field = field->WithType(storable_type(field->type()));
  auto empty = arrow::RecordBatch::MakeEmpty(arrow::schema(fields));
  if (!empty.ok()) return Error{Code::kBadConfig, "input columns: " + empty.status().message()};
  return ExtrasPtr(std::make_shared<ArrowExtras>(*empty));
}

std::vector<std::string> extras_names(const ExtrasPtr& extras) {
  const arrow::RecordBatch* batch = arrow_batch(extras.get());
  return batch == nullptr ? std::vector<std::string>{} : batch->schema()->field_names();
}

std::optional<std::string> extras_value(const Row& row, std::string_view name) {
  const arrow::RecordBatch* batch = arrow_batch(row.extras.get());
  if (batch == nullptr) return std::nullopt;
  auto column = batch->GetColumnByName(std::string(name));
  if (column == nullptr || column->IsNull(row.extras_row)) return std::nullopt;
  auto scalar = column->GetScalar(row.extras_row);
  if (!scalar.ok()) return std::nullopt;
  return (*scalar)->ToString();
}

}  // namespace kale
