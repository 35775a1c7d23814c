#include "kale/evaluate/claims/lexicon.h"

#include <algorithm>
#include <array>
#include <utility>

#include "kale/core/check.h"
#include "kale/evaluate/claims/sections.h"
#include "kale/evaluate/claims/texts.h"
#include "kale/world/scene/kinds.h"

namespace kale::evaluate {
namespace {

constexpr std::array<std::string_view, kWordClasses> kSections = {
    "colour",  "determiner",  "count",       "ellipsis", "copula",     "verb",
    "showing", "preposition", "conjunction", "relative", "pronoun",    "negation",
    "adverb",  "comparison",  "hedge",       "picture",  "background", "part",
    "text",    "generic",     "ambiguous",   "compound", "relation",   "own relation"};

constexpr std::array<std::pair<std::string_view, std::string_view>, 26> kIrregular = {{
    {"man", "men"},         {"woman", "women"},     {"child", "children"}, {"person", "people"},
    {"mouse", "mice"},      {"goose", "geese"},     {"foot", "feet"},      {"tooth", "teeth"},
    {"ox", "oxen"},         {"wolf", "wolves"},     {"knife", "knives"},   {"leaf", "leaves"},
    {"loaf", "loaves"},     {"shelf", "shelves"},   {"calf", "calves"},    {"scarf", "scarves"},
    {"elf", "elves"},       {"cactus", "cacti"},    {"fungus", "fungi"},   {"fish", "fish"},
    {"sheep", "sheep"},     {"deer", "deer"},       {"moose", "moose"},    {"bison", "bison"},
    {"snowman", "snowmen"}, {"fireman", "firemen"},
}};

std::size_t words_in(std::string_view phrase) {
  return 1 + static_cast<std::size_t>(std::count(phrase.begin(), phrase.end(), ' '));
}

bool ends_with_any(std::string_view text, std::initializer_list<std::string_view> endings) {
  return std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view ending) { return text.ends_with(ending); });
}

// "scissors", "jeans": no other number can be told from the word.
bool looks_plural(std::string_view noun) {
  return noun.ends_with('s') && !ends_with_any(noun, {"ss", "us", "is", "ass", "claus"});
}

WordClass class_of(std::string_view section) {
  const auto* found = std::find(kSections.begin(), kSections.end(), section);
  KALE_CHECK(found != kSections.end(), "grammar.txt has a section that no class stands for");
  return static_cast<WordClass>(found - kSections.begin());
}

}  // namespace

std::string plural_of(std::string_view noun) {
  if (const std::size_t of = noun.find(" of "); of != std::string_view::npos)
    return plural_of(noun.substr(0, of)) + std::string(noun.substr(of));
  const std::size_t blank = noun.rfind(' ');
  const std::size_t begin = blank == std::string_view::npos ? 0 : blank + 1;
  const std::string_view last = noun.substr(begin);
  for (const auto& [one, several] : kIrregular)
    if (last == one) return std::string(noun.substr(0, begin)) + std::string(several);
  std::string plural(noun);
  const bool vowel_y = ends_with_any(last, {"ay", "ey", "oy", "uy"});
  if (last.ends_with('y') && !vowel_y) {
    plural.pop_back();
    return plural + "ies";
  }
  return plural + (ends_with_any(last, {"s", "x", "z", "ch", "sh"}) ? "es" : "s");
}

std::string_view Word::value(WordClass c) const {
  const auto found = values.find(c);
  return found == values.end() ? std::string_view() : std::string_view(found->second);
}

const Lexicon& Lexicon::get() {
  static const Lexicon lexicon;
  return lexicon;
}

Lexicon::Lexicon() {
  add_grammar();
  add_kinds();
  add_things();
  close();
}

void Lexicon::add_grammar() {
  for (SectionEntry& entry : section_entries(evaluate_claims_texts::grammar)) {
    const WordClass word_class = class_of(entry.section);
    Word& word = words_[entry.phrase];
    word.classes |= 1U << static_cast<unsigned>(word_class);
    if (entry.value.empty() && word_class == WordClass::kColour) entry.value = entry.phrase;
    if (!entry.value.empty()) word.values[word_class] = entry.value;
    words_max_ = std::max(words_max_, words_in(entry.phrase));
  }
}

