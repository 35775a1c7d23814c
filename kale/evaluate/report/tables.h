// Columns of tables by name, record by record.
// Errors   kNotFound where nothing lies, naming the option; kBadConfig for a run that published no
//          table; kBadConfig, kCorrupt and kIo for a file that is no table. What is wrong with a
//          record stands in it
// Threads  free functions, safe
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kale/core/result.h"
#include "kale/io/parquet/records.h"

namespace kale::evaluate {

inline constexpr std::int64_t kRecordBytesMax = std::int64_t{16} << 20;

// Each name once in a place of the table reader's roles, which have no meaning here: who asks for a
// column twice reads the same one.
class Columns {
 public:
  explicit Columns(const std::vector<std::string>& names);
  const RecordWants& wants() const { return wants_; }
  // Nothing where the record lacks the column.
  const std::optional<std::string>& text(Record& record, std::string_view name) const;

 private:
  RecordWants wants_;
  std::vector<std::string> names_;  // by place
};

struct RecordPlace {
  std::filesystem::path file;
  std::int64_t row = -1;  // from 0; below: the file itself

  std::string text() const;  // "data.parquet, row 3"
};

// What was given by `option`, an option of the command line, is there.
Status check_there(const std::filesystem::path& path, std::string_view option);

// A file, or the tables of a folder: of what kale published those in core/, of a world those in
// parquet/. What an evaluation left in a folder (it holds measures.json) is not read again.
using UseRecord = std::function<Status(Record&, const RecordPlace&)>;
Status each_record(const std::filesystem::path& path, std::string_view option,
                   const Columns& columns, const UseRecord& use);

// The names that write_evaluation() gives; the one by which its folder is known is the last.
const std::vector<std::string>& result_files();

}  // namespace kale::evaluate
