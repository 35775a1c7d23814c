// POPE: yes/no questions about objects, scored as lmms-eval does (docs/paper_map.md).
// Threads  free function, safe
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace kale {

struct PopeAnswer {
  std::string prediction;  // a model's reply; "Yes " counts as yes, "Yes." as neither
  std::string truth;       // "yes" or "no", in any case
};

struct PopeScores {
  double accuracy = 0, precision = 0, recall = 0, f1 = 0;
  double yes_ratio = 0;            // of the truth, as lmms-eval counts it
  double predicted_yes_ratio = 0;  // of the replies, which is what the name says
  std::int64_t answers = 0;
};

PopeScores score_pope(std::span<const PopeAnswer> answers);

}  // namespace kale
