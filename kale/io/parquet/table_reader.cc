#include <arrow/api.h>
#include <fmt/format.h>
#include <parquet/arrow/reader.h>
#include <parquet/exception.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/statistics.h>

#include "kale/io/parquet/arrow_door.h"
#include "kale/io/parquet/table.h"

namespace kale {
namespace fs = std::filesystem;
namespace {

const ColumnInfo* row_column(std::string_view name) {
  for (const ColumnInfo& info : column_table())
    if (info.name == name && !info.transient()) return &info;
  return nullptr;
}

class ParquetReader : public TableReader {
 public:
  ParquetReader(fs::path path, std::string prefix)
      : path_(std::move(path)), prefix_(std::move(prefix)) {}

  Status open(std::shared_ptr<ReadableFile> file) {
    return guarded([&] { return open_inside(std::move(file)); });
  }

  std::int64_t rows() const override { return footer_->num_rows(); }
  ExtrasPtr extras() const override { return extras_; }

  bool any_value(std::string_view name) const override {
    int column = footer_->schema()->ColumnIndex(std::string(name));
    if (column < 0) return false;
    for (int group = 0; group < footer_->num_row_groups(); ++group) {
      auto chunk = footer_->RowGroup(group)->ColumnChunk(column);
      auto values = chunk->is_stats_set() ? chunk->statistics() : nullptr;
      if (values == nullptr || !values->HasNullCount()) return true;
      if (values->null_count() < footer_->RowGroup(group)->num_rows()) return true;
    }
    return false;
  }

  Result<std::optional<TableBatch>> next() override {
    if (group_ == footer_->num_row_groups()) return std::optional<TableBatch>();
    TableBatch batch;
    KALE_OK(guarded([&] { return read_group(group_, batch); }));
    ++group_;
    return std::optional(std::move(batch));
  }

 private:
  // The parquet library throws on bytes that it does not understand.
  template <class F>
  Status guarded(F read) const {
    try {
      return read();
    } catch (const std::exception& error) {
      return Error{Code::kCorrupt, fmt::format("{}: {}", path_.string(), error.what())};
    }
  }

  Error corrupt(std::string_view what) const {
    return {Code::kCorrupt, fmt::format("{}: {}", path_.string(), what)};
  }

  Status open_inside(std::shared_ptr<ReadableFile> file) {
    parquet::ReaderProperties properties = parquet::default_reader_properties();
    properties.set_page_checksum_verification(true);
    parquet::ArrowReaderProperties arrow_properties(/*use_threads=*/false);
    arrow_properties.set_pre_buffer(false);
    parquet::arrow::FileReaderBuilder builder;
    arrow::Status opened = builder.Open(arrow_input(std::move(file)), properties);
    if (!opened.ok()) return corrupt(opened.message());
    auto reader = builder.properties(arrow_properties)->Build();
    if (!reader.ok()) return corrupt(reader.status().message());
    reader_ = std::move(*reader);
    footer_ = reader_->parquet_reader()->metadata();
    std::shared_ptr<arrow::Schema> schema;
    arrow::Status known = reader_->GetSchema(&schema);
    if (!known.ok()) return corrupt(known.message());
    arrow::FieldVector extras;
    for (const auto& field : schema->fields())
      if (is_extra(field->name()))
        extras.push_back(field->WithName(field->name().substr(prefix_.size())));
    auto empty = arrow::RecordBatch::MakeEmpty(arrow::schema(extras));
    if (!empty.ok()) return corrupt(empty.status().message());
    extras_ = std::make_shared<ArrowExtras>(*empty);
    return {};
  }

  bool is_extra(std::string_view name) const {
    return !prefix_.empty() && name.starts_with(prefix_);
  }

