#include <arrow/api.h>
#include <arrow/array/concatenate.h>
#include <arrow/util/key_value_metadata.h>
#include <fmt/format.h>
#include <parquet/arrow/writer.h>
#include <parquet/properties.h>

#include <unordered_set>

#include "kale/io/parquet/arrow_door.h"
#include "kale/io/parquet/common_type.h"
#include "kale/io/parquet/table.h"
#include "kale/text/utf8.h"

namespace kale {
namespace fs = std::filesystem;
namespace {

constexpr int kZstdLevel = 3;
constexpr std::int64_t kValueOverheadBytes = 4;  // an offset, or a level

// The cuts that `datasets` makes, and says it made, so that the Hub finds unchanged stretches.
constexpr std::string_view kHubCuts =
    R"({"min_chunk_size": 262144, "max_chunk_size": 1048576, "norm_level": 0})";

// Values that hardly ever repeat: a dictionary would be built and thrown away.
constexpr Columns kNeverRepeated{Column::kKey,          Column::kPath,     Column::kUrl,
                                 Column::kAltText,      Column::kSha256,   Column::kFacts,
                                 Column::kOcrText,      Column::kOcrWords, Column::kCaptionDense,
                                 Column::kCaptionFused, Column::kCaption,  Column::kTextDensity};

std::shared_ptr<arrow::DataType> arrow_type(TableField::Kind kind) {
  switch (kind) {
    case TableField::Kind::kText:
      return arrow::utf8();
    case TableField::Kind::kWhole:
      return arrow::int64();
    case TableField::Kind::kReal:
      return arrow::float64();
    case TableField::Kind::kImage:
      return arrow::struct_(
          {arrow::field("bytes", arrow::binary()), arrow::field("path", arrow::utf8())});
  }
  check_failed("kind", "a field kind without an Arrow type");
}

std::shared_ptr<parquet::WriterProperties> writer_properties(const TableSpec& spec) {
  parquet::WriterProperties::Builder builder;
  builder.created_by("kale version " KALE_VERSION)
      ->compression(parquet::Compression::ZSTD)
      ->compression_level(kZstdLevel)
      ->max_row_group_length(spec.group_rows)
      ->enable_page_checksum()
      ->enable_write_page_index();
  if (spec.for_hub) builder.enable_content_defined_chunking();
  for (const TableField& field : spec.fields) {
    if (field.column && kNeverRepeated.has(*field.column)) builder.disable_dictionary(field.name);
    if (field.kind != TableField::Kind::kImage) continue;
    builder.disable_dictionary(field.name + ".bytes")->disable_dictionary(field.name + ".path");
  }
  return builder.build();
}

std::shared_ptr<arrow::Schema> file_schema(const TableSpec& spec) {
  arrow::FieldVector fields;
  for (const TableField& field : spec.fields)
    fields.push_back(arrow::field(field.name, arrow_type(field.kind)));
  const arrow::RecordBatch* extras = arrow_batch(spec.extras.get());
  std::vector<std::string> names = extra_column_names(spec);
  for (std::size_t i = 0; i < names.size(); ++i)
    fields.push_back(
        extras->schema()->field(static_cast<int>(i))->WithName(names[i])->WithNullable(true));
  auto schema = arrow::schema(fields);
  if (!spec.for_hub) return schema;
  return schema->WithMetadata(arrow::key_value_metadata({{"huggingface", hub_features(*schema)}}));
}

class ParquetWriter : public TableWriter {
 public:
  ParquetWriter(fs::path path, TableSpec spec, std::shared_ptr<FileSink> sink)
      : path_(std::move(path)), spec_(std::move(spec)), sink_(std::move(sink)) {}

  Status open() {
    schema_ = file_schema(spec_);
    for (const TableField& field : spec_.fields) {
      auto builder = arrow::MakeBuilder(arrow_type(field.kind));
      if (!builder.ok()) return failed(builder.status());
      builders_.push_back(std::move(*builder));
    }
    auto kept = parquet::ArrowWriterProperties::Builder().store_schema()->build();
    auto writer =
        parquet::arrow::FileWriter::Open(*schema_, arrow::default_memory_pool(),
                                         arrow_output(sink_), writer_properties(spec_), kept);
    if (!writer.ok()) return failed(writer.status());
    writer_ = std::move(*writer);
    if (!spec_.for_hub) return {};
    arrow::Status said = writer_->AddKeyValueMetadata(
        arrow::key_value_metadata({{"content_defined_chunking", std::string(kHubCuts)}}));
    return said.ok() ? Status{} : failed(said);
  }

