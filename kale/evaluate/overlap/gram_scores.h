// BLEU and CIDEr-D of one caption: both compare counts of grams.
// Paper    Papineni et al. 2002 and Vedantam et al. (arXiv 1411.5726), as pycocoevalcap reckons
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "kale/evaluate/overlap/grams.h"

namespace kale {

struct BleuCounts {  // of one caption, or of many added up
  std::array<std::int64_t, kGramWordsMax> guessed{};
  std::array<std::int64_t, kGramWordsMax> correct{};  // clipped by the reference with the most
  std::int64_t words = 0;
  std::int64_t reference_words = 0;  // of the reference closest in length, the shorter of two

  void add(const BleuCounts& other);
  std::array<double, kGramWordsMax> scores() const;
};

struct GramScores {
  BleuCounts bleu;
  double cider_d = 0;
};

// Holds what one thread needs from caption to caption.
class GramScorer {
 public:
  GramScorer(const DocumentFrequencies& frequencies, std::size_t candidates);
  GramScores score(const NumberedText& caption, std::span<const NumberedText> references);

 private:
  struct Vector {
    std::vector<double> weights;  // idf of each gram
    std::array<double, kGramWordsMax> norms{};
  };
  void weigh(const GramCounts& counts, Vector& out) const;
  double similarity(const std::vector<std::int32_t>& in_reference, double length_difference) const;

  const DocumentFrequencies& frequencies_;
  double log_candidates_;
  GramCounts caption_, reference_;
  Vector caption_vector_, reference_vector_;
  std::vector<std::int32_t> in_reference_, in_any_;  // how often each of the caption's grams occurs
};

}  // namespace kale
