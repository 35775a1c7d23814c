// The texts of a corpus as numbers: each distinct token has one, the same in all texts.
// Numbers follow the order of parts of the corpus and say nothing: only equality may be read from
// them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "kale/evaluate/overlap/overlap.h"

namespace kale {

using TokenNumber = std::uint32_t;
using TokenSpan = std::span<const TokenNumber>;

// Two readings of one tokenized line, as pycocoevalcap has them: `tokens` between blanks (an empty
// line is one empty token), `words` between white space of any kind (an empty line has none).
struct NumberedText {
  TokenSpan tokens;
  TokenSpan words;
};

class NumberedTexts {
 public:
  NumberedTexts(std::span<const Candidate> candidates, int threads);

  std::size_t size() const { return first_text_.size() - 1; }  // candidates
  const NumberedText& caption(std::size_t candidate) const {
    return texts_[first_text_[candidate]];
  }
  std::span<const NumberedText> references(std::size_t candidate) const {
    return std::span(texts_).subspan(first_text_[candidate] + 1,
                                     first_text_[candidate + 1] - first_text_[candidate] - 1);
  }

 private:
  std::vector<std::size_t> first_text_;  // of each candidate: its caption, then its references
  std::vector<NumberedText> texts_;
  std::vector<std::vector<TokenNumber>> numbers_;  // what the spans of a part's texts lie in
};

}  // namespace kale
