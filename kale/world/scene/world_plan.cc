#include "kale/world/scene/world_plan.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "kale/world/scene/named.h"

namespace kale::world {
namespace {

constexpr int kVersion = 1;

Error corrupt(std::string_view problem) {
  return {Code::kCorrupt, fmt::format("plan of a world: {}", problem)};
}

}  // namespace

std::string world_plan_file(Split split) { return fmt::format("world-{}.json", split_name(split)); }

std::string world_plan_json(const WorldPlan& plan) {
  const nlohmann::ordered_json json = {
      {"version", kVersion},      {"split", split_name(plan.split)},
      {"rows", plan.rows},        {"seed", plan.seed},
      {"size", plan.size},        {"shard_rows", plan.shard_rows},
      {"revision", plan.revision}};
  return json.dump() + "\n";
}

Result<WorldPlan> parse_world_plan(std::string_view json) {
  const auto parsed = nlohmann::json::parse(json, nullptr, false);
  if (!parsed.is_object()) return corrupt("this is no JSON object");
  for (const char* key : {"version", "rows", "seed", "size", "shard_rows", "revision"})
    if (!parsed.contains(key) || !parsed[key].is_number_unsigned())
      return corrupt(fmt::format("'{}' is not a whole number from 0", key));
  if (parsed["version"] != kVersion)
    return corrupt(fmt::format("'version' is {}; this program reads version {}",
                               parsed["version"].dump(), kVersion));
  WorldPlan plan;
  if (!parsed.contains("split") || !parsed["split"].is_string() ||
      !value_named(parsed["split"].get<std::string>(), plan.split))
    return corrupt("'split' is no split");
  plan.rows = parsed["rows"].get<std::int64_t>();
  plan.seed = parsed["seed"].get<std::uint64_t>();
  plan.size = parsed["size"].get<int>();
  plan.shard_rows = parsed["shard_rows"].get<std::int64_t>();
  plan.revision = parsed["revision"].get<int>();
  if (plan.rows < 1 || plan.shard_rows < 1) return corrupt("it holds no row");
  return plan;
}

std::string shard_name(Split split, std::int64_t shard) {
  return fmt::format("{}-{:05}", split_name(split), shard);
}

std::string scene_key(Split split, std::uint64_t world_seed, std::int64_t index) {
  return fmt::format("{}-{}-{:09}", split_name(split), world_seed, index);
}

}  // namespace kale::world
