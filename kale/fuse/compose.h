// For prompts that fuse one sentence: the dense caption's first sentence goes to the model, the
// others follow its reply, and what they call the thing by a name the reply has replaced, "it".
// Threads  free functions, safe
#pragma once

#include <string>
#include <string_view>

#include "kale/fuse/hedges.h"

namespace kale {

struct DenseParts {
  std::string first;
  std::string others;
};

// Without guesses, and with "something" for what the caption could not name; where the caption is
// nothing but guesses, all of it is `first`.
DenseParts split_dense(std::string_view dense, const Hedges& hedges);

// `fused` and the other sentences. Words of `first` that `fused` gave up are replaced names: "the
// castle" among the others becomes "it".
std::string with_others(std::string_view fused, const DenseParts& dense);

}  // namespace kale
