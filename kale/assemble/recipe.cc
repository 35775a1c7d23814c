#include "kale/assemble/recipe.h"

#include <fmt/format.h>

#include <algorithm>

#include "kale/assemble/tables.h"
#include "kale/yaml/nearest.h"

namespace kale {
namespace {

const std::vector<std::string> kFixedKeys{"name",    "seed", "steps",  "source",
                                          "engines", "run",  "publish"};

std::vector<std::string> step_names() {
  std::vector<std::string> names;
  for (const auto& row : step_table()) names.emplace_back(row.name);
  return names;
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
  KALE_TRY(const std::string text, read_page(file));
  return parse_recipe(text, file, sets);
}

Result<Recipe> parse_recipe(const std::string& text, const std::filesystem::path& file,
                            const std::vector<std::string>& sets) {
  Recipe recipe;
  KALE_TRY(static_cast<Page&>(recipe), parse_page(text, file, sets, "'source' and 'steps'"));
  std::vector<std::string> known = step_names();
  known.insert(known.end(), kFixedKeys.begin(), kFixedKeys.end());
  KALE_OK(check_keys(recipe.tree, file.string(), known));
  KALE_OK(read_steps(recipe.tree["steps"], file.string(), recipe.steps));
  return recipe;
}

}  // namespace kale
