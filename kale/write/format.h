// What a dataset is published as. Parts are kale's own; each format is a projection of them: one
// writer that is shown every kept row once, in order, and fills one folder. A format is a file
// and a row of the table in format.cc.
// Errors   kIo of the disk, naming the file
// Threads  one thread at a time
// Format   docs/formats.md, "Published files"
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kale/core/row.h"
#include "kale/io/disk.h"
#include "kale/io/parquet/table.h"

namespace kale {

struct PublishedRow {
  const Row& row;  // with image_bytes where pictures are published
  std::string_view provenance;
};

struct PublishedFile {
  std::string name;  // in its folder: "train-00000-of-00002.parquet"
  std::int64_t bytes = 0;
};

struct FormatFiles {
  std::vector<PublishedFile> few;  // those whose absence later shows that something is amiss; not
                                   // one a row
  std::int64_t files = 0;          // all of them
  std::int64_t bytes = 0;
};

class FormatWriter {
 public:
  virtual ~FormatWriter() = default;
  virtual Status add(const PublishedRow& row) = 0;
  virtual Result<FormatFiles> finish() = 0;
};

// What every format is given; outlives the writer.
struct FormatWork {
  Disk& disk;
  std::filesystem::path folder;  // empty, aside
  const TableSpec& columns;      // of the published rows, and which extra ones
  std::int64_t file_bytes = 0;   // formats of few files end one once it has these
  bool image_bytes = false;
};

struct FormatInfo {
  std::string_view name;    // as in publish.formats
  std::string_view folder;  // below the output folder
  std::string_view data;    // its data files, as the card's `configs` names them
  std::string_view card;    // how to load it, in Markdown
  Result<std::unique_ptr<FormatWriter>> (*make)(const FormatWork& work);
};

std::span<const FormatInfo> format_table();
std::vector<std::string_view> format_names();

Result<std::unique_ptr<FormatWriter>> make_parquet_format(const FormatWork& work);
Result<std::unique_ptr<FormatWriter>> make_webdataset_format(const FormatWork& work);
Result<std::unique_ptr<FormatWriter>> make_imagefolder_format(const FormatWork& work);
Result<std::unique_ptr<FormatWriter>> make_sidecar_format(const FormatWork& work);

}  // namespace kale
