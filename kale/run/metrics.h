// What a run cost, step by step: for people and docs, never part of a dataset.
#pragma once

#include <string>

#include "kale/run/counters.h"

namespace kale {

// JSON: rows by fate, seconds, and for each step calls, seconds inside, seconds waiting for
// engines, tokens, retries.
std::string metrics_json(const Counters& counters, double seconds);
// The same as a table for the terminal.
std::string metrics_table(const Counters& counters, double seconds);

}  // namespace kale
