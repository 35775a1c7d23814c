// ROUGE-L of one caption: the longest common subsequence with each reference; the best precision
// and the best recall, of whichever reference, weighed with beta 1.2 as pycocoevalcap does.
// Paper    Lin 2004
#pragma once

#include <vector>

#include "kale/evaluate/overlap/numbered_texts.h"

namespace kale {

// Holds what one thread needs from caption to caption.
class RougeScorer {
 public:
  double score(const NumberedText& caption, std::span<const NumberedText> references);
  std::size_t common_subsequence(TokenSpan a, TokenSpan b);

 private:
  std::vector<std::uint64_t> column_;
  std::vector<std::uint64_t> matches_;
  std::vector<std::pair<TokenNumber, std::size_t>> sorted_;  // tokens of a and their places
};

}  // namespace kale
