#include "kale/world/tell/brief.h"

#include <algorithm>

#include "kale/world/tell/nouns.h"
#include "kale/world/tell/phrases.h"
#include "kale/world/tell/picture_words.h"
#include "kale/world/tell/text_facts.h"

namespace kale::world {
namespace {

constexpr int kAttempts = 60;

std::string rule_for(const TextFacts& text, Rng& rng, bool has_things) {
  std::string opening = text.opening();
  if (opening.empty() || (opening == "opening_sign" && has_things && rng.below(3) == 0)) {
    return "brief_things";
  }
  return "brief_" + opening.substr(std::string_view("opening_").size());
}

void set_things(const Look& look, const Phrases& phrases, Rng& rng, Slots& slots) {
  if (look.groups.empty()) return;
  std::vector<const Group*> all, rest;
  for (const Group& group : look.groups) {
    all.push_back(&group);
    if (all.size() > 1) rest.push_back(&group);
  }
  bool coloured = rng.below(2) == 0;
  slots.set("list", phrases.all(all, coloured, rng), all.size() > 1);
  const Members& main = look.groups[rng.below(look.groups.size())].members;
  slots.set("main", phrases.indefinite(main, rng.below(4) != 0, rng));
  if (std::string place = place_words(look.region(main), rng); !place.empty()) {
    slots.set("place", place);
  }
  slots.flag("large", look.is_large(main));
  slots.flag("small", look.is_small(main) && phrases.names().empty());
  slots.flag("tilted", look.is_tilted(main));
  slots.set("noun", look.scene.objects[main[0]].kind);
  auto others = static_cast<int>(look.scene.objects.size() - main.size());
  slots.flag("rest_any", others > 0);
  if (others > 1) slots.set("others", number_word(others));
  if (!rest.empty() && &main == &look.groups[0].members) {
    slots.set("rest", phrases.all(rest, coloured, rng));
  }
  const Group& other = look.groups[rng.below(look.groups.size())];
  if (&other.members == &main) return;
  for (Relation relation :
       {Relation::kOn, Relation::kLeftOf, Relation::kRightOf, Relation::kAbove, Relation::kBelow}) {
    if (!look.all_related(main, relation, other.members)) continue;
    Slots of;
    of.set("o", phrases.indefinite(other.members, rng.below(2) == 0, rng));
    slots.set("rel", dense_grammar().say(relation_rule(relation), of, rng).text);
    return;
  }
}

std::string with_tail(std::string text, const std::string& tail) {
  if (tail.empty()) return as_sentence(text);
  while (!text.empty() && (text.back() == '.' || text.back() == ' ')) text.pop_back();
  return as_sentence(text + " " + tail + " .");
}

}  // namespace

std::string tell_brief(const Look& look, const Names& names, WordLimits limits, Rng& rng) {
  Phrases phrases(look, names.objects);
  std::vector<std::string> wanted = names.all();
  std::string best;
  std::ptrdiff_t most = -1;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    TextFacts text(look, rng);
    Slots slots;
    set_picture_slots(look, rng, slots);
    set_things(look, phrases, rng, slots);
    text.fill(slots);
    bool late = attempt > kAttempts / 2;
    std::string rule = rule_for(text, rng, !look.groups.empty());
    if ((late && best.empty()) || !dense_grammar().can_say(rule, slots)) rule = "brief_always";
    std::string caption = dense_grammar().say(rule, slots, rng).text;
    caption = with_tail(caption, knowledge_tail(look.scene, names.told, rng));
    if (!within(caption, limits)) continue;
    auto held = std::ranges::count_if(
        wanted, [&](const std::string& name) { return holds_name(caption, name); });
    if (held > most) {
      most = held;
      best = caption;
    }
    if (held == static_cast<std::ptrdiff_t>(wanted.size())) break;
  }
  return best;
}

}  // namespace kale::world
