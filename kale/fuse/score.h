// How true a fused candidate is to its two sources: facts of the alt-text kept, nothing invented,
// the dense caption's content kept, its guesses not repeated against the alt-text.
// Threads  const after construction
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "kale/fuse/hedges.h"
#include "kale/text/alt_text.h"

namespace kale {

struct ScoreLimits {
  double facts_share_min = 0.5;   // of the alt-text's facts
  double dense_share_min = 0.6;   // of the dense caption's content words
  double novel_share_max = 0.25;  // of the candidate's content words, found in no source
};

enum class Verdict {
  kPasses,
  kLostHead,  // does not say what the alt-text is about
  kFewFacts,
  kInvented,   // a name or number of its own
  kNovel,      // too many words of its own, or one of the worked examples
  kLostDense,  // says too little of what was seen
  kGuess,      // repeats a guess that the alt-text does not share
  kClumsy,     // doubled words, no closing mark, or "something" where the name belongs
};
std::string_view verdict_name(Verdict verdict);

struct Score {
  double value = 0;  // higher is better; comparable between candidates of one row
  std::int64_t facts_kept = 0;
  std::int64_t facts_invented = 0;
  std::int64_t novel = 0;  // content words that stand in neither source
  double dense_share = 0;  // of the dense caption's content words that it keeps
  Verdict verdict = Verdict::kPasses;
};

class Scorer {
 public:
  // The texts of hedges.txt and frame_words.txt; `examples` are the prompt's worked examples, whose
  // words a small model likes to repeat.
  Scorer(std::string_view hedges, std::string_view frame_words, ScoreLimits limits,
         std::string_view examples = {});

  Score score(std::string_view candidate, const AltText& alt, std::string_view dense) const;

  const Hedges& hedges() const { return hedges_; }

 private:
  Hedges hedges_;
  std::set<std::string> frame_;
  std::set<std::string> examples_;
  ScoreLimits limits_;
};

}  // namespace kale
