#include <arrow/api.h>
#include <arrow/io/interfaces.h>
#include <arrow/ipc/api.h>
#include <fmt/format.h>

#include <utility>

#include "kale/io/parquet/arrow_door.h"
#include "kale/io/parquet/record_batches.h"

namespace kale {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kFileMagic = "ARROW1";

// The batches of an IPC file or stream, in order.
class Batches {
 public:
  arrow::Status open(std::shared_ptr<arrow::io::RandomAccessFile> input, arrow::MemoryPool* pool) {
    auto options = arrow::ipc::IpcReadOptions::Defaults();
    options.memory_pool = pool;
    options.use_threads = false;
    ARROW_ASSIGN_OR_RAISE(auto magic, input->ReadAt(0, kFileMagic.size()));
    if (std::string_view(*magic) == kFileMagic) {
      ARROW_ASSIGN_OR_RAISE(file_, arrow::ipc::RecordBatchFileReader::Open(input, options));
      schema_ = file_->schema();
      return arrow::Status::OK();
    }
    ARROW_ASSIGN_OR_RAISE(stream_, arrow::ipc::RecordBatchStreamReader::Open(input, options));
    schema_ = stream_->schema();
    return arrow::Status::OK();
  }

  const arrow::Schema& schema() const { return *schema_; }

  // Null after the last.
  arrow::Result<std::shared_ptr<arrow::RecordBatch>> next() {
    std::shared_ptr<arrow::RecordBatch> batch;
    if (stream_) {
      ARROW_RETURN_NOT_OK(stream_->ReadNext(&batch));
    } else if (at_ < file_->num_record_batches()) {
      ARROW_ASSIGN_OR_RAISE(batch, file_->ReadRecordBatch(at_++));
    }
    if (batch) ARROW_RETURN_NOT_OK(batch->Validate());
    return batch;
  }

 private:
  std::shared_ptr<arrow::ipc::RecordBatchFileReader> file_;
  std::shared_ptr<arrow::ipc::RecordBatchStreamReader> stream_;
  std::shared_ptr<arrow::Schema> schema_;
  int at_ = 0;
};

std::size_t leaves(const arrow::FieldVector& fields) {
  std::size_t count = 0;
  for (const auto& field : fields)
    count += field->type()->num_fields() == 0 ? 1 : leaves(field->type()->fields());
  return count;
}

class ArrowRecords : public RecordReader {
 public:
  explicit ArrowRecords(fs::path path) : table_{std::move(path)} {}

  Status open(std::shared_ptr<ReadableFile> file, const RecordWants* wants) {
    rows_left_ = file->bytes() * kRecordsPerByteMax;
    KALE_OK(table_.guarded(
        [&] { return batches_.open(table_.input(std::move(file)), &table_.memory.pool); }));
    std::size_t columns = leaves(batches_.schema().fields());
    if (columns > kTableColumnsMax) return too_many_columns(table_.path.string(), columns);
    if (wants)
      records_ = std::make_unique<BatchRecords>(table_.path.string(), batches_.schema(), *wants);
    return {};
  }

  Result<std::optional<Record>> next() override {
    while (left_ == 0) {
      KALE_TRY(bool more, read_batch());
      if (!more) return std::optional<Record>();
    }
    Record record;
    if (broken_)
      record.error = broken_;
    else
      record = records_->next();
    pass(1);
    return std::optional(std::move(record));
  }

  Result<std::int64_t> skip(std::int64_t records) override {
    std::int64_t left = records;
    while (left > 0) {
      if (left_ == 0) {
        KALE_TRY(bool more, read_batch());
        if (!more) break;
      }
      std::int64_t passed = std::min(left, left_);
      if (!broken_) records_->skip(passed);
      pass(passed);
      left -= passed;
    }
    return records - left;
  }

  Result<std::int64_t> count() {
    std::int64_t rows = 0;
    while (true) {
      KALE_TRY(bool more, read_batch());
      if (!more) return rows;
      rows += std::exchange(left_, 0);
    }
  }

 private:
  // A batch goes before the next one comes, as it does where records are only counted.
  void pass(std::int64_t records) {
    left_ -= records;
    at_ += records;
    if (left_ == 0) records_->drop();
  }

  // False after the last. What stands behind a batch that cannot be read is lost: the file then
  // ends with one failed record. A batch whose values are damaged fails record by record.
  Result<bool> read_batch() {
    if (ended_) return false;
    broken_.reset();
    std::shared_ptr<arrow::RecordBatch> batch;
    auto said = OpenTable::attempt([&]() -> arrow::Status {
      do {
        ARROW_ASSIGN_OR_RAISE(batch, batches_.next());
      } while (batch != nullptr && batch->num_rows() == 0);
      if (batch != nullptr && batch->num_rows() > rows_left_)
        return arrow::Status::Invalid("it claims more rows than its bytes hold");
      return arrow::Status::OK();
    });
    if (!said.ok()) {
      Error error = table_.error(said, fmt::format("from row {} to its end", at_));
      if (!is_records(error.code)) return error;
      ended_ = true;
      left_ = 1;
      broken_ = std::move(error);
      return true;
    }
    ended_ = batch == nullptr;
    if (ended_) return false;
    left_ = batch->num_rows();
    rows_left_ -= left_;
    if (records_ == nullptr) return true;
    Status taken;
    Status guard = table_.guarded([&] {
      taken = records_->take(std::move(batch), at_);
      return arrow::Status::OK();
    });
    if (!guard) taken = guard;
    if (!taken) broken_ = std::move(taken).error();
    return true;
  }

  OpenTable table_;
  Batches batches_;
  std::unique_ptr<BatchRecords> records_;  // null while counting
  std::int64_t rows_left_ = 0;             // that the file could still hold
  std::int64_t left_ = 0;                  // of the batch at hand
  std::int64_t at_ = 0;
  bool ended_ = false;
  std::optional<Error> broken_;
};

}  // namespace

Result<std::unique_ptr<RecordReader>> open_arrow_records(const fs::path& path,
                                                         const RecordWants& wants) {
  KALE_TRY(auto file, real_disk().open(path));
  return read_arrow_records(std::move(file), path, wants);
}

Result<std::unique_ptr<RecordReader>> read_arrow_records(std::unique_ptr<ReadableFile> file,
                                                         const fs::path& path,
                                                         const RecordWants& wants) {
  auto reader = std::make_unique<ArrowRecords>(path);
  KALE_OK(reader->open(std::move(file), &wants));
  return std::unique_ptr<RecordReader>(std::move(reader));
}

Result<std::int64_t> count_arrow_records(const fs::path& path) {
  KALE_TRY(auto file, real_disk().open(path));
  ArrowRecords reader(path);
  KALE_OK(reader.open(std::move(file), nullptr));
  return reader.count();
}

}  // namespace kale
