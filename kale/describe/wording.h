// Words for a plan: the phrases and sentences of prompts/wording.txt, filled with its facts.
// Errors   kBadConfig, naming the line, when the text has another form
// Threads  read-only once parsed
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kale/core/result.h"
#include "kale/core/rng.h"
#include "kale/describe/plan.h"

namespace kale::describe {

using Slots = std::map<std::string, std::string, std::less<>>;

class Wording {
 public:
  static Result<Wording> parse(std::string_view text);

  // All lines of a section; none where there is no such section.
  const std::vector<std::string>& lines(std::string_view section) const;
  // One of the lines whose slots are all known, among those that tell most; empty where none is.
  std::string pick(std::string_view section, const Slots& slots, Rng& rng) const;

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> sections_;
};

// What the slots of the plan itself hold: flat, hedged, noun, c1, c2, c3, b, text.
Slots plan_slots(const Plan& plan);
// Which section words which phrase slot of this plan: {"place", "place centre"}; in the order in
// which they are filled. Sections that the plan has no fact for are absent.
std::vector<std::pair<std::string, std::string>> phrase_sections(const Plan& plan);
// The sections that give one sentence each, in the order of the caption.
std::vector<std::string> sentence_sections(const Plan& plan);

// Slots of the plan with a phrase chosen for each phrase slot.
Slots worded_slots(const Plan& plan, const Wording& wording, Rng& rng);
// The plan as two to five sentences; depends on the plan and the rng only.
std::string realise(const Plan& plan, const Wording& wording, Rng& rng);

bool has_all_slots(std::string_view line, const Slots& slots);
std::string fill_slots(std::string_view line, const Slots& slots);
// The line without its slots: "in the middle of the ".
std::string bare_words(std::string_view line);

}  // namespace kale::describe
