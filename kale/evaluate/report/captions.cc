#include "kale/evaluate/report/captions.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "kale/io/disk.h"
#include "kale/io/parquet/json_extras.h"
#include "kale/io/tar/tar_reader.h"
#include "kale/sources/table_files.h"
#include "kale/sources/webdataset.h"
#include "kale/world/scene/truth.h"

namespace kale::evaluate {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kTruthBytesMax = std::int64_t{16} << 20;

// Columns by name, each in the place of a role of the table reader; none has a meaning here.
constexpr Role kKey = Role::kUid, kCaption = Role::kCaptionDense, kAltText = Role::kAltText,
               kPath = Role::kUrl, kTruth = Role::kLicence, kOther = Role::kAttribution;

RecordWants wants(const CaptionsWanted& wanted) {
  RecordWants all;
  all.images = false;
  auto set = [&](Role role, std::vector<std::string> names) {
    all.names[static_cast<std::size_t>(role)] = std::move(names);
  };
  set(kKey, {"key"});
  set(kCaption, {wanted.column});
  set(kAltText, {"alt_text"});
  set(kPath, {"path"});
  set(kTruth, {"truth"});
  if (!wanted.other.empty()) set(kOther, {wanted.other});
  return all;
}

// Of a published folder the captions lie in core/, of a world in parquet/; other things lie beside.
fs::path tables_below(const fs::path& path) {
  std::error_code code;
  for (const char* folder : {"core", "parquet"})
    if (fs::is_directory(path / folder, code)) return path / folder;
  return path;
}

Result<std::vector<fs::path>> files_below(const fs::path& path) {
  const TablePlace place = table_place(path);
  KALE_TRY(
      auto files,
      list_tables(place, {"*.parquet", "*.arrow", "*.jsonl", "*.ndjson", "*.csv", "*.tsv"}, 0));
  std::vector<fs::path> paths;
  for (const InputFile& file : files) paths.push_back(place.folder / file.path);
  return paths;
}

template <class Use>
Status each_record(const fs::path& path, const RecordWants& wants, Use use) {
  KALE_TRY(auto files, files_below(path));
  for (const fs::path& file : files) {
    TableLimits limits;
    limits.record_bytes_max = kTruthBytesMax;
    KALE_TRY(auto reader, open_table(file, file.string(), wants, limits));
    for (;;) {
      KALE_TRY(auto record, reader->next());
      if (!record) break;
      if (record->error) return *record->error;
      KALE_OK(use(*record, file));
    }
  }
  return {};
}

Result<std::shared_ptr<const world::Scene>> scene_of(std::string_view json, const std::string& key,
                                                     const fs::path& file) {
  auto scene = world::parse_truth(json);
  if (!scene)
    return Error{Code::kCorrupt,
                 fmt::format("{}: truth of '{}': {}", file.string(), key, scene.error().message)};
  return std::shared_ptr<const world::Scene>(std::make_shared<world::Scene>(std::move(*scene)));
}

// `<key>.json` holds the truth, or an object with it under `truth`.
Status add_member(std::string_view bytes, const std::string& key, const fs::path& tar,
                  Truths& truths) {
  KALE_TRY(auto object, parse_json_object(bytes, fmt::format("{}: {}.json", tar.string(), key)));
  std::string json(bytes);
  const auto found = object.find("truth");  // a scene's own `truth` is its version, a number
  if (found != object.end() && !found->is_number())
    json = found->is_string() ? found->get<std::string>() : found->dump();
  KALE_TRY(truths[key], scene_of(json, key, tar));
  return {};
}

Status read_tar(const fs::path& path, Truths& truths) {
  KALE_TRY(auto file, real_disk().open(path));
  TarReader tar(std::move(file), path.string());
  for (;;) {
    KALE_TRY(auto member, tar.next());
    if (!member) return {};
    const fs::path name = member->name;
    if (!member->is_file || name.extension() != ".json") continue;
    KALE_TRY(auto bytes, tar.read(kTruthBytesMax));
    KALE_OK(add_member(bytes, name.stem().string(), path, truths));
  }
}

Result<std::vector<fs::path>> tars_below(const fs::path& path) {
  std::vector<fs::path> tars;
  if (is_tar(path)) return std::vector{path};
  std::error_code code;
  if (!fs::is_directory(path, code)) return tars;
  for (const fs::path& folder : {path, path / "webdataset", path / "tar"}) {
    if (!fs::is_directory(folder, code)) continue;
    KALE_TRY(auto names, real_disk().list(folder));
    for (const std::string& name : names)
      if (is_tar(name)) tars.push_back(folder / name);
  }
  return tars;
}

std::string key_of(Record& record) { return record.text(kKey).value_or(""); }

Result<std::shared_ptr<const world::Scene>> truth_of(const CaptionsWanted& wanted, Record& record,
                                                     const Truths& truths, const fs::path& file) {
  if (wanted.truth.empty()) {
    if (!record.text(kTruth)) return std::shared_ptr<const world::Scene>();
    return scene_of(*record.text(kTruth), key_of(record), file);
  }
  Row row;
  row.extras = record.extras;
  row.extras_row = record.extras_row;
  const std::string path = record.text(kPath).value_or("");
  for (const std::string& key : {key_of(record), extras_value(row, "input_key").value_or(""),
                                 fs::path(path).stem().string()})
    if (const auto found = truths.find(key); found != truths.end() && !key.empty())
      return found->second;
  return std::shared_ptr<const world::Scene>();
}

Status check(const CaptionsWanted& wanted, const CaptionSet& set, bool has_other) {
  if (set.rows.empty())
    return Error{
        Code::kBadConfig,
        fmt::format("{}: no row has a column '{}'; name the captions' column with --column",
                    wanted.data.string(), wanted.column)};
  if (!wanted.other.empty() && !has_other)
    return Error{Code::kBadConfig, fmt::format("{}: no row has a column '{}' to compare with",
                                               wanted.data.string(), wanted.other)};
  if (!wanted.truth.empty() && !set.has_truth)
    return Error{Code::kBadConfig,
                 fmt::format("no caption of {} has its truth in {}: neither 'key' nor 'input_key' "
                             "nor the name of 'path' is a key there",
                             wanted.data.string(), wanted.truth.string())};
  return {};
}

}  // namespace

