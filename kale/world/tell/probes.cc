#include "kale/world/tell/probes.h"

#include <algorithm>
#include <array>
#include <set>

#include "kale/core/ascii.h"
#include "kale/core/check.h"
#include "kale/text/lists.h"
#include "kale/world/tell/nouns.h"
#include "kale/world/tell/questions.h"
#include "kale/world/tell/texts.h"

namespace kale::world {
namespace {

constexpr std::size_t kPopular = 12;     // a popular probe is one of so many absent ones
constexpr std::size_t kAdversarial = 6;  // an adversarial one is one of so many

bool holds(const std::vector<std::string>& words, const std::string& word) {
  return std::ranges::find(words, word) != words.end();
}

// What wallpapers may show without the truth saying so.
bool may_be_scenery(const Kind& kind) {
  static constexpr std::array<std::string_view, 5> kCategories{"nature", "plant", "building",
                                                               "animal", "vehicle"};
  return std::ranges::find(kCategories, kind.category) != kCategories.end();
}

bool alike(const Kind& one, const Kind& other) {
  if (one.noun == other.noun || holds(one.synonyms, other.noun) ||
      holds(other.synonyms, one.noun) || holds(one.hypernyms, other.noun) ||
      holds(other.hypernyms, one.noun)) {
    return true;
  }
  return std::ranges::any_of(one.synonyms,
                             [&](const std::string& word) {
                               return holds(other.synonyms, word) || holds(other.hypernyms, word);
                             }) ||
         std::ranges::any_of(other.synonyms,
                             [&](const std::string& word) { return holds(one.hypernyms, word); });
}

}  // namespace

bool may_be_there(const Kind& kind, const Scene& scene) {
  if (scene.background.kind == "wallpaper" && may_be_scenery(kind)) return true;
  if (!scene.texts.empty() && kind.noun.ends_with("sign")) return true;
  return std::ranges::any_of(scene.objects, [&](const Object& object) {
    const Kind* its = find_kind(object.kind);
    if (its != nullptr && alike(kind, *its)) return true;
    std::string name = lower_ascii(object.name);
    if (holds_name(name, kind.noun) || holds_name(name, kind.plural)) return true;
    return std::ranges::any_of(kind.synonyms,
                               [&](const std::string& word) { return holds_name(name, word); });
  });
}

const std::vector<const Kind*>& kinds_by_frequency() {
  static const std::vector<const Kind*> table = [] {
    std::vector<const Kind*> made;
    std::set<const Kind*> seen;
    for (const std::string& noun : list_lines(world_tell_texts::common_kinds)) {
      const Kind* kind = find_kind(noun);
      KALE_CHECK(kind != nullptr, "common_kinds.txt: kinds.tsv has no " + noun);
      if (seen.insert(kind).second) made.push_back(kind);
    }
    for (const Kind& kind : kinds()) {
      if (seen.insert(&kind).second) made.push_back(&kind);
    }
    return made;
  }();
  return table;
}

AbsentKinds::AbsentKinds(const Scene& scene) {
  for (const Object& object : scene.objects) categories_.insert(object.category);
  for (const Kind* kind : kinds_by_frequency()) {
    if (!may_be_there(*kind, scene)) all_.push_back(kind);
  }
}

const Kind* AbsentKinds::draw(Sampling sampling, Rng& rng) const {
  std::vector<const Kind*> open;
  for (const Kind* kind : all_) {
    if (sampling == Sampling::kPopular && open.size() == kPopular) break;
    if (sampling == Sampling::kAdversarial && open.size() == kAdversarial) break;
    bool near = sampling != Sampling::kAdversarial || categories_.contains(kind->category);
    if (near) open.push_back(kind);
  }
  return open.empty() ? nullptr : open[rng.below(open.size())];
}

std::string sampling_name(Sampling sampling) {
  static constexpr std::array<std::string_view, 3> kNames{"random", "popular", "adversarial"};
  return std::string(kNames[static_cast<std::size_t>(sampling)]);
}

}  // namespace kale::world
