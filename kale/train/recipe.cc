#include "kale/train/recipe.h"

#include <fmt/format.h>

#include <algorithm>

#include "kale/yaml/nearest.h"
#include "kale/yaml/option_io.h"
#include "kale/yaml/page.h"

namespace kale {
namespace {

template <class Options>
Status read_options(const YAML::Node& tree, const std::string& key, const std::string& file,
                    Options& options, std::string& fingerprint) {
  OptionReader reader(tree[key], file + ": " + key);
  options.visit(reader);
  KALE_OK(reader.finish());
  CaptionsText text;
  options.visit(text);
  fingerprint += key + "\n" + text.text();
  return {};
}

Status check_stage(const Stage& stage, const std::string& file) {
  if ((stage.steps > 0) == (stage.epochs > 0))
    return Error{Code::kBadConfig,
                 fmt::format("{}: {} needs either steps or epochs", file, stage.name)};
  if (stage.learns.empty())
    return Error{Code::kBadConfig, fmt::format("{}: {}.learns names no part", file, stage.name)};
  std::vector<std::string> parts;
  for (const StudentPart& part : kStudentParts) parts.emplace_back(part.name);
  for (const std::string& part : stage.learns)
    if (std::find(parts.begin(), parts.end(), part) == parts.end())
      return Error{Code::kBadConfig, fmt::format("{}: {}.learns: '{}' is no part{}", file,
                                                 stage.name, shown(part), hint(part, parts))};
  return {};
}

Status read_stages(const YAML::Node& tree, const std::string& file, TrainRecipe& recipe) {
  const YAML::Node list = tree["stages"];
  if (!list || !list.IsSequence() || list.size() == 0)
    return Error{Code::kBadConfig,
                 file + ": 'stages' must be a list of names, each with a section of that name"};
  for (const auto& item : list) {
    Stage stage;
    stage.name = item.IsScalar() ? item.Scalar() : std::string("?");
    if (!tree[stage.name] || !tree[stage.name].IsMap())
      return Error{Code::kBadConfig, fmt::format("{}: stage '{}' has no section '{}:'", file,
                                                 shown(stage.name), shown(stage.name))};
    KALE_OK(read_options(tree, stage.name, file, stage, recipe.fingerprint));
    KALE_OK(check_stage(stage, file));
    recipe.stages.push_back(std::move(stage));
  }
  return {};
}

// A stage that is not listed is left out, and no mistake.
std::vector<std::string> known_keys(const YAML::Node& tree, const TrainRecipe& recipe) {
  std::vector<std::string> known = {"name", "seed", "student", "data", "loop", "stages"};
  for (const Stage& stage : recipe.stages) known.push_back(stage.name);
  for (const auto& entry : tree)
    if (entry.first.IsScalar() && entry.second.IsMap() && entry.second["learns"])
      known.push_back(entry.first.Scalar());
  return known;
}

}  // namespace

Result<TrainRecipe> parse_train_recipe(const std::string& text, const std::filesystem::path& path,
                                       const std::vector<std::string>& sets) {
  const std::string file = path.string();
  KALE_TRY(const Page page, parse_page(text, path, sets, "'student', 'data' and 'stages'"));
  const YAML::Node& tree = page.tree;
  TrainRecipe recipe{.seed = page.seed, .folder = page.folder};
  recipe.data.validation.rows_max = 256;
  recipe.fingerprint = fmt::format("seed={}\n", recipe.seed);
  KALE_OK(read_options(tree, "student", file, recipe.student, recipe.fingerprint));
  KALE_OK(read_options(tree, "data", file, recipe.data, recipe.fingerprint));
  KALE_OK(read_options(tree, "loop", file, recipe.loop, recipe.fingerprint));
  KALE_OK(read_stages(tree, file, recipe));
  KALE_OK(check_keys(tree, file, known_keys(tree, recipe)));
  if (recipe.loop.shuffle_rows < recipe.loop.step_rows)
    return Error{
        Code::kBadConfig,
        fmt::format("{}: loop.shuffle_rows is {}, fewer than loop.step_rows, {}: a step is "
                    "cut out of what is shuffled together",
                    file, recipe.loop.shuffle_rows, recipe.loop.step_rows)};
  CorpusOptions& validation = recipe.data.validation;
  validation.caption_column = recipe.data.train.caption_column;
  validation.alt_text_columns = recipe.data.train.alt_text_columns;
  validation.images_root = recipe.data.train.images_root;
  return recipe;
}

Result<TrainRecipe> load_train_recipe(const std::filesystem::path& file,
                                      const std::vector<std::string>& sets) {
  KALE_TRY(const std::string text, read_page(file));
  return parse_train_recipe(text, file, sets);
}

}  // namespace kale
