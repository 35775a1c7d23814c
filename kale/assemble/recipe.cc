#include "kale/assemble/recipe.h"

#include <fmt/format.h>

#include <algorithm>

#include "kale/assemble/tables.h"
#include "kale/io/disk.h"
#include "kale/yaml/nearest.h"
#include "kale/yaml/yaml.h"

namespace kale {
namespace {

constexpr std::int64_t kRecipeBytesMax = 1 << 20;
const std::vector<std::string> kFixedKeys{"name",    "seed", "steps",  "source",
                                          "engines", "run",  "publish"};

std::vector<std::string> step_names() {
  std::vector<std::string> names;
  for (const auto& row : step_table()) names.emplace_back(row.name);
  return names;
}

Status check_keys(const YAML::Node& tree, const std::string& file) {
  std::vector<std::string> known = step_names();
  known.insert(known.end(), kFixedKeys.begin(), kFixedKeys.end());
  for (const auto& entry : tree) {
    std::string key = entry.first.IsScalar() ? entry.first.Scalar() : std::string("?");
    if (std::find(known.begin(), known.end(), key) == known.end())
      return Error{Code::kBadConfig,
                   fmt::format("{}: unknown key '{}'{}", file, shown(key), hint(key, known))};
  }
  return {};
}

Status read_steps(const YAML::Node& list, const std::string& file,
                  std::vector<std::string>& steps) {
  std::vector<std::string> known = step_names();
  if (!list || !list.IsSequence() || list.size() == 0)
    return Error{Code::kBadConfig, file + ": 'steps' must be a list of steps"};
  for (const auto& item : list) {
    std::string step = item.IsScalar() ? item.Scalar() : std::string("?");
    if (std::find(known.begin(), known.end(), step) == known.end())
      return Error{Code::kBadConfig,
                   fmt::format("{}: unknown step '{}'{}", file, shown(step), hint(step, known))};
    if (std::find(steps.begin(), steps.end(), step) != steps.end())
      return Error{Code::kBadConfig, fmt::format("{}: step '{}' is listed twice", file, step)};
    steps.push_back(std::move(step));
  }
  return {};
}

}  // namespace

Result<Recipe> load_recipe(const std::filesystem::path& file,
                           const std::vector<std::string>& sets) {
  auto text = real_disk().read(file, kRecipeBytesMax);
  if (text) return parse_recipe(*text, file, sets);
  if (text.error().code == Code::kLimit) return Error{Code::kBadConfig, text.error().message};
  return std::move(text).error();
}

Result<Recipe> parse_recipe(const std::string& text, const std::filesystem::path& file,
                            const std::vector<std::string>& sets) {
  Recipe recipe;
  KALE_TRY(recipe.tree, load_yaml(text, file.string()));
  if (!recipe.tree.IsMap())
    return Error{Code::kBadConfig, file.string() + " must be a map with 'source' and 'steps'"};
  for (const std::string& set : sets) KALE_OK(apply_set(recipe.tree, set));
  KALE_OK(check_keys(recipe.tree, file.string()));
  KALE_OK(read_steps(recipe.tree["steps"], file.string(), recipe.steps));
  recipe.name = file.stem().string();
  recipe.folder = std::filesystem::absolute(file).parent_path();
  if (YAML::Node name = recipe.tree["name"]; name && name.IsScalar()) recipe.name = name.Scalar();
  if (YAML::Node seed = recipe.tree["seed"])
    if (!seed.IsScalar() || !YAML::convert<std::uint64_t>::decode(seed, recipe.seed))
      return Error{Code::kBadConfig, file.string() + ": 'seed' must be a whole number from 0"};
  return recipe;
}

}  // namespace kale
