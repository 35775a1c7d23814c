#include "kale/clean/artifacts.h"

#include "kale/text/sentences.h"
#include "kale/text/utf8.h"

namespace kale {

Cleaned clean_caption(std::string_view caption, std::string_view alt_text,
                      const ArtifactWords& words) {
  Cleaned cleaned;
  cleaned.flaw = reply_flaw(caption, {}, alt_text);
  if (cleaned.flaw != ReplyFlaw::kNone) return cleaned;
  std::vector<std::string_view> kept;
  for (const std::string_view sentence : sentences(caption)) {
    const std::string_view phrase = words.leaked(sentence, alt_text);
    if (phrase.empty()) {
      kept.push_back(sentence);
      continue;
    }
    if (cleaned.leaked.empty()) cleaned.leaked = phrase;
    ++cleaned.sentences_removed;
  }
  cleaned.text = collapse_spaces(join_sentences(kept));
  return cleaned;
}

}  // namespace kale