  Status append(const Row& row, std::span<const BesideValue> beside) override {
    std::size_t next_beside = 0;
    for (std::size_t i = 0; i < spec_.fields.size(); ++i) {
      const TableField& field = spec_.fields[i];
      arrow::Status added;
      if (field.column) {
        added = append_column(*builders_[i], row, *field.column);
      } else {
        KALE_CHECK(next_beside < beside.size(), "each field beside the row has a value");
        added = append_beside(*builders_[i], field, beside[next_beside++]);
      }
      if (!added.ok()) return failed(added);
    }
    append_extras(row);
    ++group_rows_;
    if (group_rows_ < spec_.group_rows && group_bytes_ < spec_.group_bytes) return {};
    return flush();
  }

  std::int64_t bytes_so_far() const override { return sink_->bytes(); }

  Result<TableFile> finish() override {
    KALE_OK(flush());
    arrow::Status closed = writer_->Close();
    if (!closed.ok()) return failed(closed);
    KALE_OK(sink_->finish());
    return TableFile{rows_, sink_->bytes(), sink_->digest()};
  }

 private:
  struct Run {
    ExtrasPtr extras;  // null: these rows have none
    std::int64_t first = 0;
    std::int64_t rows = 0;
  };

  Error failed(const arrow::Status& status) const {
    if (!sink_->status()) return sink_->status().error();
    return arrow_error(Code::kIo, path_, status);
  }

  arrow::Status append_text(arrow::ArrayBuilder& builder, std::string_view text) {
    group_bytes_ += static_cast<std::int64_t>(text.size()) + kValueOverheadBytes;
    auto& texts = static_cast<arrow::StringBuilder&>(builder);
    if (is_valid_utf8(text)) return texts.Append(text);
    std::string valid;
    for (std::size_t at = 0; at < text.size();) append_code_point(valid, next_code_point(text, at));
    return texts.Append(valid);
  }

  arrow::Status append_column(arrow::ArrayBuilder& builder, const Row& row, Column column) {
    if (!row.filled.has(column)) return builder.AppendNull();
    const Field& field = column_info(column).field;
    if (auto* text = std::get_if<std::string Row::*>(&field))
      return append_text(builder, row.*(*text));
    group_bytes_ += static_cast<std::int64_t>(sizeof(std::int64_t));
    if (auto* whole = std::get_if<std::int64_t Row::*>(&field))
      return static_cast<arrow::Int64Builder&>(builder).Append(row.*(*whole));
    return static_cast<arrow::DoubleBuilder&>(builder).Append(row.*std::get<double Row::*>(field));
  }

  arrow::Status append_beside(arrow::ArrayBuilder& builder, const TableField& field,
                              const BesideValue& value) {
    if (field.kind == TableField::Kind::kWhole)
      return static_cast<arrow::Int64Builder&>(builder).Append(std::get<std::int64_t>(value));
    if (field.kind == TableField::Kind::kReal)
      return static_cast<arrow::DoubleBuilder&>(builder).Append(std::get<double>(value));
    if (field.kind == TableField::Kind::kImage)
      return append_image(static_cast<arrow::StructBuilder&>(builder), std::get<ImageValue>(value));
    auto text = std::get<std::string_view>(value);
    return text.empty() ? builder.AppendNull() : append_text(builder, text);
  }

  arrow::Status append_image(arrow::StructBuilder& builder, const ImageValue& image) {
    if (image.bytes.empty()) return builder.AppendNull();
    ARROW_RETURN_NOT_OK(builder.Append());
    group_bytes_ += static_cast<std::int64_t>(image.bytes.size()) + kValueOverheadBytes;
    ARROW_RETURN_NOT_OK(
        static_cast<arrow::BinaryBuilder*>(builder.field_builder(0))->Append(image.bytes));
    return append_text(*builder.field_builder(1), image.path);
  }

  void append_extras(const Row& row) {
    const arrow::RecordBatch* batch = arrow_batch(row.extras.get());
    bool goes_on = !runs_.empty() && runs_.back().extras == row.extras &&
                   (batch == nullptr || runs_.back().first + runs_.back().rows == row.extras_row);
    if (!goes_on) runs_.push_back({row.extras, row.extras_row, 0});
    ++runs_.back().rows;
    if (batch == nullptr) return;
    KALE_CHECK(row.extras_row >= 0 && row.extras_row < batch->num_rows(),
               "a row's extras_row lies in its batch");
    group_bytes_ += row.extras->row_bytes();
  }

