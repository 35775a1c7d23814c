#include "kale/io/parquet/foreign_table_fake.h"

#include <arrow/api.h>
#include <arrow/io/file.h>
#include <arrow/ipc/api.h>
#include <parquet/arrow/writer.h>

#include "kale/core/check.h"

namespace kale {
namespace fs = std::filesystem;
namespace {

void check(const arrow::Status& status) { KALE_CHECK(status.ok(), status.ToString()); }

template <class T>
T check(arrow::Result<T> result) {
  check(result.status());
  return std::move(result).ValueOrDie();
}

template <class Builder, class Values>
std::shared_ptr<arrow::Array> filled(Builder builder, const Values& values) {
  for (const auto& value : values) {
    if constexpr (std::is_same_v<typename Values::value_type, ForeignTable::Text>)
      check(value ? builder.Append(*value) : builder.AppendNull());
    else
      check(builder.Append(value));
  }
  return check(builder.Finish());
}

}  // namespace

struct ForeignTable::Columns {
  arrow::FieldVector fields;
  arrow::ArrayVector arrays;
  void add(const std::string& name, std::shared_ptr<arrow::Array> values) {
    fields.push_back(arrow::field(name, values->type()));
    arrays.push_back(std::move(values));
  }
  std::shared_ptr<arrow::Table> table() const {
    return arrow::Table::Make(arrow::schema(fields), arrays);
  }
};

ForeignTable::ForeignTable() : columns_(std::make_shared<Columns>()) {}
ForeignTable::~ForeignTable() = default;

ForeignTable& ForeignTable::texts(const std::string& name, const std::vector<Text>& values) {
  columns_->add(name, filled(arrow::StringBuilder(), values));
  return *this;
}

ForeignTable& ForeignTable::large_texts(const std::string& name, const std::vector<Text>& values) {
  columns_->add(name, filled(arrow::LargeStringBuilder(), values));
  return *this;
}

ForeignTable& ForeignTable::coded_texts(const std::string& name, const std::vector<Text>& values) {
  columns_->add(name, filled(arrow::StringDictionaryBuilder(), values));
  return *this;
}

ForeignTable& ForeignTable::bytes(const std::string& name, const std::vector<Text>& values) {
  columns_->add(name, filled(arrow::BinaryBuilder(), values));
  return *this;
}

ForeignTable& ForeignTable::pictures(const std::string& name,
                                     const std::vector<std::pair<Text, Text>>& bytes_and_path) {
  std::vector<Text> bytes;
  std::vector<Text> paths;
  for (const auto& [picture, path] : bytes_and_path) {
    bytes.push_back(picture);
    paths.push_back(path);
  }
  arrow::ArrayVector parts{filled(arrow::BinaryBuilder(), bytes),
                           filled(arrow::StringBuilder(), paths)};
  columns_->add(name,
                check(arrow::StructArray::Make(parts, std::vector<std::string>{"bytes", "path"})));
  return *this;
}

ForeignTable& ForeignTable::column(const std::string& name, std::shared_ptr<arrow::Array> values) {
  columns_->add(name, std::move(values));
  return *this;
}

ForeignTable& ForeignTable::wholes(const std::string& name,
                                   const std::vector<std::int64_t>& values) {
  columns_->add(name, filled(arrow::Int64Builder(), values));
  return *this;
}

ForeignTable& ForeignTable::reals(const std::string& name, const std::vector<double>& values) {
  columns_->add(name, filled(arrow::DoubleBuilder(), values));
  return *this;
}

ForeignTable& ForeignTable::days(const std::string& name,
                                 const std::vector<std::int32_t>& since_1970) {
  columns_->add(name, filled(arrow::Date32Builder(), since_1970));
  return *this;
}

ForeignTable& ForeignTable::text_lists(const std::string& name,
                                       const std::vector<std::vector<std::string>>& values) {
  auto texts = std::make_shared<arrow::StringBuilder>();
  arrow::ListBuilder lists(arrow::default_memory_pool(), texts);
  for (const auto& list : values) {
    check(lists.Append());
    for (const std::string& text : list) check(texts->Append(text));
  }
  columns_->add(name, check(lists.Finish()));
  return *this;
}

ForeignTable& ForeignTable::unions(const std::string& name,
                                   const std::vector<std::int64_t>& values) {
  auto wholes = filled(arrow::Int64Builder(), values);
  auto kinds = filled(arrow::Int8Builder(), std::vector<std::int8_t>(values.size(), 0));
  columns_->add(name, check(arrow::SparseUnionArray::Make(*kinds, {wholes})));
  return *this;
}

void ForeignTable::write_parquet(const fs::path& path, std::int64_t group_rows) const {
  auto file = check(arrow::io::FileOutputStream::Open(path.string()));
  auto kept = parquet::ArrowWriterProperties::Builder().store_schema()->build();
  check(parquet::arrow::WriteTable(*columns_->table(), arrow::default_memory_pool(), file,
                                   group_rows, parquet::default_writer_properties(), kept));
  check(file->Close());
}

void ForeignTable::write_arrow_file(const fs::path& path, std::int64_t batch_rows) const {
  auto table = columns_->table();
  auto file = check(arrow::io::FileOutputStream::Open(path.string()));
  auto writer = check(arrow::ipc::MakeFileWriter(file, table->schema()));
  check(writer->WriteTable(*table, batch_rows));
  check(writer->Close());
  check(file->Close());
}

void ForeignTable::write_arrow_stream(const fs::path& path, std::int64_t batch_rows) const {
  auto table = columns_->table();
  auto file = check(arrow::io::FileOutputStream::Open(path.string()));
  auto writer = check(arrow::ipc::MakeStreamWriter(file, table->schema()));
  check(writer->WriteTable(*table, batch_rows));
  check(writer->Close());
  check(file->Close());
}

}  // namespace kale
