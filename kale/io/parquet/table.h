// Rows to a parquet file and back, row group by row group.
// The same rows give the same bytes: fixed zstd level, no times, row groups cut by content alone.
// Errors   kIo from the disk; kNotFound, kCorrupt when reading, naming file and column
// Threads  one thread at a time for each writer and reader
// Units    a row group holds at most kGroupRows rows and about kGroupBytes of values
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kale/core/row.h"
#include "kale/io/disk.h"
#include "kale/io/parquet/extras.h"

namespace kale {

// Well under the 286 MiB that the Hub's viewer scans at most.
inline constexpr std::int64_t kGroupRows = 5000;
inline constexpr std::int64_t kGroupBytes = std::int64_t{64} << 20;

// A column of the file: one of the row's own (by its name in column_table()), or one beside it.
struct TableField {
  enum class Kind { kText, kWhole, kReal, kImage };
  std::string name;
  std::optional<Column> column;  // nothing: given beside the row
  Kind kind = Kind::kText;
};
TableField row_field(Column column);
TableField text_field(std::string name);
TableField whole_field(std::string name);
TableField real_field(std::string name);
// struct {bytes: binary, path: string}, which `datasets` and the Hub show as a picture.
TableField image_field(std::string name);

struct TableSpec {
  std::vector<TableField> fields;  // in file order; extra columns follow
  ExtrasPtr extras;                // from unite_extras(); null for none
  std::string extras_prefix;       // put before the names of extra columns in the file; "input_"
                                   // too where kale has a column of that name
  std::int64_t group_rows = kGroupRows;
  std::int64_t group_bytes = kGroupBytes;
  bool for_hub = false;  // `huggingface` metadata, and pages cut so that unchanged rows upload once
};

// The names that the extra columns of the input get in the file, in their order: each its own
// where that is free, the rest with "input_" before it until it is. `taken` are names that are
// somebody else's too.
std::vector<std::string> extra_column_names(const TableSpec& spec,
                                            std::span<const std::string_view> taken = {});

struct ImageValue {
  std::string_view bytes;  // empty: null
  std::string_view path;   // a name for people
};
// What one row has in the columns beside it, in the order of TableSpec::fields.
using BesideValue = std::variant<std::string_view, std::int64_t, double, ImageValue>;

struct TableFile {
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
  std::string digest;  // xxh128 of the file
};

class TableWriter {
 public:
  static Result<std::unique_ptr<TableWriter>> create(Disk& disk, const std::filesystem::path& path,
                                                     TableSpec spec);
  virtual ~TableWriter() = default;
  // A column that row.filled lacks becomes null, as does an empty view beside the row. Bytes that
  // are not UTF-8 become U+FFFD: parquet text is UTF-8 for every reader.
  virtual Status append(const Row& row, std::span<const BesideValue> beside) = 0;
  virtual std::int64_t bytes_so_far() const = 0;  // on disk, without the group at hand
  virtual Result<TableFile> finish() = 0;         // footer, sync, close
};

// Some rows and what stands beside them; every vector is as long as `rows`. Null reads as "" or 0.
struct TableBatch {
  std::vector<Row> rows;
  std::map<std::string, std::vector<std::string>, std::less<>> texts;
  std::map<std::string, std::vector<std::int64_t>, std::less<>> wholes;
};

class TableReader {
 public:
  // Columns whose names start with `extras_prefix`, if it is not empty, come back as row.extras.
  static Result<std::unique_ptr<TableReader>> open(Disk& disk, const std::filesystem::path& path,
                                                   std::string_view extras_prefix);
  virtual ~TableReader() = default;
  virtual std::int64_t rows() const = 0;
  virtual ExtrasPtr extras() const = 0;  // a batch without rows: the extra columns of this file
  virtual bool any_value(std::string_view name) const = 0;  // false: the column is missing or null
  // The next row group; nothing after the last.
  virtual Result<std::optional<TableBatch>> next() = 0;
};

}  // namespace kale
