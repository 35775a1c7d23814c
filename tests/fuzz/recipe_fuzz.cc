// Any text as a recipe, and its first line as a --set: it reads or is refused with a message that
// can be shown, and so do the options of every part under it.
#include "kale/yaml/option_io.h"
#include "kale/assemble/recipe.h"
#include "kale/assemble/tables.h"
#include "kale/run/pipeline.h"

namespace kale {
namespace {

constexpr std::size_t kMessageBytesMax = 4096;

void check_message(const Status& status) {
  if (status) return;
  const std::string& message = status.error().message;
  KALE_CHECK(status.error().code == Code::kBadConfig, "a recipe is at fault, nothing else");
  KALE_CHECK(!message.empty() && message.size() < kMessageBytesMax, "a message for people");
}

template <class Part>
void read_all(std::span<const Entry<Part>> table, const YAML::Node& map) {
  for (const Entry<Part>& entry : table) {
    OptionReader reader(map, "part", {"kind"});
    entry.show(reader);
    check_message(reader.finish());
  }
}

void run(const std::string& text) {
  std::vector<std::string> sets;
  if (std::string first = text.substr(0, text.find('\n')); first.find('=') != std::string::npos)
    sets.push_back(first);
  auto recipe = parse_recipe(text, "fuzzed.yaml", sets);
  if (!recipe) {
    check_message(recipe.error());
    recipe = parse_recipe(text, "fuzzed.yaml", {});
  }
  if (!recipe) return;
  KALE_CHECK(!recipe->steps.empty(), "a recipe has steps");
  for (const auto& entry : step_table()) {
    OptionReader reader(recipe->tree[std::string(entry.name)], std::string(entry.name));
    entry.show(reader);
    check_message(reader.finish());
  }
  read_all(source_table(), recipe->tree["source"]);
  if (YAML::Node engines = recipe->tree["engines"]; engines && engines.IsMap())
    for (const auto& engine : engines) read_all(engine_table(), engine.second);
  RunOptions options;
  OptionReader reader(recipe->tree["run"], "run");
  options.visit(reader);
  check_message(reader.finish());
}

}  // namespace
}  // namespace kale

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  kale::run(std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
