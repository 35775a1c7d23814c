#include "kale/sources/table_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include "kale/core/ascii.h"
#include "kale/io/disk.h"
#include "kale/io/tables/text_records.h"
#include "kale/sources/walk.h"

namespace kale {
namespace fs = std::filesystem;
namespace {

struct Ending {
  std::string_view text;
  TableFormat format;
  std::optional<TextForm> form;  // nothing: not a text format
};

constexpr std::array kEndings{
    Ending{".parquet", TableFormat::kParquet, std::nullopt},
    Ending{".arrow", TableFormat::kArrow, std::nullopt},
    Ending{".csv", TableFormat::kCsv, TextForm::kCsv},
    Ending{".tsv", TableFormat::kTsv, TextForm::kTsv},
    Ending{".jsonl", TableFormat::kJsonLines, TextForm::kJsonLines},
    Ending{".ndjson", TableFormat::kJsonLines, TextForm::kJsonLines},
    Ending{".txt", TableFormat::kPlaces, TextForm::kPlaces},
};

constexpr std::string_view kKnownEndings =
    ".parquet, .arrow, .jsonl, .ndjson, .csv, .tsv and .txt, the last five also with .gz";

const Ending* ending_of(const fs::path& path) {
  std::string ending = lower_ascii(path.extension().string());
  bool packed = ending == ".gz";
  if (packed) ending = lower_ascii(path.stem().extension().string());
  for (const Ending& known : kEndings)
    if (known.text == ending && (!packed || known.form)) return &known;
  return nullptr;
}

bool is_cache(const fs::path& path) {
  return path.extension() == ".arrow" && path.filename().string().starts_with("cache-");
}

Error no_table(const fs::path& path, Code code) {
  return {code, fmt::format("{}: the ending says nothing; tables end in {}", path.string(),
                            kKnownEndings)};
}

Result<std::vector<InputFile>> list_one(const TablePlace& place) {
  if (!table_format(place.only)) return no_table(place.folder / place.only, Code::kBadConfig);
  KALE_TRY(auto info, real_disk().stat(place.folder / place.only));
  if (!info || info->is_folder)
    return Error{Code::kNotFound, fmt::format("{} is not there; set the source's path",
                                              (place.folder / place.only).string())};
  return std::vector{InputFile{place.only, InputFile::kUncounted, info->bytes}};
}

}  // namespace

std::optional<TableFormat> table_format(const fs::path& path) {
  const Ending* known = ending_of(path);
  return known == nullptr ? std::nullopt : std::optional(known->format);
}

TablePlace table_place(const fs::path& path) {
  std::error_code code;
  bool is_file = fs::is_regular_file(path, code) || (!fs::exists(path, code) && table_format(path));
  if (!is_file) return {path, ""};
  return {path.has_parent_path() ? path.parent_path() : fs::path("."), path.filename().string()};
}

fs::path published_tables(const fs::path& path) {
  std::error_code code;
  for (const char* folder : {"core", "parquet"})
    if (fs::is_directory(path / folder, code)) return path / folder;
  return path;
}

std::vector<std::string> table_globs() {
  std::vector<std::string> globs = {"*.parquet", "*.arrow"};
  for (const char* ending : {"jsonl", "ndjson", "csv", "tsv"})
    for (const char* packed : {"", ".gz"}) globs.push_back(fmt::format("*.{}{}", ending, packed));
  return globs;
}

Result<std::vector<InputFile>> list_tables(const TablePlace& place,
                                           const std::vector<std::string>& include,
                                           std::int64_t limit) {
  if (!place.only.empty()) return list_one(place);
  std::vector<std::string> endings{"gz"};
  for (const Ending& known : kEndings) endings.emplace_back(known.text.substr(1));
  KALE_TRY(auto files, walk(place.folder, endings));
  std::erase_if(files, [&](const InputFile& file) {
    auto format = table_format(file.path);
    return !format || is_cache(file.path) || (format == TableFormat::kPlaces && include.empty());
  });
  files = choose(std::move(files), include, limit);
  for (InputFile& file : files) file.rows = InputFile::kUncounted;
  if (!files.empty()) return files;
  return Error{Code::kNotFound,
               fmt::format("no table under {}{}: tables end in {} (.txt only where include names "
                           "it); for a folder of pictures take source kind folder",
                           place.folder.string(), include.empty() ? "" : " that include names",
                           kKnownEndings)};
}

Result<std::unique_ptr<RecordReader>> open_table(const fs::path& path, const std::string& shown,
                                                 const RecordWants& wants,
                                                 const TableLimits& limits) {
  const Ending* known = ending_of(path);
  if (known == nullptr) return no_table(shown, Code::kCorrupt);
  if (!known->form) {
    KALE_TRY(auto file, real_disk().open(path));
    return known->format == TableFormat::kParquet
               ? read_parquet_records(std::move(file), shown, wants)
               : read_arrow_records(std::move(file), shown, wants);
  }
  KALE_TRY(auto blocks, ByteBlocks::open(path, shown));
  return read_text_records(std::move(blocks), shown, *known->form, wants, limits.record_bytes_max);
}

Result<std::int64_t> count_table(const fs::path& path, const TableLimits& limits) {
  const Ending* known = ending_of(path);
  if (known == nullptr) return std::int64_t{1};
  auto rows =
      known->format == TableFormat::kParquet ? count_parquet_records(path)
      : known->format == TableFormat::kArrow
          ? count_arrow_records(path)
          : count_text_records(path, *known->form, limits.record_bytes_max, limits.file_rows_max);
  if (!rows && (rows.error().code == Code::kCorrupt || rows.error().code == Code::kLimit))
    return std::int64_t{1};
  if (!rows) return std::move(rows).error();
  return limits.file_rows_max == 0 ? *rows : std::min(*rows, limits.file_rows_max);
}

}  // namespace kale
