#include "kale/world/tell/phrases.h"

#include <algorithm>
#include <array>
#include <map>

#include "kale/world/scene/kinds.h"
#include "kale/world/tell/grammar.h"
#include "kale/world/tell/nouns.h"

namespace kale::world {
namespace {

// "planet Saturn" becomes "Saturns", "flag of Norway" "flags of Norway".
std::string plural_noun(const std::string& kind, const std::string& name) {
  if (name.empty()) return plural_of(kind);
  if (kind == "planet") return plural_of(name);
  std::string noun = named_noun(kind, name);
  std::size_t of = noun.find(" of ");
  if (of == std::string::npos) return plural_of(noun);
  return plural_of(noun.substr(0, of)) + noun.substr(of);
}

// There is only one, and it is said with "the".
bool is_unique(const std::string& kind, const std::string& name) {
  static constexpr std::array<std::string_view, 4> kOneOfAKind{"flag", "planet", "statue",
                                                               "satellite"};
  if (name.empty()) return kind == "earth";
  bool proper = name[0] >= 'A' && name[0] <= 'Z';
  return kind == "flag" || (proper && std::ranges::find(kOneOfAKind, kind) != kOneOfAKind.end());
}

}  // namespace

std::string named_noun(const std::string& kind, const std::string& name) {
  if (kind == "flag") return "flag of " + name;
  if (kind == "planet") return "planet " + name;
  if (kind == "herb") return "sprig of " + name;
  for (std::string_view measure : {"pair of ", "bowl of "}) {
    if (kind.starts_with(measure)) return std::string(measure) + name;
  }
  return name;
}

Phrases::Phrases(const Look& look, std::set<std::string> names)
    : look_(look), names_(std::move(names)) {}

bool Phrases::is_named(int object) const {
  return names_.contains(look_.scene.objects[object].name);
}

bool Phrases::is_plural(const Members& members) const {
  const Kind* kind = find_kind(look_.scene.objects[members[0]].kind);
  return members.size() > 1 || (kind != nullptr && only_plural(*kind) && !is_named(members[0]));
}

std::string Phrases::colours(const Members& members, Rng& rng) const {
  std::vector<std::string> shared = look_.colours(members);
  if (shared.empty()) return {};
  if (shared.size() == 1 || rng.below(2) == 0) return shared[0];
  return shared[0] + " and " + shared[1];
}

// Members that have the same name, or none.
std::string Phrases::one_name(const Members& members, bool with_colours, bool others,
                              Rng& rng) const {
  const Object& first = look_.scene.objects[members[0]];
  std::string name = is_named(members[0]) ? first.name : std::string();
  auto count = static_cast<int>(members.size());
  // Names may hold a colour themselves.
  std::string colour = with_colours && name.empty() ? colours(members, rng) : "";
  if (!colour.empty()) colour += " ";
  const Kind* kind = find_kind(first.kind);
  if (name.empty() && kind != nullptr && only_plural(*kind)) {
    if (count == 1) return "some " + colour + first.kind;
    return number_word(count) + " sets of " + colour + first.kind;
  }
  std::string noun = name.empty() ? first.kind : named_noun(first.kind, name);
  if (count == 1) {
    if (others) return "another " + colour + noun;
    return is_unique(first.kind, name) ? "the " + noun : tidy_words("a " + colour + noun);
  }
  return number_word(count) + (others ? " other " : " ") + colour + plural_noun(first.kind, name);
}

std::string Phrases::indefinite(const Members& members, bool with_colours, Rng& rng) const {
  std::map<std::string, Members> by_name;
  for (int member : members) {
    by_name[is_named(member) ? look_.scene.objects[member].name : ""].push_back(member);
  }
  if (by_name.size() == 1) return one_name(members, with_colours, false, rng);
  const std::string& kind = look_.scene.objects[members[0]].kind;
  if (kind == "flag" && by_name.size() == members.size() && !by_name.contains("")) {
    std::vector<std::string> countries;
    for (const auto& [name, unused] : by_name) countries.push_back(name);
    return "the flags of " + join(countries);
  }
  std::vector<std::string> parts;
  for (const auto& [name, same] : by_name) {
    if (!name.empty()) parts.push_back(one_name(same, with_colours, false, rng));
  }
  if (by_name.contains("")) parts.push_back(one_name(by_name[""], with_colours, true, rng));
  return join(parts);
}

std::string Phrases::definite(const Members& members, Rng& rng) const {
  const Group& group = look_.group_of(members[0]);
  const Object& first = look_.scene.objects[members[0]];
  const Kind* kind = find_kind(group.kind);
  auto count = static_cast<int>(members.size());
  bool named = is_named(members[0]) && group.members.size() == 1;
  if (group.members.size() == 1) {
    if (named && rng.below(2) == 0) return "the " + named_noun(first.kind, first.name);
    return "the " + group.kind;
  }
  std::string many =
      kind != nullptr && only_plural(*kind) ? "sets of " + group.kind : plural_of(group.kind);
  if (members.size() == group.members.size()) {
    if (count == 2 && rng.below(3) == 0) return "both " + many;
    if (count > 2 && rng.below(3) == 0) return "all " + number_word(count) + " " + many;
    return rng.below(2) == 0 ? "the " + many : "the " + number_word(count) + " " + many;
  }
  if (members.size() == 1 && look_.colour_tells_apart(members[0]) &&
      many == plural_of(group.kind)) {
    return "the " + first.colours[0] + " " + group.kind;
  }
  if (members.size() == 1) return "one of the " + many;
  return number_word(count) + " of the " + many;
}

std::string Phrases::by_hypernym(const Members& members) const {
  const Object& first = look_.scene.objects[members[0]];
  const Kind* kind = find_kind(first.kind);
  if (kind == nullptr || look_.group_of(members[0]).members.size() != 1) return {};
  for (const std::string& word : kind->hypernyms) {
    if (word == "object" || word == "item" || word == "human") continue;
    bool shared = std::ranges::any_of(look_.groups, [&](const Group& other) {
      if (other.kind == first.kind) return false;
      const Kind* its = find_kind(other.kind);
      return other.kind == word || its == nullptr ||
             std::ranges::find(its->hypernyms, word) != its->hypernyms.end() ||
             std::ranges::find(its->synonyms, word) != its->synonyms.end();
    });
    // Only the broad words that are surely true: the category's own.
    bool broad = word == kind->category || word == "instrument" || word == "building" ||
                 word == "vehicle" || word == "bird" || word == "insect" || word == "fruit";
    if (!shared && broad) return "the " + word;
  }
  return {};
}

std::string Phrases::all(const std::vector<const Group*>& groups, bool with_colours,
                         Rng& rng) const {
  std::vector<std::string> parts;
  for (const Group* group : groups) {
    parts.push_back(indefinite(group->members, with_colours && rng.below(2) == 0, rng));
  }
  return join(parts);
}

}  // namespace kale::world
