#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "kale/evaluate/claims/lexicon.h"
#include "kale/evaluate/claims/sections.h"
#include "kale/evaluate/judge/hearing.h"
#include "kale/world/scene/chart_values.h"
#include "kale/world/scene/kinds.h"

namespace kale::evaluate {
namespace {

// "bird" and what means the same tell a bird; so does its name, which says more. "Animal" is true
// and tells less.
bool tells_kind(const Mention& mention, const world::Object& object) {
  if (mention.generic || mention.negated) return false;
  const std::string kind = phrase_form(object.kind);
  if (mention.noun == kind) return true;
  if (const world::Kind* known = world::find_kind(object.kind))
    for (const std::string& synonym : known->synonyms)
      if (mention.noun == phrase_form(synonym)) return true;
  return Lexicon::get().wider(mention.noun).contains(kind) ||
         phrase_form(object.name).ends_with(mention.noun);
}

void add(Hearing& hearing, FactKind kind, std::string what, bool told) {
  hearing.judgement.facts.push_back({kind, std::move(what), told});
}

void list_kinds(Hearing& hearing) {
  std::map<std::string, std::vector<int>> kinds;
  for (std::size_t i = 0; i < hearing.scene.objects.size(); ++i)
    kinds[hearing.scene.objects[i].kind].push_back(static_cast<int>(i));
  for (const auto& [kind, objects] : kinds) {
    bool told = false;
    for (std::size_t m = 0; m < hearing.claims.mentions.size(); ++m)
      for (const int i : hearing.meant[m])
        told |= hearing.object(i).kind == kind &&
                tells_kind(hearing.claims.mentions[m], hearing.object(i));
    add(hearing, FactKind::kKind, kind, told);
    if (objects.size() > 1)
      add(hearing, FactKind::kCount, spoken_count(static_cast<int>(objects.size()), kind),
          hearing.counted.contains(kind));
  }
}

void list_relations(Hearing& hearing) {
  std::set<std::pair<std::string, std::string>> pairs;
  for (const world::Relating& relating : hearing.scene.relations) {
    std::string a = hearing.object(relating.subject).kind;
    std::string b = hearing.object(relating.object).kind;
    if (b < a) std::swap(a, b);
    pairs.emplace(std::move(a), std::move(b));
  }
  for (const auto& pair : pairs)
    add(hearing, FactKind::kRelation, fmt::format("{} to {}", pair.first, pair.second),
        hearing.related.contains(pair));
}

void list_texts(Hearing& hearing) {
  std::string quoted;
  for (const TextClaim& claim : hearing.claims.texts) quoted += " | " + text_form(claim.text);
  const std::string caption = text_form(hearing.caption);
  constexpr std::size_t kWordBytes = 4;  // shorter texts count only between quotation marks
  for (const world::Text& text : hearing.scene.texts) {
    if (text.role == world::TextRole::kValue) continue;
    const std::string form = text_form(text.text);
    if (form.empty()) continue;
    const bool told =
        holds_words(quoted, form) || (form.size() >= kWordBytes && holds_words(caption, form));
    add(hearing, FactKind::kText, fmt::format("\"{}\"", text.text), told);
  }
}

}  // namespace

void list_facts(Hearing& hearing) {
  list_kinds(hearing);
  for (std::size_t i = 0; i < hearing.scene.objects.size(); ++i) {
    const world::Object& object = hearing.scene.objects[i];
    if (!object.colours.empty())
      add(hearing, FactKind::kColour, fmt::format("{} is {}", object.kind, object.colours.front()),
          hearing.coloured.contains(static_cast<int>(i)));
  }
  list_relations(hearing);
  list_texts(hearing);
  if (!hearing.scene.background.colour.empty())
    add(hearing, FactKind::kBackground, hearing.scene.background.colour + " background",
        hearing.background_told);
  if (!hearing.scene.chart) return;
  const world::Chart& chart = *hearing.scene.chart;
  for (std::size_t i = 0; i < std::min(chart.labels.size(), chart.values.size()); ++i) {
    if (chart.labels[i].empty() || !world::is_value_written(hearing.scene, i)) continue;
    add(hearing, FactKind::kValue, fmt::format("{} {}", chart.labels[i], chart.values[i]),
        hearing.labels_told.contains(chart.labels[i]));
  }
}

}  // namespace kale::evaluate
