// Open tables, each at the place where somebody stopped reading it: whoever goes on there need not
// read the file from its start again.
// Threads  all functions are safe from many threads
// Units    at most kParkedMax stand open; one holds up to kRecordBatchBytes of values
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "kale/io/parquet/records.h"

namespace kale {

struct TableCursor {
  std::string path;  // of the file, relative to the source root
  bool images = false;
  std::int64_t at = 0;  // the record that comes next
  std::unique_ptr<RecordReader> reader;
};

class TableCursors {
 public:
  static constexpr std::size_t kParkedMax = 4;

  // The one that stands nearest before record `at`.
  std::optional<TableCursor> take(const std::string& path, bool images, std::int64_t at) {
    std::lock_guard lock(mutex_);
    auto best = parked_.end();
    for (auto it = parked_.begin(); it != parked_.end(); ++it) {
      if (it->path != path || it->images != images || it->at > at) continue;
      if (best == parked_.end() || it->at > best->at) best = it;
    }
    if (best == parked_.end()) return std::nullopt;
    TableCursor cursor = std::move(*best);
    parked_.erase(best);
    return cursor;
  }

  void park(TableCursor cursor) {
    std::lock_guard lock(mutex_);
    parked_.push_back(std::move(cursor));
    if (parked_.size() > kParkedMax) parked_.pop_front();
  }

 private:
  std::mutex mutex_;
  std::deque<TableCursor> parked_;
};

}  // namespace kale
