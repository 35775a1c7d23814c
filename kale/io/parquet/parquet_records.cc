#include <arrow/api.h>
#include <fmt/format.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/schema.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/schema.h>

#include <algorithm>

#include "kale/io/parquet/arrow_door.h"
#include "kale/io/parquet/record_batches.h"

namespace kale {
namespace fs = std::filesystem;
namespace {

constexpr std::int64_t kStreamBytes = std::int64_t{256} << 10;  // read ahead of each column

// A footer may say anything: the rows of its groups are believed where they add up and could lie in
// a file of this size.
Result<std::int64_t> believed_rows(const fs::path& path, const parquet::FileMetaData& footer,
                                   std::int64_t file_bytes) {
  std::int64_t rows = 0;
  for (int group = 0; group < footer.num_row_groups(); ++group) {
    std::int64_t more = footer.RowGroup(group)->num_rows();
    if (more < 0 || more > file_bytes * kRecordsPerByteMax - rows)
      return Error{Code::kCorrupt,
                   fmt::format("{}: its footer claims more rows than {} bytes hold; "
                               "write the table again",
                               path.string(), file_bytes)};
    rows += more;
  }
  if (rows == footer.num_rows()) return rows;
  return Error{Code::kCorrupt, fmt::format("{}: its footer claims {} rows, its row groups {}; "
                                           "write the table again",
                                           path.string(), footer.num_rows(), rows)};
}

class ParquetRecords : public RecordReader {
 public:
  explicit ParquetRecords(fs::path path) : table_{std::move(path)} {}

  Status open(std::shared_ptr<ReadableFile> file, const RecordWants* wants) {
    std::int64_t bytes = file->bytes();
    KALE_OK(table_.guarded([&] { return open_footer(std::move(file)); }));
    KALE_TRY(rows_, believed_rows(table_.path, *footer_, bytes));
    if (wants == nullptr) return {};
    auto columns = static_cast<std::size_t>(footer_->num_columns());
    if (columns > kTableColumnsMax) return too_many_columns(table_.path.string(), columns);
    return table_.guarded([&] { return choose_columns(*wants); });
  }
  std::int64_t rows() const { return rows_; }

  Result<std::optional<Record>> next() override {
    while (group_left_ == 0) {
      if (++group_ >= footer_->num_row_groups()) return std::optional<Record>();
      start_group();
    }
    if (!broken_ && batch_->left() == 0) KALE_OK(read_batch());
    Record record;
    if (broken_)
      record.error = broken_;
    else
      record = batch_->next();
    pass(1);
    return std::optional(std::move(record));
  }

  Result<std::int64_t> skip(std::int64_t records) override {
    std::int64_t left = records;
    while (left > 0) {
      if (group_left_ == 0) {
        if (++group_ >= footer_->num_row_groups()) break;
        start_group();
      }
      std::int64_t passed = std::min(left, group_left_);
      bool whole_group = passed == footer_->RowGroup(group_)->num_rows();
      if (!whole_group) {
        KALE_TRY(passed, pass_in_batch(passed));
      }
      pass(passed);
      left -= passed;
    }
    return records - left;
  }

 private:
  // A reader may wait long for the next row group, or for nothing: pages and dictionaries go at
  // once.
  void pass(std::int64_t records) {
    group_left_ -= records;
    at_ += records;
    if (group_left_ > 0) return;
    batch_->drop();
    batches_ = nullptr;
  }

  arrow::Status open_footer(std::shared_ptr<ReadableFile> file) {
    parquet::ReaderProperties properties(&table_.memory.pool);
    properties.enable_buffered_stream();  // pages pass one by one; a row group is never held whole
    properties.set_buffer_size(kStreamBytes);
    properties.set_page_checksum_verification(true);
    parquet_ = parquet::ParquetFileReader::Open(table_.input(std::move(file)), properties);
    footer_ = parquet_->metadata();
    return arrow::Status::OK();
  }

  arrow::Status choose_columns(const RecordWants& wants) {
    parquet::ArrowReaderProperties properties(/*use_threads=*/false);
    properties.set_pre_buffer(false);
    ARROW_ASSIGN_OR_RAISE(reader_, parquet::arrow::FileReader::Make(
                                       &table_.memory.pool, std::move(parquet_), properties));
    // The reader's own: whoever wrote the file may have left Arrow's types beside parquet's.
    std::shared_ptr<arrow::Schema> schema;
    ARROW_RETURN_NOT_OK(reader_->GetSchema(&schema));
    batch_ = std::make_unique<BatchRecords>(table_.path.string(), *schema, wants);
    const ColumnPlan& plan = batch_->plan();
    for (int leaf = 0; leaf < footer_->num_columns(); ++leaf)
      if (wants.images || !holds_picture_bytes(leaf, *schema, plan)) leaves_.push_back(leaf);
    reader_->set_batch_size(batch_rows());
    return arrow::Status::OK();
  }

  bool holds_picture_bytes(int leaf, const arrow::Schema& schema, const ColumnPlan& plan) const {
    int image = plan.of(Role::kImage);
    if (image == ColumnPlan::kNone) return false;
    const auto& field = schema.field(image);
    auto path = footer_->schema()->Column(leaf)->path()->ToDotVector();
    if (path.empty() || path.front() != field->name()) return false;
    if (field->type()->id() == arrow::Type::STRUCT)
      return path.size() > 1 && path[1] == "bytes" && field->type()->num_fields() > 1;
    return arrow::is_binary_like(field->type()->id()) && field->type()->id() != arrow::Type::STRING;
  }

