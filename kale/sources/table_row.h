// What becomes of one record of a table: a row, or the reason why not.
// Rows     as kale/sources/table.h says
// Errors   kNotFound when the folder of the pictures has gone
// Threads  one at a time: the folder of the last record's table is remembered
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "kale/core/source.h"
#include "kale/io/parquet/records.h"

namespace kale {

struct TableOptions;

// Where paths of a table start. A plain one is shown as `shown` and itself, where that lies in the
// root; any other is walked part by part.
struct TableBeginning {
  std::string file;  // the table
  std::filesystem::path folder;
  std::string shown;
  bool inside = false;
  bool is_list = false;  // of places, which has no alt-text
};

class TableRowMaker {
 public:
  // Paths in tables start at the table's folder and stay below `root`; where `images_root` is not
  // empty, both are that. All are kept by reference.
  TableRowMaker(const TableOptions& options, const std::filesystem::path& root,
                const std::filesystem::path& images_root)
      : options_(options), root_(root), images_root_(images_root) {}

  // Always a row; as RowReader::next() returns it, since a row is large to move.
  Result<std::optional<SourceRow>> row(Record&& record, const std::string& file,
                                       std::int64_t ordinal, bool loads_image);

 private:
  struct Picture;
  const TableBeginning& beginning_of(const std::string& file);
  Picture find_picture(Record& record, const std::string& file);
  void take_texts(Record& record, SourceRow& row) const;
  void take_alt_text(Record& record, SourceRow& row) const;
  Status take_sidecar(const Picture& picture, SourceRow& row) const;
  Status take_image(Record& record, const Picture& picture, SourceRow& row) const;
  const std::filesystem::path& inside() const {
    return images_root_.empty() ? root_ : images_root_;
  }

  const TableOptions& options_;
  const std::filesystem::path& root_;
  const std::filesystem::path& images_root_;
  std::optional<TableBeginning> beginning_;
};

}  // namespace kale
