// What a row's alt-text has to tell: the text a model may be shown, and the facts in it.
// Web text is data: chat-template tokens and sentences that talk to a model are taken out.
// Errors   kBadConfig for a pattern that is no regular expression
// Threads  const after parse()
// Units    words_max in words, chars_max in code points
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "kale/core/result.h"
#include "kale/text/facts.h"

namespace re2 {
class RE2;
}

namespace kale {

struct AltText {
  std::string text;  // empty where it carries nothing
  Facts facts;       // names and numbers
  std::string head;  // the noun it is about, any case ("penguin"); may be empty
  // Of a title: the alt-text's sentences that state something by themselves ("Saturn is the second
  // largest planet."), which can follow a caption as they are.
  std::string statements;
  std::int64_t facts_total() const;
};

// How many of the alt-text's facts, its head noun among them, stand in `text`.
std::int64_t alt_facts_kept(const AltText& alt, std::string_view text);

struct FactCounts {
  std::int64_t kept = 0;      // of the alt-text, its head noun among them
  std::int64_t invented = 0;  // words of names and numbers that neither source holds
};
FactCounts count_facts(const AltText& alt, std::string_view caption, std::string_view dense);

bool states_head(const AltText& alt, std::string_view text);

// The noun that an alt-text is about: the last word of the first run of content words.
std::string head_noun(std::string_view alt_text);

// What a captioner is shown of an alt-text, when it learns and when it captions: template tokens
// out, on one line, no longer than `chars_max` characters, cut between words where it has several.
std::string shown_alt_text(std::string_view alt_text, std::int64_t chars_max);

class AltTextRules {
 public:
  AltTextRules(AltTextRules&&) noexcept;
  ~AltTextRules();
  // The texts of empty_alt_text.txt and instruction_alt_text.txt.
  static Result<AltTextRules> parse(std::string_view empty_list, std::string_view instruction_list);

  // The tail beyond `words_max` is cut. `as_title`: the first sentence that says something, without
  // its closing mark; where that is a statement, its subject.
  AltText prepare(std::string_view alt_text, std::int64_t words_max, bool as_title = false) const;

 private:
  using Patterns = std::vector<std::unique_ptr<re2::RE2>>;
  static Result<Patterns> compile(std::string_view list, std::string_view file);
  AltTextRules(Patterns empty, Patterns instructions);

  Patterns empty_;
  Patterns instructions_;
};

}  // namespace kale
