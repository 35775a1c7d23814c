// What tests of records look at. For tests only.
// Threads  free functions, safe
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kale/io/parquet/extras.h"
#include "kale/io/parquet/records.h"

namespace kale {

inline std::vector<Record> all_records(RecordReader& reader) {
  std::vector<Record> records;
  while (auto record = reader.next().value()) records.push_back(std::move(*record));
  return records;
}

// One extra column of a record as text; "(null)" for null.
inline std::string extra_text(const Record& record, std::string_view name) {
  Row row;
  row.extras = record.extras;
  row.extras_row = record.extras_row;
  return extras_value(row, name).value_or("(null)");
}

}  // namespace kale
