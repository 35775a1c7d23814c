#include "bench/truth/errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include "kale/evaluate/claims/lexicon.h"
#include "kale/evaluate/claims/sections.h"
#include "kale/world/scene/colours.h"
#include "kale/world/scene/kinds.h"

namespace kale::bench {
namespace {

using evaluate::Span;

struct Word {
  Span span;
  std::string text;
  bool quoted = false;
};

bool is_word_char(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (byte >= '0' && byte <= '9') ||
         ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
}

std::vector<Word> words_of(std::string_view caption) {
  std::vector<Word> words;
  bool quoted = false;
  for (std::size_t at = 0; at < caption.size();) {
    if (caption[at] == '"') quoted = !quoted;
    if (!is_word_char(caption[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < caption.size() && is_word_char(caption[end])) ++end;
    words.push_back({{at, end}, std::string(caption.substr(at, end - at)), quoted});
    at = end;
  }
  return words;
}

Spoiled replaced(std::string_view caption, Span place, std::string_view by) {
  std::string text(caption.substr(0, place.begin));
  text.append(by).append(caption.substr(place.end));
  return {std::move(text), {place.begin, place.begin + by.size()}, {}};
}

template <class T>
const T* any_of(const std::vector<T>& all, Rng& rng) {
  return all.empty() ? nullptr : &all[rng.below(all.size())];
}

// Not "orange", which may be the fruit.
std::optional<Spoiled> spoil_colour(const world::Scene& scene, std::string_view caption, Rng& rng) {
  std::set<std::string> there = {scene.background.colour, "orange"};
  for (const world::Object& object : scene.objects) {
    there.insert(object.colours.begin(), object.colours.end());
    if (object.tint) there.insert(*object.tint);
  }
  for (const world::Text& text : scene.texts) there.insert(text.colour);
  if (scene.chart) there.insert(scene.chart->bar_colour);
  std::vector<std::string> absent;
  for (const std::string_view colour : world::kColours)
    if (!there.contains(std::string(colour))) absent.emplace_back(colour);
  std::vector<Word> places;
  for (const Word& word : words_of(caption)) {
    const bool colour = std::find(world::kColours.begin(), world::kColours.end(), word.text) !=
                        world::kColours.end();
    if (colour && word.text != "orange" && !word.quoted) places.push_back(word);
  }
  const Word* place = any_of(places, rng);
  const std::string* colour = any_of(absent, rng);
  if (place == nullptr || colour == nullptr) return std::nullopt;
  return replaced(caption, place->span, *colour);
}

bool is_said_of(const world::Scene& scene, const world::Kind& kind) {
  const evaluate::Lexicon& lexicon = evaluate::Lexicon::get();
  const std::string noun = evaluate::phrase_form(kind.noun);
  for (const world::Object& object : scene.objects) {
    if (lexicon.said_of_kind(object.kind).contains(noun)) return true;
    if (evaluate::phrase_form(object.name).find(noun) != std::string::npos) return true;
  }
  return false;
}

std::optional<Spoiled> spoil_thing(const world::Scene& scene, std::string_view caption, Rng& rng) {
  std::vector<const world::Kind*> absent;
  for (const world::Kind& kind : world::kinds()) {
    const bool scenery = evaluate::Lexicon::get().is_scenery(kind.noun);  // in a wallpaper, perhaps
    if (!is_said_of(scene, kind) && !scenery) absent.push_back(&kind);
  }
  const auto* kind = any_of(absent, rng);
  if (kind == nullptr) return std::nullopt;
  const std::string& noun = (*kind)->noun;
  const std::string_view article =
      std::string_view("aeiou").find(noun[0]) == std::string_view::npos ? "a" : "an";
  const std::size_t stop = caption.rfind('.');
  if (stop == std::string_view::npos || caption.ends_with('"')) return std::nullopt;
  const std::array<std::string, 3> forms = {fmt::format(", and there is {} {} too", article, noun),
                                            fmt::format(". There is also {} {}", article, noun),
                                            fmt::format(", with {} {} nearby", article, noun)};
  return replaced(caption, {stop, stop}, forms[rng.below(forms.size())]);
}

constexpr std::array<std::string_view, 9> kNumbers = {"one", "two",   "three", "four", "five",
                                                      "six", "seven", "eight", "nine"};

struct CountPlace {
  Span span;
  std::size_t number = 0;  // of kNumbers
};

// "one" is not among them: it may be someone ("one can see") or a part ("one of the birds").
std::vector<CountPlace> counts_in(std::string_view caption) {
  std::vector<CountPlace> places;
  for (const Word& word : words_of(caption)) {
    std::string lower = word.text;
    lower[0] = static_cast<char>(lower[0] | 0x20);
    const auto* number = std::find(kNumbers.begin(), kNumbers.end(), lower);
    if (number != kNumbers.end() && number != kNumbers.begin() && !word.quoted)
      places.push_back({word.span, static_cast<std::size_t>(number - kNumbers.begin())});
  }
  return places;
}

// With the capital of what it replaces.
std::string spelled(std::string_view caption, const CountPlace& place, std::size_t number) {
  std::string word(kNumbers[number]);
  if (caption[place.span.begin] < 'a') word[0] = static_cast<char>(word[0] - 0x20);
  return word;
}

std::optional<Spoiled> spoil_count(std::string_view caption, Rng& rng) {
  const auto places = counts_in(caption);
  const auto* place = any_of(places, rng);
  if (place == nullptr) return std::nullopt;
  const std::size_t n = place->number;
  const bool up = n + 1 < kNumbers.size() && rng.below(2) == 0;
  return replaced(caption, place->span, spelled(caption, *place, up ? n + 1 : n - 1));
}

// "Two red birds" becomes "One red bird", and so does "The two birds". Only counts of things of the
// scene: their plural must follow.
std::optional<Spoiled> spoil_to_one(const world::Scene& scene, std::string_view caption, Rng& rng) {
  constexpr std::size_t kBytesBetween = 24;  // "red and white " stands before a noun
  std::vector<std::pair<CountPlace, std::string>> made;
  for (const CountPlace& place : counts_in(caption))
    for (const world::Object& object : scene.objects) {
      const world::Kind* kind = world::find_kind(object.kind);
      if (kind == nullptr || kind->plural == kind->noun) continue;
      const std::size_t noun = caption.find(kind->plural, place.span.end);
      const std::size_t end = noun + kind->plural.size();
      if (noun == caption.npos || noun > place.span.end + kBytesBetween) continue;
      const std::string_view between = caption.substr(place.span.end, noun - place.span.end);
      if (between.find_first_of(".,;\"") != between.npos || between.find(" and ") != between.npos ||
          is_word_char(caption[noun - 1]) || (end < caption.size() && is_word_char(caption[end])))
        continue;
      made.emplace_back(place, fmt::format("{}{}{}", between, kind->noun, caption.substr(end)));
      break;
    }
  const auto* one = any_of(made, rng);
  if (one == nullptr) return std::nullopt;
  const std::string word = spelled(caption, one->first, 0);
  const std::size_t begin = one->first.span.begin;
  return Spoiled{fmt::format("{}{}{}", caption.substr(0, begin), word, one->second),
                 {begin, begin + word.size()},
                 {}};
}

std::optional<Spoiled> spoil_relation(std::string_view caption, Rng& rng) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kFlips = {
      {{"left of", "right of"},
       {"right of", "left of"},
       {"above", "below"},
       {"below", "above"},
       {"over the", "under the"},
       {"under the", "over the"},
       {"on top of", "below"},
       {"Above", "Below"},
       {"Below", "Above"},
       {"beneath", "above"}}};
  std::vector<std::pair<Span, std::string_view>> places;
  const auto vague = [&](std::size_t at) {  // "one of the birds" may be true of another one
    const std::size_t stop = caption.rfind(". ", at);
    const std::size_t begin = stop == caption.npos ? 0 : stop;
    const std::string_view sentence = caption.substr(begin, caption.find(". ", at) - begin);
    return sentence.find("ne of ") != std::string_view::npos;
  };
  const auto words = words_of(caption);
  for (const Word& word : words)
    for (const auto& [said, other] : kFlips) {
      if (word.quoted || !caption.substr(word.span.begin).starts_with(said)) continue;
      if (vague(word.span.begin)) continue;
      const std::size_t end = word.span.begin + said.size();
      if (end < caption.size() && is_word_char(caption[end])) continue;
      const std::string_view behind = caption.substr(end);
      static constexpr std::array<std::string_view, 6> kNoThings{
          " heading", " title", " its heading", " a page of", " a table", " a bar chart"};
      if (std::ranges::any_of(kNoThings, [&](auto no) { return behind.starts_with(no); })) continue;
      places.emplace_back(Span{word.span.begin, end}, other);
    }
  const auto* place = any_of(places, rng);
  if (place == nullptr) return std::nullopt;
  return replaced(caption, place->first, place->second);
}

std::optional<Spoiled> spoil_quote(const world::Scene& scene, std::string_view caption, Rng& rng) {
  static const std::vector<std::string> kOthers = {"LATER",   "Northern", "closed", "Plum",
                                                   "SEVENTY", "window",   "Quiet",  "HALF"};
  std::vector<Word> places;
  for (const Word& word : words_of(caption))
    if (word.quoted && word.text.size() > 2) places.push_back(word);
  const Word* place = any_of(places, rng);
  const std::string* other = any_of(kOthers, rng);
  if (place == nullptr) return std::nullopt;
  for (const world::Text& text : scene.texts)
    if (evaluate::phrase_form(text.text).find(evaluate::phrase_form(*other)) != std::string::npos)
      return std::nullopt;
  return replaced(caption, place->span, *other);
}

std::optional<Spoiled> spoil_number(const world::Scene& scene, std::string_view caption, Rng& rng) {
  if (!scene.chart) return std::nullopt;
  std::vector<Word> places;
  for (const Word& word : words_of(caption))
    for (const int value : scene.chart->values)
      if (!word.quoted && word.text == std::to_string(value)) places.push_back(word);
  const Word* place = any_of(places, rng);
  if (place == nullptr) return std::nullopt;
  int other = 0;
  do {
    other = 1 + static_cast<int>(rng.below(99));
  } while (std::find(scene.chart->values.begin(), scene.chart->values.end(), other) !=
           scene.chart->values.end());
  return replaced(caption, place->span, std::to_string(other));
}

// The names of the alt-text that the caption has.
std::vector<std::string> names_in(const world::Scene& scene, std::string_view caption) {
  std::vector<std::string> names;
  for (const std::string& name : scene.alt_text.true_names) {
    const std::size_t at = caption.find(name);
    if (name.empty() || at == std::string_view::npos) continue;
    const bool once = caption.find(name, at + 1) == std::string_view::npos;
    const std::size_t end = at + name.size();
    const bool whole = (at == 0 || !is_word_char(caption[at - 1])) &&
                       (end == caption.size() || !is_word_char(caption[end]));
    if (once && whole) names.push_back(name);
  }
  return names;
}

std::optional<Spoiled> spoil_name(const world::Scene& scene, std::string_view caption, bool lost,
                                  Rng& rng) {
  static const std::vector<std::string> kOthers = {"Torvald Quist",   "Marisol Benedek",
                                                   "Ulverhampton",    "Okorie",
                                                   "Castle Drumgath", "Pell Island"};
  const auto names = names_in(scene, caption);
  const std::string* name = any_of(names, rng);
  const std::string* other = any_of(kOthers, rng);
  // A date changed is a number changed; names are what has a capital.
  if (name == nullptr || (*name)[0] < 'A' || (*name)[0] > 'Z') return std::nullopt;
  const std::size_t at = caption.find(*name);
  Spoiled spoiled = replaced(caption, {at, at + name->size()}, lost ? "someone" : *other);
  spoiled.name = *name;
  return spoiled;
}

bool same_kind(ErrorType type, evaluate::ClaimKind kind) {
  using evaluate::ClaimKind;
  switch (type) {
    case ErrorType::kColour:
      return kind == ClaimKind::kColour || kind == ClaimKind::kBackground;
    case ErrorType::kThing:
      return kind == ClaimKind::kThing;
    case ErrorType::kCount:
    case ErrorType::kOne:
      return kind == ClaimKind::kCount || kind == ClaimKind::kNumber;
    case ErrorType::kRelation:
      return kind == ClaimKind::kRelation;
    case ErrorType::kQuote:
      return kind == ClaimKind::kText;
    case ErrorType::kNumber:
      return kind == ClaimKind::kNumber;
    case ErrorType::kName:
    case ErrorType::kNameLost:
      return kind == ClaimKind::kName;
  }
  return false;
}

}  // namespace

std::string_view error_type_name(ErrorType type) {
  constexpr std::array<std::string_view, kErrorTypes> kNames = {
      "colour swapped",      "thing added",      "count changed",
      "said to be one",      "relation flipped", "quoted word changed",
      "chart value changed", "name changed",     "name left out"};
  return kNames[static_cast<std::size_t>(type)];
}

std::optional<Spoiled> spoil(const world::Scene& scene, std::string_view caption, ErrorType type,
                             Rng& rng) {
  switch (type) {
    case ErrorType::kColour:
      return spoil_colour(scene, caption, rng);
    case ErrorType::kThing:
      return spoil_thing(scene, caption, rng);
    case ErrorType::kCount:
      return spoil_count(caption, rng);
    case ErrorType::kOne:
      return spoil_to_one(scene, caption, rng);
    case ErrorType::kRelation:
      return spoil_relation(caption, rng);
    case ErrorType::kQuote:
      return spoil_quote(scene, caption, rng);
    case ErrorType::kNumber:
      return spoil_number(scene, caption, rng);
    case ErrorType::kName:
      return spoil_name(scene, caption, false, rng);
    case ErrorType::kNameLost:
      return spoil_name(scene, caption, true, rng);
  }
  return std::nullopt;
}

Findings look(const Spoiled& spoiled, const evaluate::Judgement& judged, ErrorType type) {
  Findings findings;
  if (type == ErrorType::kNameLost) {
    for (const std::string& name : judged.names_lost) {
      if (name == spoiled.name) findings.found = true;
      if (spoiled.caption.find(name) != std::string::npos) ++findings.elsewhere;
    }
    return findings;
  }
  for (const evaluate::JudgedClaim& claim : judged.claims) {
    if (!evaluate::is_error(claim.verdict) || !same_kind(type, claim.kind)) continue;
    const bool here = claim.span.begin < spoiled.span.end && spoiled.span.begin < claim.span.end;
    findings.found |= here;
    findings.elsewhere += here ? 0 : 1;
  }
  return findings;
}

}  // namespace kale::bench
