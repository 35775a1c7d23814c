#include "kale/world/scene/kinds.h"

#include <algorithm>

#include "kale/core/check.h"
#include "kale/text/lists.h"
#include "kale/world/scene/table.h"
#include "kale/world/scene/texts.h"

namespace kale::world {
namespace {

std::vector<std::string> words(std::string_view field) {
  std::vector<std::string> list;
  for (std::string_view word : split_at(field, ',')) {
    if (!word.empty()) list.emplace_back(word);
  }
  return list;
}

std::vector<Kind> load_kinds() {
  std::vector<Kind> table;
  for (const std::string& line : list_lines(world_scene_texts::kinds)) {
    const std::vector<std::string_view> fields = split_at(line, '\t');
    KALE_CHECK(fields.size() == 5, "kinds.tsv: a line without five fields: " + line);
    table.push_back({.noun = std::string(fields[0]),
                     .plural = std::string(fields[1]),
                     .category = std::string(fields[2]),
                     .synonyms = words(fields[3]),
                     .hypernyms = words(fields[4])});
  }
  KALE_CHECK(std::ranges::is_sorted(table, {}, &Kind::noun), "kinds.tsv is not sorted by noun");
  return table;
}

}  // namespace

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> table = load_kinds();
  return table;
}

const Kind* find_kind(std::string_view noun) {
  const std::vector<Kind>& table = kinds();
  const auto found = std::ranges::lower_bound(table, noun, {}, &Kind::noun);
  return found != table.end() && found->noun == noun ? &*found : nullptr;
}

}  // namespace kale::world
