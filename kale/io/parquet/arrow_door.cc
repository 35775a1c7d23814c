#include "kale/io/parquet/arrow_door.h"

#include <arrow/api.h>
#include <arrow/buffer.h>
#include <arrow/io/interfaces.h>
#include <arrow/util/byte_size.h>
#include <arrow/util/future.h>
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>

namespace kale {
namespace {

constexpr std::size_t kGatherBytes = std::size_t{1} << 20;

arrow::Status to_arrow(const Error& error) { return arrow::Status::IOError(error.message); }

class OutputAdapter : public arrow::io::OutputStream {
 public:
  explicit OutputAdapter(std::shared_ptr<FileSink> sink) : sink_(std::move(sink)) {}

  arrow::Status Write(const void* data, std::int64_t bytes) override {
    Status written = sink_->write(
        std::string_view(static_cast<const char*>(data), static_cast<std::size_t>(bytes)));
    return written ? arrow::Status::OK() : to_arrow(written.error());
  }
  // The sink is closed by finish(), so that an abandoned writer never passes for a whole file.
  arrow::Status Close() override {
    closed_ = true;
    return arrow::Status::OK();
  }
  arrow::Result<std::int64_t> Tell() const override { return sink_->bytes(); }
  bool closed() const override { return closed_; }

 private:
  std::shared_ptr<FileSink> sink_;
  bool closed_ = false;
};

class InputAdapter : public arrow::io::RandomAccessFile {
 public:
  InputAdapter(std::shared_ptr<ReadableFile> file, arrow::MemoryPool* pool,
               std::shared_ptr<Status> refused)
      : file_(std::move(file)), pool_(pool), refused_(std::move(refused)) {}

  arrow::Result<std::int64_t> ReadAt(std::int64_t position, std::int64_t bytes,
                                     void* out) override {
    auto got = file_->read_at(position,
                              std::span(static_cast<char*>(out), static_cast<std::size_t>(bytes)));
    if (!got) {
      if (refused_) *refused_ = got.error();
      return to_arrow(got.error());
    }
    return static_cast<std::int64_t>(*got);
  }
  arrow::Result<std::shared_ptr<arrow::Buffer>> ReadAt(std::int64_t position,
                                                       std::int64_t bytes) override {
    // A damaged file may ask for more than it has.
    bytes =
        std::clamp<std::int64_t>(bytes, 0, std::max<std::int64_t>(0, file_->bytes() - position));
    ARROW_ASSIGN_OR_RAISE(auto buffer, arrow::AllocateResizableBuffer(bytes, pool_));
    ARROW_ASSIGN_OR_RAISE(std::int64_t got, ReadAt(position, bytes, buffer->mutable_data()));
    ARROW_RETURN_NOT_OK(buffer->Resize(got));
    return std::shared_ptr<arrow::Buffer>(std::move(buffer));
  }
  // Here and now: Arrow's threads give a buffer up when its table, and so its pool, may have gone.
  arrow::Future<std::shared_ptr<arrow::Buffer>> ReadAsync(const arrow::io::IOContext&,
                                                          std::int64_t position,
                                                          std::int64_t bytes) override {
    return arrow::Future<std::shared_ptr<arrow::Buffer>>::MakeFinished(ReadAt(position, bytes));
  }
  arrow::Future<std::shared_ptr<arrow::Buffer>> ReadAsync(const arrow::io::IOContext&,
                                                          std::int64_t position, std::int64_t bytes,
                                                          bool may_be_short) override {
    return arrow::Future<std::shared_ptr<arrow::Buffer>>::MakeFinished(
        ReadAt(position, bytes, may_be_short));
  }
  arrow::Result<std::int64_t> Read(std::int64_t bytes, void* out) override {
    ARROW_ASSIGN_OR_RAISE(std::int64_t got, ReadAt(position_, bytes, out));
    position_ += got;
    return got;
  }
  arrow::Result<std::shared_ptr<arrow::Buffer>> Read(std::int64_t bytes) override {
    ARROW_ASSIGN_OR_RAISE(auto buffer, ReadAt(position_, bytes));
    position_ += buffer->size();
    return buffer;
  }
  arrow::Status Seek(std::int64_t position) override {
    position_ = position;
    return arrow::Status::OK();
  }
  arrow::Result<std::int64_t> Tell() const override { return position_; }
  arrow::Result<std::int64_t> GetSize() override { return file_->bytes(); }
  arrow::Status Close() override {
    closed_ = true;
    return arrow::Status::OK();
  }
  bool closed() const override { return closed_; }

