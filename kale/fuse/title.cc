#include "kale/fuse/title.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <optional>

#include "kale/fuse/clauses.h"
#include "kale/fuse/person.h"
#include "kale/fuse/subject.h"
#include "kale/fuse/texts.h"
#include "kale/fuse/word_use.h"
#include "kale/text/lists.h"
#include "kale/text/utf8.h"
#include "kale/text/words.h"

namespace kale {
namespace {

using Words = std::vector<std::string_view>;

constexpr std::size_t kSceneNameWordsMax = 6;  // before a headline's verb

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

bool leads_a_setting(std::string_view word) {
  const std::string form = normal_form(word);
  for (const std::string_view one : {"on", "in", "at", "with", "from", "for", "against"})
    if (form == one) return true;
  return false;
}

// "navy" of "navy blue".
bool shades_a_colour(std::string_view word) {
  static const auto all =
      listed_forms("navy light dark sky royal deep pale bright hot off baby matte midnight");
  return all.contains(normal_form(word));
}

// "cat food", "lighting" have no article of their own.
bool is_mass_noun(std::string_view word) {
  static const std::set<std::string> nouns = listed_stems(fuse_texts::mass_nouns);
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

bool is_month(std::string_view word) {
  static const RE2 month(
      R"((?i)(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|january|february|march|april|may|)"
      R"(june|july|august|september|october|november|december))");
  return RE2::FullMatch(word, month);
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

std::string with_small_letters(std::string_view title, const std::set<std::string>& seen) {
  std::string out(title);
  const Words all = words(title);
  auto shrink = [&](std::string_view word) {
    const std::string small = fold_case(word);
    if (small.size() == word.size() && !is_shouted(word))
      out.replace(begin_of(title, word), word.size(), small);
  };
  // "Susan Brown", "Chanel Black", "John Deere": behind a name a colour may be part of it, behind a
  // given name any word.
  auto may_be_named = [&](std::size_t i) {
    if (i == 0 || comma_between(title, all[i - 1], all[i]) || !is_capital(all[i - 1])) return false;
    if (is_given_name(all[i - 1])) return true;
    return is_colour(all[i]) && !is_common_word(all[i - 1]) && !is_colour(all[i - 1]);
  };
  // "Green smoothies", "Man kisses her": a common word, and no names behind it.
  const bool goes_on_small = all.size() > 1 && !is_capital(all[1]) && !has_digit(all[1]) &&
                             (!is_stop_word(all[1]) || (all.size() > 2 && !is_capital(all[2])));
  const bool coloured = all.size() > 1 && is_colour(all[0]) && is_common_word(all[1]);
  if (goes_on_small && (is_common_word(all[0]) || coloured)) shrink(all[0]);
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
    const bool is_seen = i > 0 && seen.contains(normal_form(all[i]));
    const bool is_common = is_common_word(all[i]) || is_colour(all[i]) || is_seen;
    in_tail = in_tail && is_common && !may_be_named(i) && !is_shouted(all[i]);
    const bool known = is_seen && !is_colour(all[i]) && !may_be_named(i);
    if (in_tail || known) shrink(all[i]);
  }
  return out;
}

std::string with_capitals_of(std::string_view title, std::string_view sentence,
                             const std::set<std::string>& common) {
  std::map<std::string, std::string_view> names;
  const Words said = words(sentence);
  for (std::size_t i = 1; i < said.size(); ++i)
    if (is_capital(said[i]) && !is_stop_word(said[i]) && !common.contains(stem(said[i])))
      names.emplace(normal_form(said[i]), said[i]);
  std::string out(title);
  for (const std::string_view word : words(title)) {
    const auto name = names.find(normal_form(word));
    if (name != names.end() && !is_capital(word) && name->second.size() == word.size())
      out.replace(begin_of(title, word), word.size(), name->second);
  }
  return out;
}

std::string with_and(std::string_view title, const std::set<std::string>& common) {
  std::string out(title);
  const Words all = words(title);
  for (std::size_t i = all.size(); i-- > 1;) {
    const std::size_t end = begin_of(title, all[i - 1]) + all[i - 1].size();
    const bool joined = title.substr(end, begin_of(title, all[i]) - end) == " & ";
    const bool names = !common.contains(stem(all[i - 1])) && !common.contains(stem(all[i]));
    if (joined && !names) out.replace(end, 3, " and ");
  }
  return out;
}

std::string with_proper_words(std::string_view title) {
  static const std::map<std::string, std::string> proper = [] {
    std::map<std::string, std::string> all;
    for (const auto& line : list_lines(fuse_texts::proper_words))
      for (const std::string_view word : words(line)) all.emplace(normal_form(word), word);
    return all;
  }();
  static const RE2 genitive(R"(\b([Mm]en|[Ww]omen|[Cc]hildren)s\b)");
  std::string out(title);
  for (const std::string_view word : words(title)) {
    const auto found = proper.find(std::string(word));  // in small letters alone
    if (found != proper.end()) out.replace(begin_of(title, word), word.size(), found->second);
  }
  RE2::GlobalReplace(&out, genitive, R"(\1's)");
  return out;
}

bool tells_an_act(std::string_view title) {
  static const RE2 act(
      R"((?i)\b(?:holding|wearing|sitting|standing|posing|looking|showing|kissing|hugging|pouring|)"
      R"(taking|using|eating|walking in|walking on)\b)");
  return RE2::PartialMatch(title, act);
}

std::optional<Scene> scene_of(std::string_view headline) {
  static const RE2 progress(R"(^(.+?) (?:is|are|was|were) (\w+ing [^,;]+)$)");
  static const std::map<std::string, std::string> acts = [] {
    std::map<std::string, std::string> all;
    for (const auto& line : list_lines(fuse_texts::headline_verbs))
      all.emplace(words(line).front(), words(line).back());
    return all;
  }();
  Scene scene;
  const Words all = words(headline);
  if (all.empty() || headline.find_first_of("?!") != std::string_view::npos ||
      (is_stop_word(all.front()) && !is_article(all.front())))
    return std::nullopt;
  for (std::size_t i = 1; i + 1 < all.size() && i <= kSceneNameWordsMax; ++i) {
    const auto act = acts.find(normal_form(all[i]));
    if (act == acts.end()) continue;
    scene.who = std::string(trim(headline.substr(0, begin_of(headline, all[i]))));
    scene.act =
        act->second + std::string(headline.substr(begin_of(headline, all[i]) + all[i].size()));
    break;
  }
  if (scene.who.empty() && !RE2::FullMatch(headline, progress, &scene.who, &scene.act))
    return std::nullopt;
  const bool one_thing = headline.find_first_of(",;:") == std::string_view::npos;
  if (!one_thing || words(scene.who).size() > kSceneNameWordsMax) return std::nullopt;
  while (scene.act.ends_with('.')) scene.act.pop_back();
  return scene;
}

std::string with_small_joints(std::string_view title) {
  static const RE2 torn_genitive(R"(([a-z])'S\b)");
  std::string out(title);
  const Words all = words(title);
  for (std::size_t i = 1; i < all.size(); ++i)
    if (is_preposition(all[i]) && is_capital(all[i]) && !is_shouted(all[i]))
      out.replace(begin_of(title, all[i]), all[i].size(), fold_case(all[i]));
  RE2::GlobalReplace(&out, torn_genitive, R"(\1's)");
  return out;
}

std::string without_said_tail(std::string_view title, std::string_view sentence) {
  const Words all = words(title);
  std::size_t first = 2;
  while (first < all.size() && !leads_a_setting(all[first])) ++first;
  if (first >= all.size()) return std::string(title);
  const std::string before = normal_form(all[first - 1]);  // "topped with" leads nowhere alone
  if (before.ends_with("ed") || before.ends_with("ing") || is_stop_word(before))
    return std::string(title);
  for (std::size_t i = first; i < all.size(); ++i)
    if (has_digit(all[i]) || (is_capital(all[i]) && !is_stop_word(all[i])))
      return std::string(title);
  const auto said = stems(sentence);
  const auto tail = content_stems(title.substr(begin_of(title, all[first])));
  const auto repeats = std::count_if(tail.begin(), tail.end(),
                                     [&](const auto& stem) { return said.contains(stem); });
  if (tail.empty() || static_cast<std::size_t>(repeats) * 2 < tail.size())
    return std::string(title);
  return std::string(trim(title.substr(0, begin_of(title, all[first]))));
}

std::string with_colour_last(std::string_view title) {
  const Words all = words(title);
  if (all.size() < 3 || !title.ends_with(all.back())) return std::string(title);
  const std::string_view colour = all.back();
  const std::string_view before = all[all.size() - 2];
  if (!is_colour(colour) || is_capital(colour) || is_colour(before) || shades_a_colour(before) ||
      is_stop_word(before))
    return std::string(title);
  std::string out(title.substr(0, begin_of(title, before) + before.size()));
  return out.append(" in ").append(colour);
}

std::string with_codes_apart(std::string_view title) {
  static const RE2 year(R"(^((?:19[0-9]|20[0-2])[0-9]|203[0-5]) (\w+)((?: [^,()]+?)?))"
                        R"(((?: (?:by|in|at|from|for|with|to) .*)?)$)");
  static const auto no_noun = listed_forms(fuse_texts::not_behind_a_year);
  // Letters and digits, or a long number: "Nokia Lumia 920" and "Boeing 747" are names.
  static const RE2 code(R"(^([A-Za-z].* .*[A-Za-z]{2}),? (?:- ?)?)"
                        R"(([A-Z0-9][-A-Z0-9./]{3,}[0-9]{2}[-A-Z0-9./]*|)"
                        R"((?:19[0-9]|20[0-2])[0-9]|203[0-5])$)");
  std::string out(title);
  const Words all = words(title);
  const bool leads_there =  // "for 2007", "Mar 1937"
      all.size() > 1 && (is_stop_word(all[all.size() - 2]) || is_month(all[all.size() - 2]));
  if (!leads_there) RE2::Replace(&out, code, R"(\1 (\2))");
  std::string number;
  std::string first;
  if (RE2::PartialMatch(out, year, &number, &first) && !no_noun.contains(normal_form(first)) &&
      !has_digit(first) && !is_given_name(first))
    RE2::Replace(&out, year, R"(\2\3 of \1\4)");
  return out;
}

std::string with_author_first(std::string_view title) {
  static const RE2 by(R"(^([^,()]+) by ([A-Z][\w.'-]*(?: [A-Z][\w.'-]*){0,2})$)");
  std::string work;
  std::string author;
  if (!RE2::FullMatch(title, by, &work, &author) || tells_an_act(work)) return std::string(title);
  // "Stand by Me", "Walk by Lake Michigan", "Paint by Numbers", "Step by Step" have no author.
  const auto said = stems(work);
  for (const std::string_view word : words(author))
    if (is_stop_word(word) || is_place_word(word) || said.contains(stem(word)) ||
        (author.size() == word.size() && is_common_word(word)))
      return std::string(title);
  return author + (author.ends_with('s') ? "' " : "'s ") + without_article(work);
}

std::string phrases_worded(const std::vector<std::string>& phrases) {
  static const RE2 year("(?:19[0-9]|20[0-2])[0-9]|203[0-5]");
  static const RE2 photo(R"((?i)(?:photo|image|picture|photograph)(?:ed)? (?:by|:) (.+))");
  std::string out;
  std::vector<std::string> rest;
  std::string who;
  for (const std::string& phrase : phrases) {
    if (RE2::FullMatch(phrase, year))
      out += " from " + phrase;
    else if (RE2::FullMatch(phrase, photo, &who))
      out += " in a photo by " + who;
    else
      rest.push_back(with_small_letters(phrase, {}));
  }
  return rest.empty() ? out : fmt::format("{} ({})", out, fmt::join(rest, ", "));
}

std::string without_article(std::string_view title) {
  const Words all = words(title);
  const std::string first = all.empty() ? "" : normal_form(all.front());
  const bool article = first == "a" || first == "an" || first == "the";
  return std::string(article && all.size() > 1 ? title.substr(begin_of(title, all[1])) : title);
}

std::string with_indefinite(std::string_view phrase) {
  // As it is said: "an 8", "an 11", "an 1850", but "a 180"; "an LED", "an NFL", "an F-150".
  static const RE2 number(R"(^["']?(?:8[0-9]*|11|18|18[0-9]{2})(?:[^0-9]|$))");
  static const RE2 any_number(R"(^["']?[0-9])");
  static const RE2 spelled(R"(^["']?(?:[A-Z][^A-Za-z]|[A-Z]$|[A-Z]{1,4}[0-9]|)"
                           R"([A-Z][B-DF-HJ-NP-TV-Z][A-Z]?s?\b|[A-Z][B-DF-HJ-NP-TV-Z]{3}s?\b|)"
                           R"((?:LED|SUV|SOS|MIT|SAT|FAQ|HIV|UV|UFO|USA?|USB|UK|UN|EU)s?\b))");
  static const RE2 vowel_letter(R"(^["']?[AEFHILMNORSX])");
  static const RE2 vowel(R"((?i)^["']?(?:[aeiou]|hour|hono|honest|heir))");
  static const RE2 consonant(R"((?i)^["']?(?:eu|ewe\b|one|once\b|u\b|uni(?:[^nm]|$)|us[aeu]|)"
                             R"(ut[aeio]|ur[aeiu]|uk|ubi|ugan))");
  bool like_vowel = RE2::PartialMatch(phrase, vowel) && !RE2::PartialMatch(phrase, consonant);
  if (RE2::PartialMatch(phrase, any_number))
    like_vowel = RE2::PartialMatch(phrase, number);
  else if (RE2::PartialMatch(phrase, spelled))
    like_vowel = RE2::PartialMatch(phrase, vowel_letter);
  return (like_vowel ? "an " : "a ") + std::string(phrase);
}

std::string with_article(std::string_view title, Article article,
                         const std::set<std::string>& common) {
  const Words phrase = noun_phrase(title);
  if (phrase.empty() || is_stop_word(phrase.front()))
    return is_article(phrase.empty() ? "" : phrase.front()) ? with_first_letter(title, false)
                                                            : std::string(title);
  const std::string_view head = head_of(title);
  static const RE2 for_whom(R"((?i)\b(?:men|women|children)'s )");  // "a men's jacket"
  std::string others(title);
  RE2::GlobalReplace(&others, for_whom, "");
  const bool one_thing = !head.empty() && (common.contains(stem(head)) || !is_capital(head)) &&
                         !ends_plural(head) && !is_mass_noun(head) &&
                         others.find("'s ") == std::string::npos && !is_article(phrase.front());
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
