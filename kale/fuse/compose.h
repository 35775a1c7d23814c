// For prompts that fuse one sentence: the dense caption's first sentence goes to the model, the
// others follow its reply, and what they call the thing by a name the reply has replaced, "it".
// Threads  free functions, safe
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "kale/fuse/clauses.h"
#include "kale/fuse/hedges.h"

namespace kale {

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

// For a web title: the first sentence without guesses, what is quoted in it taken out since a model
// may take it for orders, and all the rest.
struct WebDense {
  std::string first;
  std::string others;
};
WebDense split_web_dense(std::string_view dense, const Hedges& hedges);

// The same with a plainer first sentence, which a model that failed on the other may manage: "This
// photo shows [name]."; its setting becomes a sentence of its own ("It is set against a wall.").
// As it was where the first sentence tells more than its setting.
DenseParts plainer(const DenseParts& dense);

// A background that a model added of its own at the sentence's end is taken off again.
std::string without_added_background(std::string_view fused, const DenseParts& dense);

// `fused`, its articles mended, and the other sentences. Words of `first` that `fused` gave up are
// replaced names: "the castle" among the others becomes "it".
// Where `title` names several things they become "they".
std::string with_others(std::string_view fused, const DenseParts& dense,
                        std::string_view title = {});

}  // namespace kale
