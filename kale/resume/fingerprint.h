// By which recipe a shard was made. Each step's print is a hash of everything that can change its
// captions, chained to the prints before it: a changed print means that step and all after it are
// redone.
// Threads  free functions
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kale/core/step.h"

namespace kale {

struct StepPrint {
  std::string name;         // "source" or the step's name
  std::string print;        // 32 hex digits
  std::string description;  // JSON of what went into it, for `kale explain`; not kept in the ledger
  bool operator==(const StepPrint& other) const {
    return name == other.name && print == other.print;
  }
};

// `options` is the canonical text of the options that affect captions.
StepPrint source_print(const std::string& name, int revision, std::string_view options,
                       std::uint64_t seed);
StepPrint step_print(const StepPrint& before, const StepTraits& traits, std::string_view options);

}  // namespace kale
