// Sentences of a caption under a limit of words.
// Units    words as kale/text/words.h counts them
// Threads  plain data
#pragma once

#include <string>
#include <vector>

#include "kale/text/words.h"
#include "kale/world/tell/grammar.h"

namespace kale::world {

struct WordLimits {
  int min = 0, max = 0;
};
inline constexpr WordLimits kBriefWords{8, 10};
inline constexpr WordLimits kDenseWords{50, 90};
inline constexpr WordLimits kFusedBriefWords{8, 30};
inline constexpr WordLimits kFusedDenseWords{50, 110};

inline bool within(std::string_view text, WordLimits limits) {
  auto count = word_count(text);
  return count >= limits.min && count <= limits.max;
}

class Prose {
 public:
  explicit Prose(int words_max) : words_max_(words_max) {}

  // False, and nothing is added, where it is empty, would go over the limit, or stands there.
  bool add(const std::string& sentence) {
    auto more = static_cast<int>(word_count(sentence));
    if (more == 0 || words_ + more > words_max_) return false;
    for (const std::string& other : sentences_) {
      if (other == sentence) return false;
    }
    sentences_.push_back(sentence);
    words_ += more;
    return true;
  }
  int words() const { return words_; }
  bool empty() const { return sentences_.empty(); }
  std::string text() const {
    std::string out;
    for (const std::string& sentence : sentences_) {
      if (!out.empty()) out += ' ';
      out += sentence;
    }
    return out;
  }

 private:
  int words_max_;
  int words_ = 0;
  std::vector<std::string> sentences_;
};

}  // namespace kale::world