  // The extra column `field` (its name as in the input) over all rows of the group.
  Result<std::shared_ptr<arrow::Array>> gather(const arrow::Field& field) {
    arrow::ArrayVector whole;
    arrow::ArrayVector alike;  // pieces of one type that stand together
    auto widen_alike = [&]() -> Status {
      if (alike.empty()) return {};
      auto joined = arrow::Concatenate(alike);
      if (!joined.ok()) return failed(joined.status());
      KALE_TRY(auto piece, widened(*joined, field.type()));
      whole.push_back(std::move(piece));
      alike.clear();
      return {};
    };
    for (const Run& run : runs_) {
      const arrow::RecordBatch* batch = arrow_batch(run.extras.get());
      auto column = batch == nullptr ? nullptr : batch->GetColumnByName(field.name());
      std::shared_ptr<arrow::Array> piece = column == nullptr
                                                ? std::make_shared<arrow::NullArray>(run.rows)
                                                : column->Slice(run.first, run.rows);
      if (!alike.empty() && !alike.back()->type()->Equals(*piece->type())) KALE_OK(widen_alike());
      alike.push_back(std::move(piece));
    }
    KALE_OK(widen_alike());
    // One piece whatever the batches were: pages are cut at piece ends too.
    auto column = arrow::Concatenate(whole);
    if (!column.ok()) return failed(column.status());
    return *column;
  }

  Status flush() {
    if (group_rows_ == 0) return {};
    arrow::ArrayVector columns;
    for (auto& builder : builders_) {
      auto column = builder->Finish();
      if (!column.ok()) return failed(column.status());
      columns.push_back(std::move(*column));
    }
    if (const arrow::RecordBatch* extras = arrow_batch(spec_.extras.get())) {
      for (const auto& field : extras->schema()->fields()) {
        KALE_TRY(auto column, gather(*field));
        columns.push_back(std::move(column));
      }
    }
    auto table = arrow::Table::Make(schema_, columns, group_rows_);
    arrow::Status written = writer_->WriteTable(*table, group_rows_);
    if (!written.ok()) return failed(written);
    rows_ += group_rows_;
    group_rows_ = group_bytes_ = 0;
    runs_.clear();
    return {};
  }

  fs::path path_;
  TableSpec spec_;
  std::shared_ptr<FileSink> sink_;
  std::shared_ptr<arrow::Schema> schema_;
  std::unique_ptr<parquet::arrow::FileWriter> writer_;
  std::vector<std::unique_ptr<arrow::ArrayBuilder>> builders_;
  std::vector<Run> runs_;
  std::int64_t rows_ = 0;
  std::int64_t group_rows_ = 0;
  std::int64_t group_bytes_ = 0;
};

}  // namespace

TableField row_field(Column column) {
  const ColumnInfo& info = column_info(column);
  KALE_CHECK(!info.transient(), "bytes and pixels are never written");
  auto kind = std::holds_alternative<std::string Row::*>(info.field)    ? TableField::Kind::kText
              : std::holds_alternative<std::int64_t Row::*>(info.field) ? TableField::Kind::kWhole
                                                                        : TableField::Kind::kReal;
  return {std::string(info.name), column, kind};
}

TableField text_field(std::string name) {
  return {std::move(name), std::nullopt, TableField::Kind::kText};
}

TableField whole_field(std::string name) {
  return {std::move(name), std::nullopt, TableField::Kind::kWhole};
}

TableField real_field(std::string name) {
  return {std::move(name), std::nullopt, TableField::Kind::kReal};
}

TableField image_field(std::string name) {
  return {std::move(name), std::nullopt, TableField::Kind::kImage};
}

// The input may use a name that is kale's, and the name that another column would then get.
std::vector<std::string> extra_column_names(const TableSpec& spec,
                                            std::span<const std::string_view> taken) {
  std::unordered_set<std::string> given;
  for (std::string_view name : taken) given.emplace(name);
  for (const ColumnInfo& info : column_table()) given.emplace(info.name);
  for (const TableField& field : spec.fields) given.insert(field.name);
  std::vector<std::string> names = extras_names(spec.extras);
  std::vector<std::string*> clashing;
  for (std::string& name : names) {
    name = spec.extras_prefix + name;
    if (!given.insert(name).second) clashing.push_back(&name);
  }
  for (std::string* name : clashing) do {
      *name = "input_" + *name;
    } while (!given.insert(*name).second);
  return names;
}

Result<std::unique_ptr<TableWriter>> TableWriter::create(Disk& disk, const fs::path& path,
                                                         TableSpec spec) {
  KALE_TRY(auto file, disk.create(path));
  auto writer = std::make_unique<ParquetWriter>(path, std::move(spec),
                                                std::make_shared<FileSink>(std::move(file)));
  KALE_OK(writer->open());
  return std::unique_ptr<TableWriter>(std::move(writer));
}

}  // namespace kale