  // As many rows as take about kRecordBatchBytes in the widest row group.
  std::int64_t batch_rows() const {
    std::int64_t rows = kRecordBatchRows;
    for (int group = 0; group < footer_->num_row_groups(); ++group) {
      auto info = footer_->RowGroup(group);
      std::int64_t bytes = 0;
      for (int leaf : leaves_)
        bytes += std::clamp<std::int64_t>(info->ColumnChunk(leaf)->total_uncompressed_size(), 0,
                                          std::int64_t{1} << 50);
      std::int64_t row_bytes = bytes / std::max<std::int64_t>(1, info->num_rows()) + 1;
      rows = std::min(rows, kRecordBatchBytes / row_bytes);
    }
    return std::max<std::int64_t>(1, rows);
  }

  void start_group() {
    group_left_ = footer_->RowGroup(group_)->num_rows();
    broken_.reset();
  }

  // Where a batch cannot be read, the rest of its row group cannot either.
  Status read_batch() {
    std::shared_ptr<arrow::RecordBatch> batch;
    auto said = OpenTable::attempt([&] {
      if (batches_ != nullptr) return next_batch(*batches_, batch);
      ARROW_ASSIGN_OR_RAISE(batches_, reader_->GetRecordBatchReader({group_}, leaves_));
      return next_batch(*batches_, batch);
    });
    Status read = said.ok() ? guarded_take(std::move(batch)) : table_.error(said, place(said));
    if (read) return {};
    if (!is_records(read.error().code)) return read;
    broken_ = std::move(read).error();
    return {};
  }

  static arrow::Status next_batch(arrow::RecordBatchReader& batches,
                                  std::shared_ptr<arrow::RecordBatch>& batch) {
    ARROW_RETURN_NOT_OK(batches.ReadNext(&batch));
    if (batch == nullptr || batch->num_rows() == 0)
      return arrow::Status::Invalid("a row group holds fewer rows than its footer claims");
    return batch->Validate();
  }

  std::string place(const arrow::Status& said) {
    std::string column = said.IsOutOfMemory() ? "" : broken_column();
    return fmt::format("{}row group {}, from row {} on",
                       column.empty() ? "" : fmt::format("column '{}', ", column), group_, at_);
  }

  // Which one it is, by reading each alone up to the row where reading them all ended.
  std::string broken_column() {
    const std::int64_t row = footer_->RowGroup(group_)->num_rows() - group_left_;
    for (int leaf : leaves_) {
      auto alone = OpenTable::attempt([&] {
        std::shared_ptr<arrow::RecordBatch> batch;
        ARROW_ASSIGN_OR_RAISE(auto batches, reader_->GetRecordBatchReader({group_}, {leaf}));
        for (std::int64_t read = 0; read <= row; read += batch->num_rows())
          ARROW_RETURN_NOT_OK(next_batch(*batches, batch));
        return arrow::Status::OK();
      });
      if (!alone.ok()) return footer_->schema()->Column(leaf)->path()->ToDotString();
    }
    return {};
  }

  Status guarded_take(std::shared_ptr<arrow::RecordBatch> batch) {
    Status taken;
    Status guard = table_.guarded([&] {
      taken = batch_->take(std::move(batch), at_);
      return arrow::Status::OK();
    });
    return guard ? taken : guard;
  }

  Result<std::int64_t> pass_in_batch(std::int64_t rows) {
    if (broken_) return rows;
    if (batch_->left() == 0) KALE_OK(read_batch());
    if (broken_) return rows;
    rows = std::min(rows, batch_->left());
    batch_->skip(rows);
    return rows;
  }

  OpenTable table_;
  std::unique_ptr<parquet::ParquetFileReader> parquet_;  // until reader_ has it
  std::shared_ptr<parquet::FileMetaData> footer_;
  std::unique_ptr<parquet::arrow::FileReader> reader_;
  std::vector<int> leaves_;
  std::unique_ptr<arrow::RecordBatchReader> batches_;  // of the row group at hand
  std::unique_ptr<BatchRecords> batch_;
  std::int64_t rows_ = 0;
  int group_ = -1;
  std::int64_t group_left_ = 0;
  std::int64_t at_ = 0;  // row of the file
  std::optional<Error> broken_;
};

}  // namespace

Result<std::unique_ptr<RecordReader>> open_parquet_records(const fs::path& path,
                                                           const RecordWants& wants) {
  KALE_TRY(auto file, real_disk().open(path));
  return read_parquet_records(std::move(file), path, wants);
}

Result<std::unique_ptr<RecordReader>> read_parquet_records(std::unique_ptr<ReadableFile> file,
                                                           const fs::path& path,
                                                           const RecordWants& wants) {
  auto reader = std::make_unique<ParquetRecords>(path);
  KALE_OK(reader->open(std::move(file), &wants));
  return std::unique_ptr<RecordReader>(std::move(reader));
}

Result<std::int64_t> count_parquet_records(const fs::path& path) {
  KALE_TRY(auto file, real_disk().open(path));
  ParquetRecords reader(path);
  KALE_OK(reader.open(std::move(file), nullptr));
  return reader.rows();
}

}  // namespace kale
