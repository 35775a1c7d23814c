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

// `option` is the command line's, whose place this is.
Status check_there(const fs::path& path, std::string_view option) {
  std::error_code code;
  if (fs::exists(path, code)) return {};
  return Error{Code::kNotFound,
               fmt::format("{} is not there; name what is there with {}", path.string(), option)};
}

Result<std::vector<fs::path>> files_below(const fs::path& given, std::string_view option) {
  KALE_OK(check_there(given, option));
  std::error_code code;
  const fs::path path = captions_folder(given);
  if (path == given && fs::exists(path / "state" / "manifest", code))
    return Error{Code::kBadConfig,
                 fmt::format("{} is a run that has published no parquet; let `kale run` end, with "
                             "parquet among publish.formats",
                             path.string())};
  const TablePlace place = table_place(path);
  auto files =
      list_tables(place, {"*.parquet", "*.arrow", "*.jsonl", "*.ndjson", "*.csv", "*.tsv"}, 0);
  if (!files && place.only.empty() && files.error().code == Code::kNotFound)
    return Error{Code::kNotFound,
                 fmt::format("{} holds no parquet, Arrow, jsonl, csv or tsv file; set {} to a "
                             "folder that kale made, a table, or a folder of tables",
                             path.string(), option)};
  if (!files) return std::move(files).error();
  std::vector<fs::path> paths;
  for (const InputFile& file : *files) paths.push_back(place.folder / file.path);
  return paths;
}

template <class Use>
Status each_record(const fs::path& path, std::string_view option, const RecordWants& wants,
                   Use use) {
  KALE_TRY(auto files, files_below(path, option));
  for (const fs::path& file : files) {
    TableLimits limits;
    limits.record_bytes_max = kTruthBytesMax;
    KALE_TRY(auto reader, open_table(file, file.string(), wants, limits));
    for (std::int64_t row = 0;; ++row) {
      KALE_TRY(auto record, reader->next());
      if (!record) break;
      if (record->error) return *record->error;
      KALE_OK(use(*record, fmt::format("{}, row {}", file.string(), row)));
    }
  }
  return {};
}

Result<std::shared_ptr<const world::Scene>> scene_of(std::string_view json, const std::string& key,
                                                     const std::string& place) {
  auto scene = world::parse_truth(json);
  if (!scene)
    return Error{Code::kCorrupt, fmt::format("{}: truth of '{}': {}; make the world again", place,
                                             key, scene.error().message)};
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
  KALE_TRY(truths[key], scene_of(json, key, tar.string()));
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
                                                     const Truths& truths,
                                                     const std::string& place) {
  if (wanted.truth.empty()) {
    if (!record.text(kTruth)) return std::shared_ptr<const world::Scene>();
    return scene_of(*record.text(kTruth), key_of(record), place);
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

Status check_length(std::string_view caption, const std::string& place, const std::string& column) {
  if (caption.size() <= kCaptionBytesMax) return {};
  return Error{Code::kLimit,
               fmt::format("{}: '{}' has {} bytes, a caption at most {}; leave this row out", place,
                           column, caption.size(), kCaptionBytesMax)};
}

Status check(const CaptionsWanted& wanted, const CaptionSet& set) {
  if (set.rows.empty() && set.without_other == 0)
    return Error{
        Code::kBadConfig,
        fmt::format("{}: no row has a column '{}'; name the captions' column with --column",
                    wanted.data.string(), wanted.column)};
  if (set.rows.empty())
    return Error{Code::kBadConfig, fmt::format("{}: no row has a column '{}' to compare with; "
                                               "name another one with --compare",
                                               wanted.data.string(), wanted.other)};
  if (!wanted.truth.empty() && !set.has_truth)
    return Error{Code::kBadConfig,
                 fmt::format("no caption of {} has its truth in {}: neither 'key' nor 'input_key' "
                             "nor the name of 'path' is a key there; name the world that the "
                             "pictures are of with --truth",
                             wanted.data.string(), wanted.truth.string())};
  return {};
}

}  // namespace

// Of a published folder the captions lie in core/, of a world in parquet/; other things lie beside.
fs::path captions_folder(const fs::path& data) {
  std::error_code code;
  for (const char* folder : {"core", "parquet"})
    if (fs::is_directory(data / folder, code)) return data / folder;
  return data;
}

Result<Truths> read_truths(const fs::path& path) {
  Truths truths;
  KALE_OK(check_there(path, "--truth"));
  KALE_TRY(auto tars, tars_below(path));
  for (const fs::path& tar : tars) KALE_OK(read_tar(tar, truths));
  if (!tars.empty()) return truths;
  CaptionsWanted wanted;
  KALE_OK(each_record(
      path, "--truth", wants(wanted), [&](Record& record, const std::string& place) -> Status {
        if (!record.text(kTruth)) return {};
        KALE_TRY(auto scene, scene_of(*record.text(kTruth), key_of(record), place));
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
  const auto take = [&](Record& record, const std::string& place) -> Status {
    if (!record.text(kCaption)) {
      ++set.without_caption;
      return {};
    }
    if (static_cast<std::int64_t>(set.rows.size()) >= kCaptionsMax)
      return Error{Code::kLimit, fmt::format("{}: more than {} captions; measure a part of them",
                                             wanted.data.string(), kCaptionsMax)};
    KALE_OK(check_length(*record.text(kCaption), place, wanted.column));
    KALE_OK(check_length(record.text(kOther).value_or(""), place, wanted.other));
    CaptionRow row;
    row.key = key_of(record);
    row.alt_text = record.text(kAltText).value_or("");
    row.caption = *record.text(kCaption);
    row.other = record.text(kOther);
    if (!wanted.other.empty() && !row.other) {
      ++set.without_other;
      return {};
    }
    KALE_TRY(row.truth, truth_of(wanted, record, truths, place));
    set.has_truth |= row.truth != nullptr;
    set.without_truth += row.truth == nullptr ? 1 : 0;
    set.rows.push_back(std::move(row));
    return {};
  };
  KALE_OK(each_record(wanted.data, "--data", wants(wanted), take));
  KALE_OK(check(wanted, set));
  return set;
}

}  // namespace kale::evaluate
