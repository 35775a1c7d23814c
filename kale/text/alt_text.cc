#include "kale/text/alt_text.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "kale/text/lists.h"
#include "kale/text/reply.h"
#include "kale/text/sentences.h"
#include "kale/text/utf8.h"
#include "kale/text/words.h"

namespace kale {
namespace {

// Nouns that end like verbs; only such a word may be a head noun before a preposition.
constexpr std::array<std::string_view, 18> kNounsLikeVerbs = {
    "building", "painting", "drawing", "ring",     "king",    "wing",
    "string",   "spring",   "ceiling", "clothing", "evening", "morning",
    "wedding",  "pudding",  "earring", "bed",      "seed",    "shed"};

bool ends_with(std::string_view text, std::string_view ending) {
  return text.size() > ending.size() && text.substr(text.size() - ending.size()) == ending;
}

bool looks_like_verb(std::string_view word) {
  const std::string form = normal_form(word);
  if (!ends_with(form, "ing") && !ends_with(form, "ed")) return false;
  return std::find(kNounsLikeVerbs.begin(), kNounsLikeVerbs.end(), form) == kNounsLikeVerbs.end();
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> all) {
  return std::find(all.begin(), all.end(), word) != all.end();
}

bool joins_adjectives(std::string_view word) {
  const std::string form = normal_form(word);
  return is_one_of(form, {"and", "or"});
}

// Nothing but blanks, quotes and hyphens between the two words: still the same noun phrase.
bool same_phrase(std::string_view text, std::string_view a, std::string_view b) {
  const auto begin = static_cast<std::size_t>(a.data() + a.size() - text.data());
  const auto end = static_cast<std::size_t>(b.data() - text.data());
  const std::string between = normal_form(text.substr(begin, end - begin));
  return between.find_first_not_of(" \"'") == std::string::npos;
}

std::string_view without_closing_marks(std::string_view text) {
  text = trim(text);
  while (!text.empty() && std::string_view(".!?:;,\"'").find(text.back()) != std::string_view::npos)
    text = trim(text.substr(0, text.size() - 1));
  return text;
}

// Quotes and brackets stay: they may close what stands before them.
std::string_view without_closing_stops(std::string_view text) {
  while (!text.empty() && std::string_view(".!;,").find(text.back()) != std::string_view::npos)
    text = trim(text.substr(0, text.size() - 1));
  return text;
}

// Where the sentence's verb begins; npos where it is no statement: no plain verb behind a subject,
// or one that talks to the reader.
std::size_t statement_verb(std::string_view sentence) {
  const bool whole = sentence.ends_with('.') || sentence.ends_with(".)") || sentence.ends_with('!');
  if (!whole) return std::string_view::npos;
  std::size_t verb = std::string_view::npos;
  for (const std::string_view word : words(sentence)) {
    const std::string form = normal_form(word);
    if (is_one_of(form, {"you", "your", "i", "i'm", "my", "we", "our", "us", "let's", "me"}))
      return std::string_view::npos;
    const bool relative = is_one_of(form, {"that", "which", "who"});
    if (relative && verb == std::string_view::npos) return std::string_view::npos;
    if (verb == std::string_view::npos &&
        is_one_of(form, {"is", "are", "was", "were", "has", "have", "means"}))
      verb = static_cast<std::size_t>(word.data() - sentence.data());
  }
  return verb;
}

// The title in `said`, and the statements it leaves over.
std::string take_title(const std::string& said, std::string& statements) {
  std::string title;
  for (const std::string_view sentence : sentences(said)) {
    if (content_words(sentence).empty()) continue;
    const std::size_t verb = statement_verb(sentence);
    const bool states = verb != std::string_view::npos && verb > 0;
    const std::string_view subject = states ? trim(sentence.substr(0, verb)) : std::string_view();
    const bool names = !content_words(subject).empty();
    if (title.empty()) title = names ? subject : without_closing_stops(sentence);
    const bool follows = is_one_of(normal_form(subject), {"it", "they"});
    if (names || (follows && !statements.empty()))
      statements.append(statements.empty() ? "" : " ").append(sentence);
  }
  return title.empty() ? said : title;
}

}  // namespace

std::string head_noun(std::string_view alt_text) {
  const auto parts = sentences(alt_text);
  if (parts.empty()) return {};
  const auto all = words(parts.front());
  std::size_t first = 0;
  while (first < all.size() && is_stop_word(all[first])) ++first;
  if (first == all.size()) return {};
  std::size_t last = first;
  for (std::size_t i = first + 1; i < all.size(); ++i) {
    if (!same_phrase(parts.front(), all[last], all[i])) break;
    if (!is_stop_word(all[i])) {
      last = i;
      continue;
    }
    const bool goes_on =
        joins_adjectives(all[i]) && i + 1 < all.size() && !is_stop_word(all[i + 1]);
    if (!goes_on) break;
    last = ++i;
  }
  const bool more_follows = last + 1 < all.size();
  while (last > first && more_follows && looks_like_verb(all[last])) --last;
  return std::string(all[last]);
}

std::int64_t AltText::facts_total() const {
  return static_cast<std::int64_t>(facts.size()) + (head.empty() ? 0 : 1);
}

bool states_head(const AltText& alt, std::string_view text) {
  return alt.head.empty() || states(stems(text), alt.head);
}

std::int64_t alt_facts_kept(const AltText& alt, std::string_view text) {
  return facts_kept(alt.facts, text) + (!alt.head.empty() && states_head(alt, text) ? 1 : 0);
}

std::string shown_alt_text(std::string_view alt_text, std::int64_t chars_max) {
  std::string text = collapse_spaces(without_template_tokens(alt_text));
  std::size_t at = 0;
  for (std::int64_t chars = 0; chars < chars_max && at < text.size(); ++chars)
    next_code_point(text, at);
  if (at == text.size()) return text;
  const bool between_words = text[at] == ' ';
  const std::size_t blank = text.rfind(' ', at);
  text.resize(between_words || blank == std::string::npos ? at : blank);
  return text;
}

FactCounts count_facts(const AltText& alt, std::string_view caption, std::string_view dense) {
  const auto invented = facts_invented(caption, {alt.text, dense});
  return {alt_facts_kept(alt, caption), static_cast<std::int64_t>(invented.size())};
}

AltTextRules::AltTextRules(Patterns empty, Patterns instructions)
    : empty_(std::move(empty)), instructions_(std::move(instructions)) {}
AltTextRules::AltTextRules(AltTextRules&&) noexcept = default;
AltTextRules::~AltTextRules() = default;

Result<AltTextRules::Patterns> AltTextRules::compile(std::string_view list, std::string_view file) {
  Patterns patterns;
  RE2::Options options;
  options.set_case_sensitive(false);
  options.set_log_errors(false);
  for (const auto& line : list_lines(list)) {
    auto pattern = std::make_unique<RE2>(line, options);
    if (!pattern->ok())
      return Error{Code::kBadConfig, fmt::format("{}: \"{}\" is no RE2 regular expression: {}",
                                                 file, line, pattern->error())};
    patterns.push_back(std::move(pattern));
  }
  return patterns;
}

Result<AltTextRules> AltTextRules::parse(std::string_view empty_list,
                                         std::string_view instruction_list) {
  KALE_TRY(auto empty, compile(empty_list, "empty_alt_text.txt"));
  KALE_TRY(auto instructions, compile(instruction_list, "instruction_alt_text.txt"));
  return AltTextRules(std::move(empty), std::move(instructions));
}

AltText AltTextRules::prepare(std::string_view alt_text, std::int64_t words_max,
                              bool as_title) const {
  const std::string plain = collapse_spaces(without_template_tokens(alt_text));
  auto parts = sentences(plain);
  std::erase_if(parts, [this](std::string_view sentence) {
    return std::any_of(instructions_.begin(), instructions_.end(), [sentence](const auto& pattern) {
      return RE2::PartialMatch(sentence, *pattern);
    });
  });
  const std::string said = join_sentences(parts);
  AltText alt;
  if (content_words(said).empty()) return alt;
  const std::string_view core = without_closing_marks(said);
  for (const auto& pattern : empty_)
    if (RE2::FullMatch(core, *pattern)) return alt;
  alt.text = first_words(said, words_max);
  if (as_title) alt.text = take_title(std::string(alt.text), alt.statements);
  alt.facts = facts_of(alt.text);
  alt.head = head_noun(alt.text);
  // A head that is itself a name or number is counted once.
  const auto head_stems = stems(alt.head);
  auto is_head = [&](const std::string& fact) { return states(head_stems, fact); };
  std::erase_if(alt.facts.names, is_head);
  std::erase_if(alt.facts.numbers, is_head);
  return alt;
}

}  // namespace kale
