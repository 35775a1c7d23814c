#include "kale/world/make/make.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "kale/core/rng.h"
#include "kale/io/lock.h"
#include "kale/world/compose/composer.h"
#include "kale/world/make/shard.h"
#include "kale/world/scene/truth.h"
#include "kale/world/scene/world_plan.h"
#include "kale/world/tell/tell.h"

namespace kale::world {
namespace {

// Cut-outs are larger than most of their uses, and wallpapers twice as large again.
constexpr double kCutoutShare = 0.9;

Status check(const MakeOptions& options) {
  const auto wrong = [](std::string_view option, auto least, auto most) {
    return Error{Code::kBadConfig, fmt::format("{} is from {} to {}", option, least, most)};
  };
  if (options.rows < 1 || options.rows > kRowsMax) return wrong("--rows", 1, kRowsMax);
  if (options.size < kSizeMin || options.size > kSizeMax)
    return wrong("--size", kSizeMin, kSizeMax);
  if (options.threads < 1 || options.threads > kThreadsMax)
    return wrong("--threads", 1, kThreadsMax);
  if (options.shard_rows < 1 || options.shard_rows > kRowsMax)
    return wrong("shard_rows", 1, kRowsMax);
  return {};
}

// A scene's own seed: scenes of one index in two splits or worlds have nothing in common.
std::uint64_t scene_seed(const MakeOptions& options, std::int64_t index) {
  Rng world(options.seed * 3 + static_cast<std::uint64_t>(options.split));
  Rng scene(world.next() ^ static_cast<std::uint64_t>(index));
  return scene.next();
}

class SceneMaker {
 public:
  SceneMaker(const MakeOptions& options, const Catalogue& catalogue, Cutouts& cutouts)
      : options_(options), composer_(catalogue, cutouts, options.size), teller_(options.seed) {}

  Result<MadeScene> make(std::int64_t index) const {
    const std::uint64_t seed = scene_seed(options_, index);
    KALE_TRY(Composed composed, composer_.compose(seed, options_.split));
    composed.scene.key = scene_key(options_.split, options_.seed, index);
    teller_.tell(composed.scene, composer_.sketch(Rng(seed).next(), options_.split));
    return MadeScene{std::move(composed.scene), std::move(composed.jpeg)};
  }

  // Scenes [begin, end), by all threads; of several errors that of the earliest scene.
  Result<std::vector<MadeScene>> make(std::int64_t begin, std::int64_t end) const {
    std::vector<MadeScene> made(static_cast<std::size_t>(end - begin));
    std::atomic<std::int64_t> next = begin;
    std::mutex mutex;
    std::optional<std::pair<std::int64_t, Error>> trouble;
    const auto work = [&] {
      for (std::int64_t index = next++; index < end; index = next++) {
        Result<MadeScene> one = make(index);
        if (one) {
          made[static_cast<std::size_t>(index - begin)] = std::move(*one);
          continue;
        }
        const std::lock_guard lock(mutex);
        if (!trouble || index < trouble->first) trouble.emplace(index, std::move(one).error());
        return;
      }
    };
    {
      std::vector<std::jthread> others;
      for (int i = 1; i < options_.threads; ++i) others.emplace_back(work);
      work();
    }
    if (!trouble) return made;
    trouble->second.message = fmt::format("scene {}: {}", trouble->first, trouble->second.message);
    return std::move(trouble->second);
  }