void Lexicon::add_noun(const std::string& singular, const std::string& plural, bool own) {
  const bool either = singular == plural || looks_plural(singular);
  const Number number = either ? Number::kEither : Number::kOne;
  forms_.try_emplace(singular, NounForm{singular, number, own}).first->second.own |= own;
  forms_.try_emplace(plural, NounForm{singular, Number::kSeveral, own}).first->second.own |= own;
  up_[singular].insert(singular);
  words_max_ = std::max({words_max_, words_in(singular), words_in(plural)});
}

void Lexicon::add_kinds() {
  for (const world::Kind& kind : world::kinds()) {
    const std::string noun = phrase_form(kind.noun);
    add_noun(noun, phrase_form(kind.plural), true);
    std::set<std::string>& said = of_kind_[kind.noun];
    said.insert(noun);
    std::vector<std::string> wider = kind.hypernyms;
    wider.push_back(kind.category);
    for (const std::string& name : kind.synonyms) said.insert(phrase_form(name));
    for (const std::string& name : wider) said.insert(phrase_form(name));
  }
  // Nouns of their own first: "glasses" is the plural of a drinking glass only where it is nothing
  // else.
  for (const world::Kind& kind : world::kinds()) {
    for (const std::string& name : of_kind_[kind.noun]) {
      const Word* small = word(name);
      if (small != nullptr && small->is(WordClass::kGeneric)) continue;
      if (const NounForm* known = noun_form(name); known && known->noun != name) continue;
      const auto& same = kind.synonyms;
      add_noun(name, plural_of(name), std::find(same.begin(), same.end(), name) != same.end());
    }
    std::set<std::string>& up = up_[phrase_form(kind.noun)];
    for (const std::string& name : kind.hypernyms) up.insert(phrase_form(name));
    up.insert(phrase_form(kind.category));
    for (const std::string& name : kind.synonyms) {
      const std::string same = phrase_form(name);
      if (world::find_kind(name) != nullptr || !up_.contains(same)) continue;
      up_[same].insert(up.begin(), up.end());
    }
  }
}

void Lexicon::add_things() {
  for (const SectionEntry& entry : section_entries(evaluate_claims_texts::things)) {
    if (const NounForm* known = noun_form(entry.phrase); known == nullptr)
      add_noun(entry.phrase, plural_of(entry.phrase));
    if (entry.section == "scenery") {
      scenery_.insert(entry.phrase);
      continue;
    }
    if (!entry.section.empty()) up_[entry.phrase].insert(phrase_form(entry.section));
    if (!entry.section.empty() && !noun_form(entry.section))
      add_noun(entry.section, plural_of(entry.section));
  }
}

// Wider words of wider words, until nothing is added.
void Lexicon::close() {
  const auto widen = [&](std::set<std::string>& all) {
    std::vector<std::string> waiting(all.begin(), all.end());
    while (!waiting.empty()) {
      const auto found = up_.find(waiting.back());
      waiting.pop_back();
      if (found == up_.end()) continue;
      for (const std::string& name : found->second)
        if (all.insert(name).second) waiting.push_back(name);
    }
  };
  for (auto& [noun, up] : up_) {
    std::set<std::string> all = up;
    widen(all);
    up = std::move(all);
  }
  for (auto& [kind, said] : of_kind_) widen(said);
}

const Word* Lexicon::word(std::string_view phrase) const {
  const auto found = words_.find(phrase);
  return found == words_.end() ? nullptr : &found->second;
}

const NounForm* Lexicon::noun_form(std::string_view phrase) const {
  const auto found = forms_.find(phrase);
  return found == forms_.end() ? nullptr : &found->second;
}

const std::set<std::string>& Lexicon::wider(std::string_view noun) const {
  static const std::set<std::string> kNone;
  const auto found = up_.find(noun);
  return found == up_.end() ? kNone : found->second;
}

const std::set<std::string>& Lexicon::said_of_kind(std::string_view kind) const {
  static const std::set<std::string> kNone;
  const auto found = of_kind_.find(kind);
  return found == of_kind_.end() ? kNone : found->second;
}

bool Lexicon::is_scenery(std::string_view noun) const { return scenery_.contains(noun); }

}  // namespace kale::evaluate
