#include "kale/fuse/subject.h"

#include <algorithm>
#include <array>
#include <set>

#include "kale/fuse/texts.h"
#include "kale/fuse/word_use.h"
#include "kale/text/utf8.h"
#include "kale/text/words.h"

namespace kale {
namespace {

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> all) {
  return std::find(all.begin(), all.end(), word) != all.end();
}

bool is_finite_verb(std::string_view form) {
  return is_one_of(form, {"is",      "are",    "was",      "were",     "has",      "have",  "had",
                          "can",     "will",   "shows",    "features", "depicts",  "says",  "reads",
                          "stands",  "sits",   "holds",    "contains", "includes", "comes", "looks",
                          "appears", "wears",  "hangs",    "stand",    "sit",      "hold",  "wear",
                          "look",    "walks",  "displays", "shines",   "plays",    "lies",  "play",
                          "smiles",  "covers", "belongs",  "offers",   "poses",    "made"}) &&
         form != "made";
}

bool is_noun_with_verb_ending(std::string_view form) {
  static const std::set<std::string> nouns = stems(
      "building painting drawing ring king wing string spring ceiling clothing evening "
      "morning wedding pudding earring bed seed shed housing packaging icing frosting living "
      "dining wedding engagement swimming sewing washing cutting running sleeping");
  return nouns.contains(stem(form));
}

// "sitting" behind a noun, "adorned with": the noun phrase has ended.
bool is_participle(std::string_view form, std::string_view next, bool is_first) {
  if (is_one_of(form, {"made", "shown", "seen", "worn", "built", "taken", "written", "set"}))
    return !is_first && (next.empty() || is_stop_word(next));
  if (is_noun_with_verb_ending(form)) return false;
  if (form.size() > 4 && form.ends_with("ing")) return !is_first;
  return form.size() > 4 && form.ends_with("ed") && !is_first &&
         (next.empty() || is_stop_word(next));
}

// Only blanks and hyphens between: "t - shirt" is one thing, "red, green" are two.
bool goes_on(std::string_view text, std::string_view a, std::string_view b) {
  const auto begin = static_cast<std::size_t>(a.data() + a.size() - text.data());
  const auto end = static_cast<std::size_t>(b.data() - text.data());
  return text.substr(begin, end - begin).find_first_not_of(" -'") == std::string_view::npos;
}

}  // namespace

bool ends_noun_phrase(std::string_view word) {
  return is_stop_word(word) && normal_form(word) != "t";
}

bool is_article(std::string_view word) {
  return is_one_of(normal_form(word),
                   {"a",    "an",      "the",   "two",   "three", "four",    "five",
                    "six",  "seven",   "eight", "nine",  "ten",   "several", "some",
                    "many", "various", "this",  "these", "her",   "his",     "another"});
}

bool is_preposition(std::string_view word) {
  return is_one_of(normal_form(word),
                   {"by",  "with",   "in",   "at",    "from",   "for",  "of",      "on",
                    "to",  "during", "near", "after", "before", "over", "under",   "without",
                    "and", "as",     "into", "&",     "about",  "vs",   "through", "against"});
}

bool is_person_noun(std::string_view word) {
  static const std::set<std::string> nouns = listed_stems(fuse_texts::person_nouns);
  return nouns.contains(stem(word));
}

bool is_frame_noun(std::string_view word) {
  static const std::set<std::string> nouns = listed_stems(fuse_texts::frame_nouns);
  return nouns.contains(stem(word));
}

bool is_scene_noun(std::string_view word) {
  static const std::set<std::string> nouns = listed_stems(fuse_texts::scene_nouns);
  return nouns.contains(stem(word));
}

std::optional<SubjectPhrase> subject_of(std::string_view sentence) {
  const auto all = words(sentence);
  std::size_t first = 0;
  while (first < all.size()) {
    SubjectPhrase subject;
    std::size_t i = first;
    if (is_article(all[i])) subject.article = std::string(all[i++]);
    const std::size_t start = i;
    for (; i < all.size(); ++i) {
      const std::string form = normal_form(all[i]);
      const std::string next = i + 1 < all.size() ? normal_form(all[i + 1]) : "";
      if (i > first && !goes_on(sentence, all[i - 1], all[i])) break;
      if (ends_noun_phrase(form) || is_finite_verb(form) || is_participle(form, next, i == start))
        break;
    }
    if (i == start) return std::nullopt;
    const bool of_follows = i + 1 < all.size() && normal_form(all[i]) == "of";
    if (of_follows && is_frame_noun(all[i - 1])) {
      first = i + 1;
      continue;
    }
    for (std::size_t k = start; k + 1 < i; ++k) subject.before.emplace_back(all[k]);
    subject.head = std::string(all[i - 1]);
    subject.begin = static_cast<std::size_t>(all[first].data() - sentence.data());
    subject.end = static_cast<std::size_t>(all[i - 1].data() + all[i - 1].size() - sentence.data());
    subject.verb_follows = i < all.size() && is_finite_verb(normal_form(all[i])) &&
                           goes_on(sentence, all[i - 1], all[i]);
    return subject;
  }
  return std::nullopt;
}

bool is_clause(std::string_view sentence) {
  const auto all = words(sentence);
  for (std::size_t i = 1; i < all.size(); ++i)
    if (is_finite_verb(normal_form(all[i])) &&
        !is_one_of(normal_form(all[i - 1]), {"that", "which", "who", "what"}))
      return true;
  return false;
}

}  // namespace kale
