// Records of text files, gzip or not: CSV and TSV with a header, JSON Lines, lists of places.
//
//   csv, tsv   RFC 4180; the first row names the columns; a row may be short, never long
//   jsonl      one object a line; columns by name, each line for itself
//   txt        one path or URL a line; blanks around it do not count
//
// Errors   opening: kNotFound, kIo, kCorrupt (a header that is missing, names a column twice, holds
//          a carriage return, or has more than kTableColumnsMax columns);
//          after that as kale/io/parquet/records.h says: a bad record names its line
// Threads  one thread at a time
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "kale/io/parquet/records.h"
#include "kale/io/tables/byte_blocks.h"

namespace kale {

enum class TextForm { kCsv, kTsv, kJsonLines, kPlaces };

Result<std::unique_ptr<RecordReader>> open_text_records(const std::filesystem::path& path,
                                                        TextForm form, const RecordWants& wants,
                                                        std::int64_t record_bytes_max);

// The same over any bytes; `path` is for messages only.
Result<std::unique_ptr<RecordReader>> read_text_records(std::unique_ptr<ByteBlocks> blocks,
                                                        const std::filesystem::path& path,
                                                        TextForm form, const RecordWants& wants,
                                                        std::int64_t record_bytes_max);

// Stops at `enough`, if that is not 0.
Result<std::int64_t> count_text_records(const std::filesystem::path& path, TextForm form,
                                        std::int64_t record_bytes_max, std::int64_t enough);

}  // namespace kale
