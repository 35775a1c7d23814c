#include "kale/describe/wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace kale::describe {
namespace {

bool is_upper(char letter) { return std::isupper(static_cast<unsigned char>(letter)) != 0; }
char to_lower(char letter) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
}
char to_upper(char letter) {
  return static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
}

// Calls on_text and on_slot for the pieces of a line, in order.
template <class OnText, class OnSlot>
void walk(std::string_view line, OnText on_text, OnSlot on_slot) {
  while (!line.empty()) {
    std::size_t open = line.find('{');
    std::size_t close = line.find('}', open == std::string_view::npos ? 0 : open);
    if (open == std::string_view::npos || close == std::string_view::npos) return on_text(line);
    on_text(line.substr(0, open));
    on_slot(line.substr(open + 1, close - open - 1));
    line.remove_prefix(close + 1);
  }
}

std::string slot_key(std::string_view slot) {
  std::string key(slot);
  if (!key.empty()) key[0] = to_lower(key[0]);
  return key;
}

// How many facts a line tells; these slots only refer to what was told before.
int facts_told(std::string_view line) {
  int facts = 0;
  walk(
      line, [](std::string_view) {},
      [&](std::string_view slot) {
        std::string key = slot_key(slot);
        static constexpr std::array<std::string_view, 6> kTold{"it",     "noun",  "kind",
                                                               "a_kind", "frame", "a_tint"};
        if (std::ranges::find(kTold, key) == kTold.end()) ++facts;
      });
  return facts;
}

}  // namespace

Result<Wording> Wording::parse(std::string_view text) {
  Wording wording;
  std::vector<std::string>* section = nullptr;
  int line_number = 0;
  while (!text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++line_number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with('#')) continue;
    if (line.starts_with('[') && line.ends_with(']')) {
      section = &wording.sections_[std::string(line.substr(1, line.size() - 2))];
      continue;
    }
    if (section == nullptr)
      return Error{Code::kBadConfig,
                   fmt::format("wording, line {}: \"{}\" stands before the first [section]",
                               line_number, line)};
    section->emplace_back(line);
  }
  for (const char* needed : {"opening", "subject none", "kind unsure", "always", "hedges"})
    if (wording.lines(needed).empty())
      return Error{Code::kBadConfig, fmt::format("wording: section [{}] is missing", needed)};
  return wording;
}

const std::vector<std::string>& Wording::lines(std::string_view section) const {
  static const std::vector<std::string> kNone;
  auto found = sections_.find(section);
  return found == sections_.end() ? kNone : found->second;
}

std::string Wording::pick(std::string_view section, const Slots& slots, Rng& rng) const {
  std::vector<const std::string*> fullest;
  for (const std::string& line : lines(section)) {
    if (!has_all_slots(line, slots)) continue;
    if (!fullest.empty() && facts_told(line) < facts_told(*fullest[0])) continue;
    if (!fullest.empty() && facts_told(line) > facts_told(*fullest[0])) fullest.clear();
    fullest.push_back(&line);
  }
  std::uint64_t draw = rng.next();
  return fullest.empty() ? "" : fill_slots(*fullest[draw % fullest.size()], slots);
}

bool has_all_slots(std::string_view line, const Slots& slots) {
  bool all = true;
  walk(
      line, [](std::string_view) {},
      [&](std::string_view slot) { all = all && slots.contains(slot_key(slot)); });
  return all;
}

std::string fill_slots(std::string_view line, const Slots& slots) {
  std::string filled;
  walk(
      line, [&](std::string_view text) { filled += text; },
      [&](std::string_view slot) {
        auto value = slots.find(slot_key(slot));
        if (value == slots.end()) return;
        std::size_t begin = filled.size();
        filled += value->second;
        if (is_upper(slot[0]) && begin < filled.size()) filled[begin] = to_upper(filled[begin]);
      });
  return filled;
}

std::string bare_words(std::string_view line) {
  std::string words;
  walk(
      line, [&](std::string_view text) { words += text; }, [&](std::string_view) { words += ' '; });
  return words;
}

Slots plan_slots(const Plan& plan) {
  Slots slots;
  auto put = [&](const char* slot, std::string_view value) {
    if (!value.empty()) slots[slot] = value;
  };
  put("flat", plan.flat);
  put("hedged", plan.hedged);
  for (std::string_view article : {"a ", "an "})
    if (plan.flat.starts_with(article)) put("noun", plan.flat.substr(article.size()));
  for (std::size_t i = 0; i < plan.colours.size(); ++i)
    slots[fmt::format("c{}", i + 1)] = plan.colours[i];
  put("b", plan.background);
  put("text", plan.text);
  return slots;
}

std::vector<std::pair<std::string, std::string>> phrase_sections(const Plan& plan) {
  std::vector<std::pair<std::string, std::string>> sections;
  auto put = [&](const char* slot, std::string_view fact) {
    if (!fact.empty()) sections.emplace_back(slot, fmt::format("{} {}", slot, fact));
  };
  bool flat = !plan.flat.empty();
  bool hedged = !plan.hedged.empty();
  put("kind", plan.kind.empty() ? "unsure" : plan.kind);
  put("colours", plan.colour_extent);
  std::string hedge = plan.hedged_likely ? "likely" : "perhaps";
  if (flat && hedged) hedge = "both " + hedge;
  put("subject", hedged ? hedge : flat ? "flat" : "none");
  put("it", plan.background.empty() ? "whole" : flat ? "flat" : "none");
  put("background", plan.background.empty() ? "" : "plain");
  put("frame", plan.orientation);
  put("shape", plan.orientation);
  put("place", plan.position);
  put("size", plan.size);
  return sections;
}

std::vector<std::string> sentence_sections(const Plan& plan) {
  std::vector<std::string> sections{"opening", "colour sentence", "place sentence"};
  if (!plan.text.empty())
    sections.emplace_back(plan.text_cut ? "cut text sentence" : "text sentence");
  if (!plan.brightness.empty()) sections.push_back(plan.brightness + " sentence");
  return sections;
}

Slots worded_slots(const Plan& plan, const Wording& wording, Rng& rng) {
  Slots slots = plan_slots(plan);
  for (const auto& [slot, section] : phrase_sections(plan)) {
    std::string phrase = wording.pick(section, slots, rng);
    if (phrase.empty()) continue;
    slots[slot] = phrase;
    if (slot == "kind") slots["a_kind"] = with_article(phrase);
  }
  // A subject without a name is told apart by its colours; saying them again would be empty.
  if (plan.flat.empty() && plan.hedged.empty()) slots.erase("colours");
  return slots;
}

std::string realise(const Plan& plan, const Wording& wording, Rng& rng) {
  Slots slots = worded_slots(plan, wording, rng);
  std::string caption;
  for (const std::string& section : sentence_sections(plan)) {
    std::string sentence = wording.pick(section, slots, rng);
    if (sentence.empty()) continue;
    if (!caption.empty()) caption += ' ';
    caption += sentence;
    for (const auto& [slot, words] : phrase_sections(plan))
      if (slot == "it") slots["it"] = wording.pick(words, slots, rng);
  }
  return caption;
}

}  // namespace kale::describe
