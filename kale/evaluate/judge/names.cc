#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "kale/core/ascii.h"
#include "kale/evaluate/claims/lexicon.h"
#include "kale/evaluate/claims/sections.h"
#include "kale/evaluate/judge/hearing.h"
#include "kale/text/facts.h"
#include "kale/text/words.h"

namespace kale::evaluate {
namespace {

// The stems of each text.
using Sources = std::vector<std::set<std::string>>;

Sources stems_of(const std::vector<std::string>& texts) {
  Sources sources;
  for (const std::string& text : texts)
    if (!text.empty()) sources.push_back(stems(text));
  return sources;
}

// "Hall & Sons" is "Hall and Sons".
std::vector<std::string> stem_row(std::string_view text) {
  std::vector<std::string> row;
  for (const std::string_view word : words(text))
    if (lower_ascii(word) != "and") row.push_back(stem(word));
  return row;
}

// The words of the name one behind the other: "an old wall in a hall" names no Old Hall. Only dates
// stay what they are in another order: "28 June 1991", "June 28, 1991".
bool has_in_a_row(const std::vector<std::string>& told, std::string_view name) {
  const std::vector<std::string> wanted = stem_row(name);
  const auto size = static_cast<std::ptrdiff_t>(wanted.size());
  for (auto at = told.begin(); told.end() - at >= size; ++at)
    if (has_digit(name) ? std::is_permutation(wanted.begin(), wanted.end(), at)
                        : std::equal(wanted.begin(), wanted.end(), at))
      return true;
  return false;
}

bool stated_by_any(const Sources& sources, std::string_view name) {
  return std::any_of(sources.begin(), sources.end(),
                     [&](const auto& source) { return states(source, name); });
}

// "The Bird", "Christmas tree": a capital that is the word's or the writer's own, and no name.
bool is_no_name(const Hearing& hearing, const NameClaim& claim) {
  for (std::size_t i = 0; i < hearing.claims.mentions.size(); ++i) {
    const Span span = hearing.mention(static_cast<int>(i)).span;
    if (span.begin <= claim.span.begin && claim.span.end <= span.end) return true;
  }
  const Lexicon& lexicon = Lexicon::get();
  const auto all = words(claim.name);
  return std::all_of(all.begin(), all.end(), [&](std::string_view word) {
    const std::string form = phrase_form(word);
    return lexicon.noun_form(form) != nullptr || lexicon.word(form) != nullptr;
  });
}

bool is_made_of_truths(const world::Scene& scene, const Sources& sources, std::string_view name) {
  std::set<std::string> known;
  for (const auto& source : sources) known.insert(source.begin(), source.end());
  for (const world::Object& object : scene.objects) {
    known.merge(stems(object.kind));
    for (const std::string& colour : object.colours) known.insert(stem(colour));
  }
  const auto all = words(name);
  return std::all_of(all.begin(), all.end(), [&](std::string_view word) {
    return is_stop_word(word) || known.contains(stem(word));
  });
}

void judge_name(Hearing& hearing, const NameClaim& claim, const Sources& sources) {
  const bool known = stated_by_any(sources, claim.name);
  if (!known && is_no_name(hearing, claim)) return;
  JudgedClaim& judged = hearing.add(ClaimKind::kName, claim.span, Verdict::kTrue);
  judged.said = claim.name;
  if (known) return;
  const world::AltText& alt = hearing.scene.alt_text;
  if (stated_by_any(stems_of(alt.false_names), claim.name)) {
    judged.verdict = Verdict::kWrong;
    judged.why = "the alt-text says so, and it is not true";
  } else if (states(stems(alt.text), claim.name)) {
    // Several names in one run of capitals: "Old Hall Press June", and things among them.
    judged.verdict =
        is_made_of_truths(hearing.scene, sources, claim.name) ? Verdict::kTrue : Verdict::kWrong;
    judged.why = "the alt-text alone says so";
  } else {
    judged.verdict = Verdict::kWrong;
    judged.why = "stands neither in the alt-text nor in the picture";
  }
}

}  // namespace

std::vector<std::string> known_texts(const world::Scene& scene) {
  const world::Knowledge& known = scene.knowledge;
  std::vector<std::string> all = scene.alt_text.true_names;
  for (const std::string* field :
       {&known.title, &known.maker, &known.place, &known.country, &known.date, &known.event})
    all.push_back(*field);
  for (const world::Object& object : scene.objects) all.push_back(object.name);
  return all;
}

std::vector<std::string> true_sources(const world::Scene& scene) {
  std::vector<std::string> all = known_texts(scene);
  for (const world::Text& text : scene.texts) all.push_back(text.text);
  return all;
}

void judge_names(Hearing& hearing) {
  const Sources sources = stems_of(true_sources(hearing.scene));
  for (const NameClaim& claim : hearing.claims.names) judge_name(hearing, claim, sources);
  const auto told = stem_row(hearing.caption);
  for (const std::string& name : hearing.scene.alt_text.true_names)
    (has_in_a_row(told, name) ? hearing.judgement.names_kept : hearing.judgement.names_lost)
        .push_back(name);
  for (const std::string& name : hearing.scene.alt_text.false_names)
    if (has_in_a_row(told, name)) hearing.judgement.false_names.push_back(name);
}

}  // namespace kale::evaluate
