// A list of phrases sought in a text all at once, as whole words, in any case.
// Threads  const after construction
#pragma once

#include <re2/set.h>

#include <string>
#include <string_view>
#include <vector>

namespace kale {

class PhraseSet {
 public:
  explicit PhraseSet(std::string_view list);  // the text of a list, see lists.h
  std::size_t size() const { return phrases_.size(); }

  // The first listed phrase that stands in `text` and not in `given`; empty for none. In `given` a
  // blank does for a hyphen: a row about "Real World Economics" may say "real-world".
  std::string_view first_in(std::string_view text, std::string_view given) const;

 private:
  std::vector<std::string> phrases_;  // in normal form
  RE2::Set set_;                      // finds their bytes; where words end, holds_phrase knows
};

}  // namespace kale
