#include <algorithm>
#include <array>

#include "kale/evaluate/claims/draft.h"
#include "kale/text/facts.h"
#include "kale/text/utf8.h"
#include "kale/text/words.h"

namespace kale::evaluate {
namespace {

// "third" of "two thirds", and percentages: shares of the picture, no numbers of its charts.
bool is_share(const Draft& draft, std::size_t token) {
  const auto& tokens = draft.tokens;
  if (token + 1 < tokens.size()) {
    static constexpr std::array<std::string_view, 8> kShares = {
        "third", "thirds", "quarter", "quarters", "fifth", "fifths", "percent", "half"};
    if (std::find(kShares.begin(), kShares.end(), tokens[token + 1].form) != kShares.end())
      return true;
  }
  const std::size_t end = tokens[token].span.end;
  return end < draft.caption.size() && draft.caption[end] == '%';
}

Span sentence_span(const Draft& draft, int sentence) {
  Span span{draft.caption.size(), 0};
  for (const Token& token : draft.tokens)
    if (token.sentence == sentence)
      span = {std::min(span.begin, token.span.begin), std::max(span.end, token.span.end)};
  return span;
}

void add_number(Draft& draft, std::size_t token) {
  const Token& word = draft.tokens[token];
  draft.claims.numbers.push_back({word.span, std::string(word.text),
                                  sentence_span(draft, word.sentence), is_share(draft, token)});
}

// "twelve" tells a number where it counts nothing: "the bar stands at twelve".
bool is_spoken_number(const Draft& draft, const Item& item) {
  if (item.kind != ItemKind::kCount || item.taken || item.first != item.last) return false;
  if (has_digit(item.text)) return false;
  const bool plain = std::all_of(item.value.begin(), item.value.end(),
                                 [](char c) { return c >= '0' && c <= '9'; });
  if (!plain || item.value.empty() || item.text == "one" || item.text == "both" || item.first == 0)
    return false;
  const Token& left = draft.tokens[item.first - 1];
  static constexpr std::array<std::string_view, 9> kBefore = {
      "is", "at", "of", "to", "reaches", "shows", "reads", "with", "has"};
  return std::find(kBefore.begin(), kBefore.end(), left.form) != kBefore.end();
}

void find_numbers(Draft& draft) {
  for (const Item& item : draft.items) {
    const Token& token = draft.tokens[item.first];
    if (token.mark != Mark::kWord) continue;
    if (is_spoken_number(draft, item)) {
      draft.claims.numbers.push_back(
          {item.span, item.value, sentence_span(draft, item.sentence), is_share(draft, item.last)});
      continue;
    }
    if (item.kind == ItemKind::kCount && item.taken) continue;
    for (std::size_t i = item.first; i <= item.last; ++i)
      if (has_digit(draft.tokens[i].text)) add_number(draft, i);
  }
}

// A word that owes its capital to nothing but itself.
bool is_name_word(const Token& token) {
  if (token.mark != Mark::kWord || !token.capital || is_stop_word(token.text)) return false;
  return true;
}

void find_names(Draft& draft) {
  const auto& tokens = draft.tokens;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!is_name_word(tokens[i])) continue;
    std::size_t last = i;
    while (last + 1 < tokens.size() && is_name_word(tokens[last + 1]) &&
           tokens[last + 1].sentence == tokens[i].sentence &&
           trim(draft.caption.substr(tokens[last].span.end,
                                     tokens[last + 1].span.begin - tokens[last].span.end))
               .empty())
      ++last;
    std::size_t first = i;
    i = last;
    // A sentence's first word has a capital whatever it is.
    if (tokens[first].first && !has_inner_capital(tokens[first].text)) {
      if (first == last) continue;
      const auto* noun = Lexicon::get().noun_form(tokens[first].form);
      const auto* word = Lexicon::get().word(tokens[first].form);
      if (noun != nullptr || word != nullptr) ++first;
    }
    const Span span{tokens[first].span.begin, tokens[last].span.end};
    std::string name(draft.caption.substr(span.begin, span.end - span.begin));
    if (name.ends_with("'s")) name.resize(name.size() - 2);
    draft.claims.names.push_back({span, std::move(name)});
  }
}

}  // namespace

void find_texts(Draft& draft) {
  for (std::size_t i = 0; i < draft.items.size(); ++i) {
    const Token& token = draft.tokens[draft.items[i].first];
    if (token.mark == Mark::kQuote)
      draft.claims.texts.push_back(
          {token.span, std::string(trim(token.text)), verb_is_denied(draft.items, i)});
  }
  find_numbers(draft);
  find_names(draft);
}

}  // namespace kale::evaluate