Result<Truths> read_truths(const fs::path& path) {
  Truths truths;
  std::error_code code;
  if (!fs::exists(path, code))
    return Error{Code::kNotFound,
                 fmt::format("{} is not there; name a world with --truth", path.string())};
  KALE_TRY(auto tars, tars_below(path));
  for (const fs::path& tar : tars) KALE_OK(read_tar(tar, truths));
  if (!tars.empty()) return truths;
  CaptionsWanted wanted;
  KALE_OK(each_record(
      tables_below(path), wants(wanted), [&](Record& record, const fs::path& file) -> Status {
        if (!record.text(kTruth)) return {};
        KALE_TRY(auto scene, scene_of(*record.text(kTruth), key_of(record), file));
        const std::string key = key_of(record).empty() ? scene->key : key_of(record);
        truths[key] = std::move(scene);
        return {};
      }));
  if (truths.empty())
    return Error{Code::kBadConfig, fmt::format("{}: no column 'truth'; name a world that `kale "
                                               "world make` made",
                                               path.string())};
  return truths;
}

Result<CaptionSet> read_captions(const CaptionsWanted& wanted) {
  Truths truths;
  if (!wanted.truth.empty()) {
    KALE_TRY(truths, read_truths(wanted.truth));
  }
  CaptionSet set;
  bool has_other = false;
  const auto take = [&](Record& record, const fs::path& file) -> Status {
    if (!record.text(kCaption)) {
      ++set.without_caption;
      return {};
    }
    if (static_cast<std::int64_t>(set.rows.size()) >= kCaptionsMax)
      return Error{Code::kLimit, fmt::format("{}: more than {} captions; measure a part of them",
                                             wanted.data.string(), kCaptionsMax)};
    CaptionRow row;
    row.key = key_of(record);
    row.alt_text = record.text(kAltText).value_or("");
    row.caption = *record.text(kCaption);
    row.other = record.text(kOther);
    has_other |= row.other.has_value();
    KALE_TRY(row.truth, truth_of(wanted, record, truths, file));
    set.has_truth |= row.truth != nullptr;
    set.without_truth += row.truth == nullptr ? 1 : 0;
    set.rows.push_back(std::move(row));
    return {};
  };
  KALE_OK(each_record(tables_below(wanted.data), wants(wanted), take));
  KALE_OK(check(wanted, set, has_other));
  return set;
}

}  // namespace kale::evaluate
