// From a batch of Arrow columns to records; for the files of this room only.
#pragma once

#include <arrow/api.h>
#include <arrow/memory_pool.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kale/io/parquet/arrow_door.h"
#include "kale/io/parquet/records.h"

namespace kale {

// Memory for one table; asking for more is an error of the table.
struct TableMemory {
  arrow::ProxyMemoryPool counted{arrow::default_memory_pool()};
  arrow::CappedMemoryPool pool{&counted, kTableMemoryMax};
};

// One table being read: what Arrow and the parquet library, which throws on bytes that it does not
// understand, say of it becomes an error of kale's.
struct OpenTable {
  std::filesystem::path path;
  TableMemory memory = {};
  std::shared_ptr<Status> refused = std::make_shared<Status>();  // by the disk

  std::shared_ptr<arrow::io::RandomAccessFile> input(std::shared_ptr<ReadableFile> file) {
    return arrow_input(std::move(file), &memory.pool, refused);
  }
  // What the library throws is what it says.
  static arrow::Status attempt(const std::function<arrow::Status()>& read);
  // kCorrupt for what the bytes lack, kLimit for memory; what the disk said where it did not
  // answer. `place` stands in the table: "row group 3".
  Error error(const arrow::Status& said, std::string_view place = {}) const;
  Status guarded(const std::function<arrow::Status()>& read) const {
    arrow::Status done = attempt(read);
    return done.ok() ? Status() : error(done);
  }
};

// Else the world's: the disk's, say.
inline bool is_records(Code code) { return code == Code::kCorrupt || code == Code::kLimit; }
Error too_many_columns(std::string_view table, std::size_t columns);

// Which column of a table plays which role, and which travel through.
struct ColumnPlan {
  static constexpr int kNone = -1;
  std::array<int, kRoles> roles;        // index in the schema, or kNone
  std::vector<int> extras;              // indices in the schema
  std::vector<bool> as_text;            // beside extras: parquet has no form for the type
  std::shared_ptr<arrow::Schema> kept;  // of the extras

  int of(Role role) const { return roles[static_cast<std::size_t>(role)]; }
};
ColumnPlan plan_columns(const arrow::Schema& schema, const RoleNames& names);

// The records of one batch at a time. Columns are looked up by name, so that a batch may lack those
// that were not read.
class BatchRecords {
 public:
  BatchRecords(std::string name, const arrow::Schema& schema, const RecordWants& wants)
      : name_(std::move(name)), plan_(plan_columns(schema, wants.names)), images_(wants.images) {
    for (int index : plan_.roles)
      role_names_.push_back(index == ColumnPlan::kNone ? "" : schema.field(index)->name());
    for (int index : plan_.extras) extra_names_.push_back(schema.field(index)->name());
  }

  const ColumnPlan& plan() const { return plan_; }
  Status take(std::shared_ptr<arrow::RecordBatch> batch, std::int64_t first_record);
  std::int64_t left() const { return batch_ == nullptr ? 0 : batch_->num_rows() - at_; }
  Record next();
  void skip(std::int64_t records) { at_ += records; }
  void drop() {  // the rest is not wanted
    batch_ = nullptr;
    columns_ = {};
    extras_ = nullptr;
  }

 private:
  Status take_texts(std::int64_t i, Record& record) const;
  Status take_image(std::int64_t i, Record& record) const;
  Status gather_extras();

  std::string name_;
  ColumnPlan plan_;
  bool images_;
  std::vector<std::string> role_names_;  // by role
  std::vector<std::string> extra_names_;
  std::shared_ptr<arrow::RecordBatch> batch_;
  std::array<std::shared_ptr<arrow::Array>, kRoles> columns_;
  ExtrasPtr extras_;
  std::int64_t at_ = 0;
  std::int64_t first_record_ = 0;
};

// Every value as people would read it.
arrow::Result<std::shared_ptr<arrow::Array>> column_as_text(const arrow::Array& values);

}  // namespace kale
