// For prompts that fuse one sentence: the dense caption's first sentence goes to the model, the
// others follow its reply, and what they call the thing by a name the reply has replaced, "it".
// Threads  free functions, safe
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "kale/fuse/hedges.h"

namespace kale {

inline constexpr std::string_view kNameMark = "[name]";

struct DenseParts {
  std::string first;
  std::string others;
  std::string masked;  // the noun phrase that the mark stands for; may be empty
};

// Without guesses. In `first`, "[name]" stands where the caption could not name the thing, or where
// a single noun phrase is all that the sentence says beside `setting` (stems). Where the caption is
// nothing but guesses, all of it is `first`.
DenseParts split_dense(std::string_view dense, const Hedges& hedges,
                       const std::set<std::string>& setting);

// `fused`, its articles mended, and the other sentences. Words of `first` that `fused` gave up are
// replaced names: "the castle" among the others becomes "it".
std::string with_others(std::string_view fused, const DenseParts& dense);

}  // namespace kale
