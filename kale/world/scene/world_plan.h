// What a split of a world on disk is to hold, noted beside it before its first scene: so the same
// command goes on with it, and who reads it can tell half a world from a whole one.
// Errors   kCorrupt for a note that does not parse or is of another version
// Threads  free functions, safe
// Format   docs/formats.md, "A world on disk"
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "kale/core/result.h"
#include "kale/world/scene/scene.h"

namespace kale::world {

// Raised where the same options give other bytes: a world is made by one revision.
inline constexpr int kWorldRevision = 2;
inline constexpr std::int64_t kWorldPlanBytesMax = 4096;

struct WorldPlan {
  Split split = Split::kTrain;
  std::int64_t rows = 0;
  std::uint64_t seed = 0;
  int size = 0;
  std::int64_t shard_rows = 0;
  int revision = kWorldRevision;
  bool operator==(const WorldPlan&) const = default;

  std::int64_t shards() const { return (rows + shard_rows - 1) / shard_rows; }
};

std::string world_plan_file(Split split);  // "world-test.json", in the world's folder
std::string world_plan_json(const WorldPlan& plan);
Result<WorldPlan> parse_world_plan(std::string_view json);

std::string shard_name(Split split, std::int64_t shard);  // "test-00003"
// Of no other scene, whatever its world: "test-7-000000016", by index within split and seed.
std::string scene_key(Split split, std::uint64_t world_seed, std::int64_t index);

}  // namespace kale::world
