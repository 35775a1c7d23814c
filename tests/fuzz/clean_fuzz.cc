// Any bytes as a caption with its alt-text (the first line) and as a list of leaked words: nothing
// may crash, views stay inside, forms are stable, and cleaning what is clean changes nothing.
#include <cstdint>
#include <string_view>

#include "kale/clean/artifacts.h"
#include "kale/clean/texts.h"
#include "kale/core/check.h"
#include "kale/text/sentences.h"
#include "kale/text/utf8.h"

namespace {

using namespace kale;

void check_sentences(std::string_view text) {
  const char* behind = text.data();
  for (const std::string_view sentence : sentences(text)) {
    KALE_CHECK(!sentence.empty(), "no sentence is empty");
    KALE_CHECK(sentence.data() >= behind, "sentences follow each other");
    behind = sentence.data() + sentence.size();
    KALE_CHECK(behind <= text.data() + text.size(), "sentences lie inside the text");
    KALE_CHECK(trim(sentence) == sentence, "sentences are trimmed");
  }
}

void check_forms(std::string_view text) {
  const std::string form = normal_form(text);
  KALE_CHECK(is_valid_utf8(form), "a normal form is UTF-8");
  KALE_CHECK(normal_form(form) == form, "a normal form stays as it is");
  KALE_CHECK(collapse_spaces(form) == form, "a normal form is collapsed");
}

void check_cleaned(std::string_view caption, std::string_view alt_text,
                   const ArtifactWords& words) {
  const Cleaned once = clean_caption(caption, alt_text, words);
  KALE_CHECK(is_valid_utf8(once.text), "a cleaned caption is UTF-8");
  KALE_CHECK(once.flaw == ReplyFlaw::kNone || once.text.empty(), "a flaw leaves nothing");
  KALE_CHECK((once.sentences_removed > 0) == !once.leaked.empty(), "what is removed has a reason");
  for (const std::string_view sentence : sentences(caption))
    if (once.sentences_removed == 0 && once.flaw == ReplyFlaw::kNone)
      KALE_CHECK(words.leaked(sentence, alt_text).empty(), "no leaked sentence is kept");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const ArtifactWords built_in(clean_texts::artifact_words);
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t line = std::min(input.find('\n'), size);
  const std::string_view alt_text = input.substr(0, line);
  const std::string_view caption = input.substr(std::min(line + 1, size));
  check_sentences(input);
  check_forms(input);
  check_cleaned(caption, alt_text, built_in);
  check_cleaned(caption, "", ArtifactWords(alt_text));
  return 0;
}
