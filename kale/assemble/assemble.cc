#include "kale/assemble/assemble.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "kale/yaml/nearest.h"
#include "kale/assemble/tables.h"
#include "kale/text/texts.h"
#include "kale/write/parquet_sink.h"

namespace kale {
namespace {

using nlohmann::json;

struct NamedEngine {
  Engine* engine = nullptr;
  std::string captions_text;
};
using Engines = std::map<std::string, NamedEngine, std::less<>>;

template <class Part>
Result<Made<Part>> make_named(std::span<const Entry<Part>> table, const YAML::Node& map,
                              const std::string& where, const BuildContext& build) {
  bool is_map = map.IsDefined() && map.IsMap();
  YAML::Node kind = is_map ? map["kind"] : YAML::Node();
  if (!is_map || !kind.IsDefined() || !kind.IsScalar())
    return Error{Code::kBadConfig, where + " must be a map with a 'kind'"};
  std::vector<std::string> known;
  for (const Entry<Part>& row : table) {
    known.emplace_back(row.name);
    if (row.name != kind.Scalar()) continue;
    OptionReader reader(map, where, {"kind"});
    return row.make(reader, build);
  }
  return Error{Code::kBadConfig, fmt::format("{}.kind is '{}'{}", where, shown(kind.Scalar()),
                                             hint(kind.Scalar(), known))};
}

Status make_engines(const Recipe& recipe, const BuildContext& build, Pipeline& pipeline,
                    Engines& engines) {
  YAML::Node list = recipe.tree["engines"];
  if (!list) return {};
  if (!list.IsMap()) return Error{Code::kBadConfig, "'engines' must be a map of NAME: {kind: ...}"};
  for (const auto& item : list) {
    std::string name = item.first.Scalar();
    KALE_TRY(auto made, make_named(engine_table(), item.second, "engines." + shown(name), build));
    engines[name] = {made.part.get(), std::move(made.captions_text)};
    pipeline.engines.push_back(std::move(made.part));
  }
  return {};
}

Result<Engine*> find_engine(const Engines& engines, std::string_view name) {
  auto found = engines.find(name);
  if (found != engines.end()) return found->second.engine;
  std::vector<std::string> known;
  for (const auto& [key, engine] : engines) known.push_back(key);
  return Error{Code::kBadConfig,
               fmt::format("the recipe has no engine '{}'{}", shown(name), hint(name, known))};
}

// What a user can set that changes a step's captions: its options, those of the engines it asks,
// and of the run where it may send rows back.
std::string options_text(const StepTraits& traits, std::string own, const Engines& engines,
                         RunOptions run) {
  if (!traits.retries.empty()) {
    CaptionsText text;
    run.visit(text);
    own += text.text();
  }
  for (const Engine* asked : traits.engines)
    for (const auto& [name, engine] : engines)
      if (engine.engine == asked) own += fmt::format("{}:\n{}", name, engine.captions_text);
  return own;
}

// Every column read is written earlier, and every step sent back to stands earlier.
Status check_order(const Pipeline& pipeline) {
  Columns written = pipeline.source->traits().provides;
  std::vector<std::string_view> before;
  for (const auto& step : pipeline.steps) {
    StepTraits traits = step->traits();
    if (Columns missing = traits.reads - written; !missing.empty())
      return Error{
          Code::kBadConfig,
          fmt::format("step '{}' reads {}, which no step before it writes; put the step that "
                      "writes it earlier in 'steps'",
                      traits.name, column_names(missing))};
    before.push_back(traits.name);
    for (std::string_view back : traits.retries)
      if (std::find(before.begin(), before.end(), back) == before.end())
        return Error{Code::kBadConfig,
                     fmt::format("step '{}' sends rows back to '{}', which must stand before it in "
                                 "'steps'",
                                 traits.name, back)};
    written |= traits.writes;
  }
  return {};
}

// Steps with word lists of their own also go by those of the text room.
std::string text_room_lists() {
  std::string lists;
  for (std::string_view list : {text_texts::refusals, text_texts::abbreviations,
                                text_texts::stop_words, text_texts::number_words})
    lists += list;
  return lists;
}

Status make_steps(const Recipe& recipe, BuildContext build, const Engines& engines,
                  Pipeline& pipeline) {
  build.provided = pipeline.source->traits().provides;
  for (const std::string& name : recipe.steps) {
    for (const Entry<Step>& row : step_table()) {
      if (row.name != name) continue;
      OptionReader reader(recipe.tree[name], name);
      KALE_TRY(auto made, row.make(reader, build));
      StepTraits traits = made.part->traits();
      if (!traits.texts.empty()) traits.texts.push_back(text_room_lists());
      std::string options =
          options_text(traits, std::move(made.captions_text), engines, pipeline.options);
      pipeline.prints.push_back(step_print(pipeline.prints.back(), traits, options));
      build.before.push_back(std::move(traits));
      pipeline.steps.push_back(std::move(made.part));
    }
  }
  return check_order(pipeline);
}

std::filesystem::path source_path(const Recipe& recipe, const BuildContext& build) {
  YAML::Node path = recipe.tree["source"]["path"];
  if (!path || !path.IsScalar() || path.Scalar().empty()) return {};
  auto whole = std::filesystem::absolute(build.resolve(path.Scalar())).lexically_normal();
  return whole.has_filename() ? whole : whole.parent_path();
}

// Pictures are read again when published, and told from others by their digest.
Status check_image_bytes(const PublishOptions& options, const Pipeline& pipeline) {
  if (!options.image_bytes) return {};
  Columns written = pipeline.source->traits().provides;
  for (const auto& step : pipeline.steps) written |= step->traits().writes;
  Columns missing = Columns{Column::kImageBytes, Column::kSha256} - written;
  if (missing.empty()) return {};
  return Error{Code::kBadConfig,
               fmt::format("publish.image_bytes needs {}, which neither the source nor a step "
                           "writes; put decode into 'steps', or set publish.image_bytes=false",
                           column_names(missing))};
}

std::string provenance_of(const Recipe& recipe, const Pipeline& pipeline) {
  json steps = json::object();
  for (std::size_t i = 0; i < pipeline.steps.size(); ++i) {
    json description = json::parse(pipeline.prints[i + 1].description);
    json step{{"print", pipeline.prints[i + 1].print}};
    if (!description["texts"].empty()) step["prompts"] = description["texts"];
    for (const json& engine : description["engines"])
      step["models"].push_back({{"id", engine["id"]}, {"xxh128", engine["model"]}});
    steps[pipeline.prints[i + 1].name] = std::move(step);
  }
  return json{{"kale", KALE_VERSION},
              {"recipe", recipe.name},
              {"seed", recipe.seed},
              {"steps", std::move(steps)}}
      .dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

Result<RunOptions> read_run_options(const Recipe& recipe) {
  RunOptions options;
  OptionReader reader(recipe.tree["run"], "run");
  options.visit(reader);
  KALE_OK(reader.finish());
  return options;
}

Result<Assembled> assemble(const Recipe& recipe, Executor& cpu, int cores, Disk& disk,
                           const std::filesystem::path& out) {
  Assembled assembled;
  Pipeline& pipeline = assembled.pipeline;
  pipeline.seed = recipe.seed;
  KALE_TRY(pipeline.options, read_run_options(recipe));
  OptionReader publish(recipe.tree["publish"], "publish");
  assembled.publish.visit(publish);
  KALE_OK(publish.finish());
  KALE_OK(check_publish(assembled.publish));

  Engines engines;
  BuildContext build{cpu, cores, recipe.folder,
                     [&engines](std::string_view name) { return find_engine(engines, name); }};
  KALE_OK(make_engines(recipe, build, pipeline, engines));
  KALE_TRY(auto source, make_named(source_table(), recipe.tree["source"], "source", build));
  pipeline.source = std::move(source.part);
  assembled.source_path = source_path(recipe, build);
  assembled.source_text = YAML::Dump(recipe.tree["source"]);
  SourceTraits traits = pipeline.source->traits();
  pipeline.prints.push_back(
      source_print(std::string(traits.name), traits.revision, source.captions_text, recipe.seed));
  KALE_OK(make_steps(recipe, build, engines, pipeline));
  KALE_OK(check_image_bytes(assembled.publish, pipeline));
  pipeline.provenance = provenance_of(recipe, pipeline);
  pipeline.sink = make_parquet_sink(disk, out, "w0");
  return assembled;
}

}  // namespace kale
