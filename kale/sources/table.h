// Pairs from tables: parquet, Arrow, JSON Lines, CSV, TSV, and lists of paths or URLs.
//
// Rows     writes key, path, url, alt_text, licence and attribution where there are any,
//          image_bytes; caption_dense and described_by ("input") with caption_dense_columns; drops
//          kNoAltText, kEmptyAltText, kNotUtf8, kControlChars, kTooManyBytes, kNoImage; fails
//          kCorrupt for a record that cannot be read, kIo for a picture outside the folder,
//          kNotFound for one that is not there
// Errors   kNotFound when the folder has gone or holds no table, kIo when the disk fails at one,
//          kBadConfig for options that cannot work
// Threads  as kale/core/source.h says; readers share the open tables that others have left
// Units    one reader holds about kRecordBatchBytes of values (kale/io/parquet/records.h)
//
// `path` is one file, or a folder that is searched to its depths; what a file is goes by its ending
// (kale/sources/table_files.h). So a Hugging Face dataset works by its folder alone: parquet files
// under a README, what save_to_disk wrote, or pictures with a metadata.jsonl or metadata.csv.
//
// Columns are found by name (kale/sources/columns.h), in each file for itself: one that is missing
// is no error. Those that kale does not read travel through, with their types: of CSV as text, of
// JSON as kale/io/parquet/json_extras.h says. A picture comes as bytes, as the `datasets` struct of
// bytes and path, or as a path that starts at the table's folder, or at `images_root`, and stays
// below `path` or that. A record with a URL alone has no picture: kale does not download.
//
// The row's key is made of the uid column where there is one (rows of one uid share it), else of
// the file and the place in it. Its path is the picture's, or "data.parquet#12" where there is
// none.
//
// A record that cannot be read is one failed row that names the file and line. A file that cannot
// be opened as what it should be is one failed row. Where a parquet row group breaks off, the rest
// of its rows fail; where an Arrow stream does, it ends with one failed row.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kale/core/build.h"
#include "kale/core/options.h"
#include "kale/core/source.h"
#include "kale/sources/columns.h"

namespace kale {

struct TableOptions {
  std::string path;
  std::vector<std::string> include;
  std::int64_t limit = 0;
  std::int64_t file_rows_max = 0;
  std::string images_root;
  ColumnNames columns;
  std::vector<std::string> caption_dense_columns;
  bool alt_text_required = true;
  std::string licence;
  std::string attribution;
  std::int64_t bytes_max = std::int64_t{64} << 20;
  std::int64_t text_bytes_max = std::int64_t{1} << 20;
  std::int64_t record_bytes_max = std::int64_t{4} << 20;

  // What decides which rows are listed is frozen by the manifest, so it is not fingerprinted.
  void visit(OptionVisitor& v);
};

Result<std::unique_ptr<Source>> make_table(TableOptions options, const BuildContext& build);

}  // namespace kale
