// Takes leaked sentences out of a caption: those that speak of the prompt, not of the picture.
// Paper    BLIP3-KALE, stage 1: sentences that hold an artifact keyword are removed
// Threads  const after construction
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "kale/text/phrases.h"
#include "kale/text/reply.h"

namespace kale {

class ArtifactWords {
 public:
  explicit ArtifactWords(std::string_view list) : phrases_(list) {}  // of artifact_words.txt
  std::size_t size() const { return phrases_.size(); }

  // The first listed phrase that stands in `sentence` and not in the alt-text (where a blank does
  // for a hyphen); empty for none.
  std::string_view leaked(std::string_view sentence, std::string_view alt_text) const {
    return phrases_.first_in(sentence, alt_text);
  }

 private:
  PhraseSet phrases_;
};

struct Cleaned {
  std::string text;
  std::int64_t sentences_removed = 0;
  ReplyFlaw flaw = ReplyFlaw::kNone;  // what is wrong with all of it; then `text` is empty
  std::string_view leaked;            // the phrase that took the first sentence
};

// Leaked sentences out, white space collapsed. A refusal or a loop spoils the whole caption;
// flaw is kEmpty where no word was there to begin with.
Cleaned clean_caption(std::string_view caption, std::string_view alt_text,
                      const ArtifactWords& words);

}  // namespace kale
