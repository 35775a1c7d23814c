#include "kale/evaluate/report/truths.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "kale/io/disk.h"
#include "kale/io/parquet/json_extras.h"
#include "kale/io/tar/tar_reader.h"
#include "kale/sources/webdataset.h"
#include "kale/world/scene/truth.h"
#include "kale/world/scene/world_plan.h"

namespace kale::evaluate {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kOption = "--truth";

Status add(std::string_view json, const std::string& key, const RecordPlace& place,
           Truths& truths) {
  KALE_TRY(ScenePtr scene, scene_of(json, key, place));
  const fs::path& file = place.file;
  if (truths.files.empty() || truths.files.back() != file) truths.files.push_back(file);
  const std::string& own = key.empty() ? scene->key : key;
  const Truth truth{scene, truths.files.size() - 1};
  const auto [there, added] = truths.by_key.emplace(own, truth);
  if (added) return {};
  return Error{
      Code::kBadConfig,
      fmt::format("two truths have the key '{}': one in {}, one in {}; name the world that "
                  "the captions are of",
                  own, truths.files[there->second.file].string(), file.string())};
}

// `<key>.json` holds the truth, or an object with it under `truth`.
Status add_member(std::string_view bytes, const std::string& key, const fs::path& tar,
                  Truths& truths) {
  KALE_TRY(auto object, parse_json_object(bytes, fmt::format("{}: {}.json", tar.string(), key)));
  std::string json(bytes);
  const auto found = object.find("truth");  // a scene's own `truth` is its version, a number
  if (found != object.end() && !found->is_number())
    json = found->is_string() ? found->get<std::string>() : found->dump();
  return add(json, key, {tar}, truths);
}

Status read_tar(const fs::path& path, Truths& truths) {
  KALE_TRY(auto file, real_disk().open(path));
  TarReader tar(std::move(file), path.string());
  for (;;) {
    KALE_TRY(auto member, tar.next());
    if (!member) return {};
    const fs::path name = member->name;
    if (!member->is_file || name.extension() != ".json") continue;
    KALE_TRY(auto bytes, tar.read(kRecordBytesMax));
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

// The end of a sentence about the split, empty where it is whole.
std::string lack_of(const fs::path& folder, world::Split split) {
  const fs::path file = folder / world::world_plan_file(split);
  const auto json = real_disk().read(file, world::kWorldPlanBytesMax);
  if (!json) return "";
  const auto plan = world::parse_world_plan(*json);
  if (!plan) return fmt::format("{}: {}", file.string(), plan.error().message);
  std::int64_t shards = 0;
  std::error_code code;
  for (std::int64_t i = 0; i < plan->shards(); ++i) {
    const std::string name = world::shard_name(split, i);
    const bool whole = fs::exists(folder / "tar" / (name + ".tar"), code) &&
                       fs::exists(folder / "parquet" / (name + ".parquet"), code);
    shards += whole ? 1 : 0;
  }
  if (shards == plan->shards()) return "";
  return fmt::format(
      "{} is not finished: {} of {} shards of its {} scenes are there; run the same "
      "`kale world make` again",
      folder.string(), shards, plan->shards(), world::split_name(split));
}

}  // namespace

Result<ScenePtr> scene_of(std::string_view json, std::string_view key, const RecordPlace& place) {
  auto scene = world::parse_truth(json);
  if (!scene)
    return Error{Code::kCorrupt, fmt::format("{}: truth of '{}': {}; make the world again",
                                             place.text(), key, scene.error().message)};
  return ScenePtr(std::make_shared<world::Scene>(std::move(*scene)));
}

Result<Truths> read_truths(const fs::path& path) {
  Truths truths;
  KALE_OK(check_there(path, kOption));
  KALE_TRY(auto tars, tars_below(path));
  for (const fs::path& tar : tars) KALE_OK(read_tar(tar, truths));
  if (!tars.empty()) return truths;
  const Columns columns({"key", "truth"});
  const auto take = [&](Record& record, const RecordPlace& place) -> Status {
    if (record.error) return *record.error;
    const auto& json = columns.text(record, "truth");
    if (!json) return {};
    return add(*json, columns.text(record, "key").value_or(""), place, truths);
  };
  KALE_OK(each_record(path, kOption, columns, take));
  if (truths.by_key.empty())
    return Error{Code::kBadConfig, fmt::format("{}: no column 'truth'; name a world that `kale "
                                               "world make` made",
                                               path.string())};
  return truths;
}

std::vector<std::string> unfinished_worlds(const fs::path& path) {
  std::vector<std::string> lines;
  for (const fs::path& folder : {path, path.parent_path()})
    for (const world::Split split :
         {world::Split::kTrain, world::Split::kValidation, world::Split::kTest})
      if (std::string lack = lack_of(folder, split); !lack.empty())
        lines.push_back(std::move(lack));
  return lines;
}

}  // namespace kale::evaluate
