#include "kale/evaluate/report/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "kale/core/check.h"
#include "kale/evaluate/report/measures.h"
#include "kale/sources/table_files.h"

namespace kale::evaluate {
namespace {

namespace fs = std::filesystem;

// kImage is not among them: it may be a struct.
constexpr std::array kPlaces = {Role::kCaptionDense, Role::kAltText, Role::kImagePath,  Role::kUrl,
                                Role::kUid,          Role::kLicence, Role::kAttribution};

bool is_result(const fs::path& file) {
  std::error_code code;
  const auto& names = result_files();
  return std::ranges::find(names, file.filename().string()) != names.end() &&
         fs::exists(file.parent_path() / names.back(), code);
}

// What lies in the folder of a run beside what it published is no dataset.
Status check_published(const fs::path& path) {
  std::error_code code;
  if (published_tables(path) != path || !fs::exists(path / "state" / "manifest", code)) return {};
  return Error{Code::kBadConfig,
               fmt::format("{} is a run that has published no parquet; let `kale run` end, with "
                           "parquet among publish.formats",
                           path.string())};
}

Result<std::vector<fs::path>> files_below(const fs::path& path, std::string_view option) {
  KALE_OK(check_there(path, option));
  KALE_OK(check_published(path));
  const TablePlace place = table_place(published_tables(path));
  const auto files = list_tables(place, table_globs(), 0);
  if (!files && files.error().code == Code::kNotFound)
    return Error{Code::kNotFound,
                 fmt::format("{} holds no table: they end in .parquet, .arrow, .jsonl, .ndjson, "
                             ".csv or .tsv, the last four also with .gz; set {} to a folder that "
                             "kale made, a table, or a folder of tables",
                             place.folder.string(), option)};
  if (!files) return files.error();
  std::vector<fs::path> paths;
  for (const InputFile& file : *files)
    if (!place.only.empty() || !is_result(place.folder / file.path))
      paths.push_back(place.folder / file.path);
  if (paths.empty())
    return Error{
        Code::kNotFound,
        fmt::format("{} holds results of an evaluation and no other table; set {} to what was "
                    "measured",
                    place.folder.string(), option)};
  return paths;
}

}  // namespace

Columns::Columns(const std::vector<std::string>& names) {
  wants_.images = false;
  for (const std::string& name : names)
    if (!name.empty() && std::ranges::find(names_, name) == names_.end()) names_.push_back(name);
  KALE_CHECK(names_.size() <= kPlaces.size(), "a column has a place");
  for (std::size_t i = 0; i < names_.size(); ++i)
    wants_.names[static_cast<std::size_t>(kPlaces[i])] = {names_[i]};
}

const std::optional<std::string>& Columns::text(Record& record, std::string_view name) const {
  static const std::optional<std::string> kNone;
  const auto place = std::ranges::find(names_, name) - names_.begin();
  return place < std::ssize(names_) ? record.text(kPlaces[static_cast<std::size_t>(place)]) : kNone;
}

std::string RecordPlace::text() const {
  return row < 0 ? file.string() : fmt::format("{}, row {}", file.string(), row);
}

Status check_there(const fs::path& path, std::string_view option) {
  std::error_code code;
  if (fs::exists(path, code)) return {};
  return Error{Code::kNotFound,
               fmt::format("{} is not there; name what is there with {}", path.string(), option)};
}

Status each_record(const fs::path& path, std::string_view option, const Columns& columns,
                   const UseRecord& use) {
  KALE_TRY(auto files, files_below(path, option));
  for (const fs::path& file : files) {
    TableLimits limits;
    limits.record_bytes_max = kRecordBytesMax;
    KALE_TRY(auto reader, open_table(file, file.string(), columns.wants(), limits));
    for (RecordPlace place{file, 0};; ++place.row) {
      KALE_TRY(auto record, reader->next());
      if (!record) break;
      KALE_OK(use(*record, place));
    }
  }
  return {};
}

const std::vector<std::string>& result_files() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all = {"measures.md", "measures.parquet", "claims.jsonl", "wrong.md"};
    for (const MeasureInfo& info : measure_table()) {
      const std::string plot = fmt::format("{}.svg", info.group);
      if (std::ranges::find(all, plot) == all.end()) all.push_back(plot);
    }
    all.emplace_back("measures.json");
    return all;
  }();
  return names;
}

}  // namespace kale::evaluate