 private:
  using arrow::io::RandomAccessFile::ReadAsync;
  using arrow::io::RandomAccessFile::ReadAt;
  std::shared_ptr<ReadableFile> file_;
  arrow::MemoryPool* pool_;
  std::shared_ptr<Status> refused_;
  std::int64_t position_ = 0;
  bool closed_ = false;
};

// Arrow's scalar types by the names that the `datasets` library gives them.
const char* hub_dtype(const arrow::DataType& type) {
  switch (type.id()) {
    case arrow::Type::STRING:
      return "string";
    case arrow::Type::LARGE_STRING:
      return "large_string";
    case arrow::Type::BINARY:
      return "binary";
    case arrow::Type::BOOL:
      return "bool";
    case arrow::Type::INT32:
      return "int32";
    case arrow::Type::INT64:
      return "int64";
    case arrow::Type::FLOAT:
      return "float32";
    case arrow::Type::DOUBLE:
      return "float64";
    default:
      return nullptr;
  }
}

bool is_image(const arrow::DataType& type) {
  return type.id() == arrow::Type::STRUCT && type.num_fields() == 2 &&
         type.field(0)->name() == "bytes" && type.field(0)->type()->id() == arrow::Type::BINARY &&
         type.field(1)->name() == "path" && type.field(1)->type()->id() == arrow::Type::STRING;
}

}  // namespace

ArrowExtras::ArrowExtras(std::shared_ptr<arrow::RecordBatch> columns) : batch(std::move(columns)) {
  auto all = arrow::util::ReferencedBufferSize(*batch);
  if (all.ok() && batch->num_rows() > 0) bytes = *all / batch->num_rows();
}

const arrow::RecordBatch* arrow_batch(const ExtraColumns* extras) {
  if (extras == nullptr) return nullptr;
  auto* ours = dynamic_cast<const ArrowExtras*>(extras);
  KALE_CHECK(ours != nullptr, "extra columns are made by kale/io/parquet only");
  return ours->batch.get();
}

Status FileSink::write(std::string_view bytes) {
  if (!status_) return status_;
  digest_.append(bytes);
  bytes_ += static_cast<std::int64_t>(bytes.size());
  gathered_.append(bytes);
  return gathered_.size() < kGatherBytes ? Status{} : flush();
}

Status FileSink::flush() {
  if (!status_ || gathered_.empty()) return status_;
  status_ = file_->append(gathered_);
  gathered_.clear();
  return status_;
}

Status FileSink::finish() {
  KALE_OK(flush());
  status_ = file_->sync();
  if (status_) status_ = file_->close();
  return status_;
}

std::shared_ptr<arrow::io::OutputStream> arrow_output(std::shared_ptr<FileSink> sink) {
  return std::make_shared<OutputAdapter>(std::move(sink));
}

std::shared_ptr<arrow::io::RandomAccessFile> arrow_input(std::shared_ptr<ReadableFile> file,
                                                         arrow::MemoryPool* pool,
                                                         std::shared_ptr<Status> refused) {
  return std::make_shared<InputAdapter>(
      std::move(file), pool == nullptr ? arrow::default_memory_pool() : pool, std::move(refused));
}

Error arrow_error(Code code, const std::filesystem::path& path, const arrow::Status& status) {
  return {status.IsOutOfMemory() ? Code::kLimit : code,
          fmt::format("{}: {}", path.string(), status.message())};
}

// Types that are not in the table are left out: `datasets` reads theirs from the Arrow schema.
std::string hub_features(const arrow::Schema& schema) {
  nlohmann::ordered_json features = nlohmann::ordered_json::object();
  for (const auto& field : schema.fields())
    if (const char* dtype = hub_dtype(*field->type()))
      features[field->name()] = {{"dtype", dtype}, {"_type", "Value"}};
    else if (is_image(*field->type()))
      features[field->name()] = {{"_type", "Image"}};
  nlohmann::ordered_json value = {{"info", {{"features", std::move(features)}}}};
  return value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace kale
