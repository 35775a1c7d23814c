// Which files are tables, and how their records are opened and counted.
// Errors   list_tables: kNotFound where there is none, kBadConfig for an ending nobody knows, kIo;
//          opening and counting: kNotFound, kIo, kCorrupt
// Threads  free functions, safe
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kale/core/source.h"
#include "kale/io/parquet/records.h"

namespace kale {

enum class TableFormat { kParquet, kArrow, kCsv, kTsv, kJsonLines, kPlaces };

// By the ending of the name; text formats may end in .gz too.
std::optional<TableFormat> table_format(const std::filesystem::path& path);

// A folder of tables, or one of them alone.
struct TablePlace {
  std::filesystem::path folder;
  std::string only;  // empty: all below `folder`
};
TablePlace table_place(const std::filesystem::path& path);

// Of a published folder the tables lie in core/, of a world in parquet/; other things lie beside.
std::filesystem::path published_tables(const std::filesystem::path& path);

// Globs of all tables but lists of places, which are texts beside pictures in most folders.
std::vector<std::string> table_globs();

// In a folder, text files count only where `include` names them (they may be the texts beside
// pictures), and what the `datasets` library keeps for itself (cache-*.arrow) never.
Result<std::vector<InputFile>> list_tables(const TablePlace& place,
                                           const std::vector<std::string>& include,
                                           std::int64_t limit);

struct TableLimits {
  std::int64_t record_bytes_max = std::int64_t{4} << 20;
  std::int64_t file_rows_max = 0;  // 0: all
};

// Messages about records call the file `shown`: they go into the dataset, where the place of the
// source on this machine means nothing.
Result<std::unique_ptr<RecordReader>> open_table(const std::filesystem::path& path,
                                                 const std::string& shown, const RecordWants& wants,
                                                 const TableLimits& limits);
// A file that is not what it should be is one record: a failed one.
Result<std::int64_t> count_table(const std::filesystem::path& path, const TableLimits& limits);

}  // namespace kale
