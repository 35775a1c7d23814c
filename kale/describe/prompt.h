// The few-shot prompt: worked examples as chat turns, then the row's facts as the last one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kale/core/engine.h"
#include "kale/core/result.h"
#include "kale/describe/wording.h"

namespace kale::describe {

// Turns begin with a line "system:", "user:" or "assistant:"; lines with # before the first turn
// are comments. kBadConfig when the last turn is not the assistant's.
Result<std::vector<Message>> parse_turns(std::string_view text);

// What is known, one short sentence a fact, from the [note ...] sections.
std::string notes(const Wording& wording, const Slots& slots, Rng& rng);

}  // namespace kale::describe