  Status read_group(int group, TableBatch& batch) {
    auto table = reader_->ReadRowGroup(group);
    if (!table.ok()) return corrupt(table.status().message());
    auto whole = (*table)->CombineChunksToBatch();
    if (!whole.ok()) return corrupt(whole.status().message());
    batch.rows.resize(static_cast<std::size_t>((*whole)->num_rows()));
    arrow::ArrayVector extra_columns;
    for (int i = 0; i < (*whole)->num_columns(); ++i) {
      const std::string& name = (*whole)->column_name(i);
      if (is_extra(name))
        extra_columns.push_back((*whole)->column(i));
      else if (const ColumnInfo* info = row_column(name))
        KALE_OK(read_column(*info, *(*whole)->column(i), batch));
      else
        read_beside(name, *(*whole)->column(i), batch);
    }
    if (extra_columns.empty()) return {};
    auto extras = std::make_shared<ArrowExtras>(arrow::RecordBatch::Make(
        arrow_batch(extras_.get())->schema(), (*whole)->num_rows(), std::move(extra_columns)));
    for (std::size_t i = 0; i < batch.rows.size(); ++i) {
      batch.rows[i].extras = extras;
      batch.rows[i].extras_row = static_cast<std::int64_t>(i);
    }
    return {};
  }

  template <class ArrowArray, class T>
  Status read_values(const ColumnInfo& info, const arrow::Array& values, T Row::*member,
                     TableBatch& batch) {
    auto* typed = dynamic_cast<const ArrowArray*>(&values);
    if (typed == nullptr)
      return corrupt(fmt::format("column {} is {}; only files written by kale can be read here",
                                 info.name, values.type()->ToString()));
    for (std::size_t i = 0; i < batch.rows.size(); ++i) {
      if (typed->IsNull(static_cast<std::int64_t>(i))) continue;
      batch.rows[i].*member = static_cast<T>(typed->GetView(static_cast<std::int64_t>(i)));
      batch.rows[i].filled |= Columns{info.column};
    }
    return {};
  }

  Status read_column(const ColumnInfo& info, const arrow::Array& values, TableBatch& batch) {
    if (auto* text = std::get_if<std::string Row::*>(&info.field))
      return read_values<arrow::StringArray>(info, values, *text, batch);
    if (auto* whole = std::get_if<std::int64_t Row::*>(&info.field))
      return read_values<arrow::Int64Array>(info, values, *whole, batch);
    return read_values<arrow::DoubleArray>(info, values, std::get<double Row::*>(info.field),
                                           batch);
  }

  // Columns of other types beside the rows (published extras) are for other readers than kale.
  static void read_beside(const std::string& name, const arrow::Array& values, TableBatch& batch) {
    if (auto* texts = dynamic_cast<const arrow::StringArray*>(&values)) {
      auto& out = batch.texts[name];
      for (std::int64_t i = 0; i < texts->length(); ++i)
        out.emplace_back(texts->IsNull(i) ? std::string_view() : texts->GetView(i));
    } else if (auto* wholes = dynamic_cast<const arrow::Int64Array*>(&values)) {
      auto& out = batch.wholes[name];
      for (std::int64_t i = 0; i < wholes->length(); ++i)
        out.push_back(wholes->IsNull(i) ? 0 : wholes->Value(i));
    }
  }

  fs::path path_;
  std::string prefix_;
  std::unique_ptr<parquet::arrow::FileReader> reader_;
  std::shared_ptr<parquet::FileMetaData> footer_;
  ExtrasPtr extras_;
  int group_ = 0;
};

}  // namespace

Result<std::unique_ptr<TableReader>> TableReader::open(Disk& disk, const fs::path& path,
                                                       std::string_view extras_prefix) {
  KALE_TRY(std::shared_ptr<ReadableFile> file, disk.open(path));
  auto reader = std::make_unique<ParquetReader>(path, std::string(extras_prefix));
  KALE_OK(reader->open(std::move(file)));
  return std::unique_ptr<TableReader>(std::move(reader));
}

}  // namespace kale
