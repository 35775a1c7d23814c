#include "kale/clean/artifacts.h"

#include "kale/text/lists.h"
#include "kale/text/sentences.h"
#include "kale/text/utf8.h"

namespace kale {

ArtifactWords::ArtifactWords(std::string_view list) {
  for (const auto& line : list_lines(list)) phrases_.push_back(normal_form(line));
}

std::string_view ArtifactWords::leaked(std::string_view sentence, std::string_view alt_text) const {
  const std::string form = normal_form(sentence);
  for (const auto& phrase : phrases_)
    if (holds_phrase(form, phrase) && !holds_phrase(normal_form(alt_text), phrase)) return phrase;
  return {};
}

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
