#include "kale/fuse/title.h"

#include <re2/re2.h>

#include <algorithm>

#include "kale/fuse/clauses.h"
#include "kale/fuse/subject.h"
#include "kale/text/utf8.h"
#include "kale/text/words.h"

namespace kale {
namespace {

using Words = std::vector<std::string_view>;

std::size_t begin_of(std::string_view text, std::string_view word) {
  return static_cast<std::size_t>(word.data() - text.data());
}

bool comma_between(std::string_view text, std::string_view a, std::string_view b) {
  const std::size_t begin = begin_of(text, a) + a.size();
  return text.substr(begin, begin_of(text, b) - begin).find_first_of(",;\"(") !=
         std::string_view::npos;
}

bool ends_title_phrase(std::string_view word) {
  const std::string form = normal_form(word);
  if (form == "and" || form == "&") return false;
  return is_preposition(form) || form == "available" || form == "ready" || form == "above" ||
         form == "inside" || form == "featuring" || form == "made" || form == "designed";
}

// Never a name, as "Will", "May" and "US" may be.
bool is_small_word(std::string_view word) {
  const std::string form = normal_form(word);
  for (const std::string_view small : {"a", "an", "the", "or", "is", "are", "that", "your", "our"})
    if (form == small) return true;
  return is_preposition(form);
}

bool is_filler(std::string_view word) {
  return has_digit(word) || is_colour(word) || word.size() < 3 || is_stop_word(word);
}

// "cat food", "lighting" have no article of their own.
bool is_mass_noun(std::string_view word) {
  static const std::set<std::string> nouns = stems(
      "fabric jewelry jewellery furniture art food water wine beer hair software equipment "
      "clothing footwear leather paper cream gel oil soap makeup weather news music design "
      "architecture homework gear accommodation photography treatment information");
  const std::string form = normal_form(word);
  return nouns.contains(stem(form)) || form.ends_with("ing") || form.ends_with("wear") ||
         form.ends_with("ware");
}

}  // namespace

Words noun_phrase(std::string_view title) {
  Words all = words(title);
  std::size_t end = 0;
  while (end < all.size() && (end == 0 || (!ends_title_phrase(all[end]) &&
                                           !comma_between(title, all[end - 1], all[end]))))
    ++end;
  all.resize(end);
  return all;
}

std::string_view head_of(std::string_view title) {
  const Words phrase = noun_phrase(title);
  for (std::size_t i = phrase.size(); i-- > 0;)
    if (!is_filler(phrase[i])) return phrase[i];
  return {};
}

bool is_capital(std::string_view word) {
  std::size_t at = 0;
  return is_upper(next_code_point(word, at));
}

bool ends_plural(std::string_view word) {
  const std::string form = normal_form(word);
  return form.size() > 3 && form.ends_with('s') && !form.ends_with("ss") && !form.ends_with("us");
}

std::string with_first_letter(std::string_view text, bool capital) {
  std::string out(text);
  if (out.empty()) return out;
  const char letter = out.front();
  const bool small = letter >= 'a' && letter <= 'z';
  const bool shouted = out.size() > 1 && out[1] >= 'A' && out[1] <= 'Z';
  const bool large = letter >= 'A' && letter <= 'Z' && !shouted;
  if (capital && small) out.front() = static_cast<char>(letter - 'a' + 'A');
  if (!capital && large) out.front() = static_cast<char>(letter - 'A' + 'a');
  return out;
}

std::string with_small_letters(std::string_view title, const std::set<std::string>& common,
                               const std::set<std::string>& seen) {
  std::string out(title);
  auto shrink = [&](std::string_view word) {
    const std::string small = fold_case(word);
    if (small.size() == word.size()) out.replace(begin_of(title, word), word.size(), small);
  };
  const Words all = words(title);
  // "Forestry road above Lamlash": the sentence's start has a capital, and no name.
  if (all.size() > 1 && !is_stop_word(all[0]) && !is_stop_word(all[1]) && !is_capital(all[1]) &&
      !has_digit(all[1]) && !comma_between(title, all[0], all[1])) {
    const std::string second = normal_form(all[1]);
    if (!second.ends_with("ing") && !second.ends_with("ed") && !second.ends_with('s'))
      shrink(all[0]);
  }
  const bool sentence_case =
      all.size() > 2 && std::none_of(all.begin() + 1, all.end(), is_capital) && !has_digit(title);
  if (sentence_case) shrink(all.front());
  bool in_tail = true;
  for (std::size_t i = all.size(); i-- > 0;) {
    if (i + 1 < all.size() &&
        (ends_title_phrase(all[i + 1]) || comma_between(title, all[i], all[i + 1])))
      in_tail = true;
    if (is_stop_word(all[i])) {
      if (i > 0 && is_small_word(all[i])) shrink(all[i]);
      continue;
    }
    if (has_digit(all[i])) continue;
    const bool is_common = common.contains(stem(all[i])) || is_colour(all[i]);
    in_tail = in_tail && (is_common || seen.contains(stem(all[i])));
    const bool known = i > 0 && seen.contains(stem(all[i])) && !is_colour(all[i]);
    if (in_tail || known) shrink(all[i]);
  }
  return out;
}

std::string with_codes_apart(std::string_view title) {
  static const RE2 year(
      R"(^((?:1[6-9]|20)[0-9]{2}) ([A-Za-z][^,()]+?)((?: (?:by|in|at|from|for|with|to) .*)?)$)");
  static const RE2 code(
      R"(^([A-Za-z].* .*[A-Za-z]{2}),? (?:- ?)?([A-Z0-9][-A-Z0-9./]*[0-9]{2}[-A-Z0-9./]*)$)");
  std::string out(title);
  const Words all = words(title);
  const bool leads_there = all.size() > 1 && is_stop_word(all[all.size() - 2]);  // "for 2007"
  if (!leads_there) RE2::Replace(&out, code, R"(\1 (\2))");
  RE2::Replace(&out, year, R"(\2 of \1\3)");
  return out;
}

std::string with_author_first(std::string_view title) {
  static const RE2 by(R"(^([^,()]+) by ([A-Z][\w.'-]*(?: [A-Z][\w.'-]*){0,2})$)");
  std::string work;
  std::string author;
  if (!RE2::FullMatch(title, by, &work, &author)) return std::string(title);
  return author + (author.ends_with('s') ? "' " : "'s ") + without_article(work);
}

std::string without_article(std::string_view title) {
  const Words all = words(title);
  const std::string first = all.empty() ? "" : normal_form(all.front());
  const bool article = first == "a" || first == "an" || first == "the";
  return std::string(article && all.size() > 1 ? title.substr(begin_of(title, all[1])) : title);
}

std::string with_indefinite(std::string_view phrase) {
  static const RE2 vowel(R"((?i)^["']?(?:[aeio]|un[^i]|um|ul|up|8|11|18))");
  static const RE2 consonant(R"((?i)^["']?(?:eu|one\b|ewe))");
  const bool like_vowel = RE2::PartialMatch(phrase, vowel) && !RE2::PartialMatch(phrase, consonant);
  return (like_vowel ? "an " : "a ") + std::string(phrase);
}

std::string with_article(std::string_view title, Article article,
                         const std::set<std::string>& common) {
  const Words phrase = noun_phrase(title);
  if (phrase.empty() || is_stop_word(phrase.front()))
    return is_article(phrase.empty() ? "" : phrase.front()) ? with_first_letter(title, false)
                                                            : std::string(title);
  const std::string_view head = head_of(title);
  const bool one_thing = !head.empty() && (common.contains(stem(head)) || !is_capital(head)) &&
                         !ends_plural(head) && !is_mass_noun(head) &&
                         !normal_form(phrase.front()).ends_with("'s") &&
                         !is_article(phrase.front()) && title.find("'s ") == std::string::npos;
  const bool is_act = normal_form(phrase.front()).ends_with("ing") && phrase.front().size() > 5;
  const bool counts = has_digit(phrase.front()) && phrase.front().size() < 3;  // "2 beds"
  if (!one_thing || counts || is_act) return std::string(title);
  return article == Article::kDefinite ? "the " + std::string(title) : with_indefinite(title);
}

std::string with_number_of(std::string_view title, std::string_view head) {
  std::string out(title);
  const std::string_view own = head_of(title);
  if (!head.empty() && !own.empty() && normal_form(own) != normal_form(head))
    out.replace(begin_of(title, own), own.size(), head);
  return out;
}

}  // namespace kale
