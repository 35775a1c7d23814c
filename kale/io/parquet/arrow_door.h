// Between kale's disk and Arrow's streams; for the files of this room only.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "kale/core/result.h"
#include "kale/core/row.h"
#include "kale/io/digest.h"
#include "kale/io/disk.h"

namespace arrow {
class DataType;
class MemoryPool;
class RecordBatch;
class Schema;
class Status;
namespace io {
class OutputStream;
class RandomAccessFile;
}  // namespace io
}  // namespace arrow

namespace kale {

struct ArrowExtras : ExtraColumns {
  explicit ArrowExtras(std::shared_ptr<arrow::RecordBatch> columns);
  std::int64_t row_bytes() const override { return bytes; }
  std::shared_ptr<arrow::RecordBatch> batch;
  std::int64_t bytes = 0;  // of one row
};
// Null for null; a bug where the columns were not made by this room.
const arrow::RecordBatch* arrow_batch(const ExtraColumns* extras);

// A file being written: gathers small writes, counts and hashes what passes, keeps the disk's own
// error.
class FileSink {
 public:
  explicit FileSink(std::unique_ptr<WritableFile> file) : file_(std::move(file)) {}
  Status write(std::string_view bytes);
  Status finish();  // what is gathered, sync, close
  std::int64_t bytes() const { return bytes_; }
  std::string digest() const { return digest_.hex(); }
  const Status& status() const { return status_; }

 private:
  Status flush();
  std::unique_ptr<WritableFile> file_;
  std::string gathered_;
  std::int64_t bytes_ = 0;
  Digest digest_;
  Status status_;
};

std::shared_ptr<arrow::io::OutputStream> arrow_output(std::shared_ptr<FileSink> sink);
// What is read lies in `pool`; null: Arrow's own. What the disk refuses is kept in `refused` too:
// Arrow and parquet call it by the same names as damaged bytes.
std::shared_ptr<arrow::io::RandomAccessFile> arrow_input(std::shared_ptr<ReadableFile> file,
                                                         arrow::MemoryPool* pool = nullptr,
                                                         std::shared_ptr<Status> refused = nullptr);

// kLimit for memory, else `code`.
Error arrow_error(Code code, const std::filesystem::path& path, const arrow::Status& status);

// The `huggingface` value of a schema's metadata, as the `datasets` library writes it.
std::string hub_features(const arrow::Schema& schema);

}  // namespace kale
