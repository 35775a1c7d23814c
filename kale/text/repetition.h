// Loops: a model that says the same thing again and again.
// Threads  free functions, safe
#pragma once

#include <string_view>

namespace kale {

// A run of one to eight words three times over without a break (a single word: four times), or the
// same sentence of at least three words twice, or fewer than half of the text's four-word runs
// distinct (from forty words on).
bool is_repetitive(std::string_view text);

}  // namespace kale