 private:
  const MakeOptions& options_;
  Composer composer_;
  Teller teller_;
};

WorldPlan plan_of(const MakeOptions& options) {
  return {options.split, options.rows, options.seed, options.size, options.shard_rows};
}

// Notes the plan, or finds the same one: whatever shards are there then belong to it.
Status keep_plan(Disk& disk, const MakeOptions& options) {
  const std::filesystem::path file = options.out / world_plan_file(options.split);
  const WorldPlan plan = plan_of(options);
  KALE_TRY(const std::optional<FileInfo> info, disk.stat(file));
  if (info) {
    KALE_TRY(const std::string json, disk.read(file, kWorldPlanBytesMax));
    const Result<WorldPlan> there = parse_world_plan(json);
    if (there && *there == plan) return {};
    return Error{Code::kBadConfig,
                 fmt::format("{} says {}: these scenes are not of the world asked for; ask for the "
                             "same to go on with it, or take another --out",
                             file.string(), json.substr(0, json.find('\n')))};
  }
  const std::string beginning = fmt::format("{}-", split_name(options.split));
  for (const char* folder : {"tar", "parquet"}) {
    const std::filesystem::path path = options.out / folder;
    KALE_OK(disk.make_folders(path));
    KALE_TRY(const std::vector<std::string> names, disk.list(path));
    for (const std::string& name : names) {
      if (name.starts_with(beginning) && !name.ends_with(".aside"))
        return Error{Code::kBadConfig,
                     fmt::format("{} holds scenes, and {} does not say of which world; remove it, "
                                 "or take another --out",
                                 (path / name).string(), file.string())};
    }
  }
  return write_whole_file(disk, file, world_plan_json(plan));
}

// Scenes [begin, end) as they lie on the disk; nothing where the shard is not whole.
Result<std::optional<std::vector<Scene>>> kept_shard(Disk& disk, const MakeOptions& options,
                                                     const std::string& name, std::int64_t begin,
                                                     std::int64_t end) {
  KALE_TRY(const bool whole, has_shard(disk, options.out, name));
  if (!whole) return std::optional<std::vector<Scene>>();
  Result<std::vector<Scene>> scenes = read_shard(disk, options.out, name);
  const auto wrong = [&](std::string_view what) {
    return Error{Code::kCorrupt,
                 fmt::format("shard {} of {} is damaged: {}; remove its tar and its table and run "
                             "again",
                             name, options.out.string(), what)};
  };
  if (!scenes && scenes.error().code == Code::kIo) return std::move(scenes).error();
  if (!scenes) return wrong(scenes.error().message);
  if (std::ssize(*scenes) != end - begin)
    return wrong(fmt::format("{} scenes of {}", scenes->size(), end - begin));
  for (std::size_t i = 0; i < scenes->size(); ++i)
    if ((*scenes)[i].seed != scene_seed(options, begin + static_cast<std::int64_t>(i)))
      return wrong(fmt::format("scene {} is another", (*scenes)[i].key));
  return std::optional(std::move(*scenes));
}

}  // namespace

Result<Counts> make_world(Disk& disk, const MakeOptions& options, const MakeProgress& progress) {
  KALE_OK(check(options));
  KALE_TRY(const Catalogue catalogue, Catalogue::load(options.packages));
  KALE_OK(disk.make_folders(options.out));
  KALE_TRY(const FolderLock lock, FolderLock::take(options.out / "lock"));
  KALE_OK(keep_plan(disk, options));
  Cutouts cutouts(disk, options.cutouts.empty() ? options.out / "cutouts" : options.cutouts,
                  static_cast<int>(options.size * kCutoutShare));
  const SceneMaker maker(options, catalogue, cutouts);
  Counts counts;
  std::int64_t found = 0;
  std::future<Status> writing;  // of the shard before
  for (std::int64_t begin = 0, shard = 0; begin < options.rows; ++shard) {
    const std::int64_t end = std::min(begin + options.shard_rows, options.rows);
    const std::string name = shard_name(options.split, shard);
    KALE_TRY(const auto kept, kept_shard(disk, options, name, begin, end));
    if (kept) {
      for (const Scene& scene : *kept) counts.add(scene);
      found += end - begin;
    } else {
      KALE_TRY(std::vector<MadeScene> scenes, maker.make(begin, end));
      for (const MadeScene& made : scenes) counts.add(made.scene);
      if (writing.valid()) KALE_OK(writing.get());
      writing = std::async(std::launch::async, [&disk, &options, scenes = std::move(scenes), name] {
        return write_shard(disk, options.out, name, scenes);
      });
    }
    begin = end;
    if (progress) progress(end, found);
  }
  if (writing.valid()) KALE_OK(writing.get());
  return counts;
}

}  // namespace kale::world
