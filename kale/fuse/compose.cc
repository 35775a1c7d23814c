#include "kale/fuse/compose.h"

#include <re2/re2.h>

#include <algorithm>
#include <set>
#include <vector>

#include "kale/fuse/clauses.h"
#include "kale/fuse/plural.h"
#include "kale/text/sentences.h"
#include "kale/text/utf8.h"
#include "kale/text/words.h"

namespace kale {
namespace {

// Verbs that follow the thing's name in a caption; other words may be part of a longer name.
bool is_verb(std::string_view word) {
  const std::string form = normal_form(word);
  for (const std::string_view verb : {"takes", "covers", "fills", "stands", "sits", "lies", "looks",
                                      "appears", "shows", "occupies", "faces"})
    if (form == verb) return true;
  return false;
}

bool is_joint(std::string_view word) {
  const std::string form = normal_form(word);
  return form == "or" || form == "and" || form == "of";
}

// "a Adelaide Rosella" -> "an Adelaide Rosella", by the letter as far as that goes.
std::string with_articles(std::string_view text) {
  static const RE2 before_vowel(R"(\b([Aa]) ([AEIOaeio]\w*))");
  std::string out;
  std::string_view rest = text;
  std::string article;
  std::string start;
  while (RE2::PartialMatch(rest, before_vowel, &article, &start)) {
    const std::size_t at = rest.find(article + " " + start);
    const std::string form = fold_case(start);
    out.append(rest.substr(0, at)).append(article);
    const bool like_consonant =
        form.starts_with("eu") || form.starts_with("on") || form.starts_with("ew");
    out.append(like_consonant || is_stop_word(form) ? "" : "n");
    rest.remove_prefix(at + 1);
  }
  return out.append(rest);
}

// "the king penguin is white" -> "it is white", where a word of the name was replaced.
// Words that the reply kept may stand among them ("the king penguin" for a Magellanic penguin).
std::string with_it(std::string_view sentence, const std::set<std::string>& replaced,
                    const std::set<std::string>& masked) {
  std::string out;
  std::size_t copied = 0;
  const auto all = words(sentence);
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    if (normal_form(all[i]) != "the") continue;
    std::size_t end = i + 1;
    bool has_replaced = false;
    for (; end < all.size(); ++end) {
      const std::string word = stem(all[end]);
      const bool joins = is_joint(all[end]) && end > i + 1 && end + 1 < all.size() &&
                         (replaced.contains(stem(all[end + 1])) ||
                          masked.contains(stem(all[end + 1])));  // "the monkey or ape"
      if (joins) continue;
      if (!replaced.contains(word) && !masked.contains(word)) break;
      has_replaced |= replaced.contains(word);
    }
    // "the castle wall" speaks of something else than the castle.
    // And "the subject of this photo" is no name.
    const bool goes_on = end < all.size() && ((!is_stop_word(all[end]) && !is_verb(all[end])) ||
                                              normal_form(all[end]) == "of");
    if (!has_replaced || goes_on) continue;
    const auto begin = static_cast<std::size_t>(all[i].data() - sentence.data());
    out.append(sentence.substr(copied, begin - copied)).append(begin == 0 ? "It" : "it");
    copied = static_cast<std::size_t>(all[end - 1].data() + all[end - 1].size() - sentence.data());
    i = end - 1;
  }
  return out.append(sentence.substr(copied));
}

// "A photo of a lemon on a plain background." -> "A photo of [name] on a plain background."; the
// phrase, or nothing where the sentence tells more than one thing.
std::string mask_only_phrase(std::string& sentence, const std::set<std::string>& setting) {
  std::string_view first;
  std::string_view last;
  bool open = false;
  std::string_view article;
  bool joined = false;
  for (const std::string_view word : words(sentence)) {
    const std::string form = normal_form(word);
    const bool is_article = form == "a" || form == "an" || form == "the" || form == "this";
    const bool goes_on = joined;  // "a writing or drawing tool"
    joined = open && is_joint(form);
    if (joined || (open && (is_colour(form) || (is_article && goes_on)))) continue;
    if (is_stop_word(form) || (setting.contains(stem(form)) && !(open && goes_on))) {
      open = is_article;
      if (is_article) article = word;
      continue;
    }
    if (!open) return "";  // a second phrase, or one without its article
    if (first.empty()) first = article;
    if (article.data() != first.data()) return "";
    last = word;
  }
  if (first.empty()) return "";
  const auto begin = static_cast<std::size_t>(first.data() - sentence.data());
  const auto end = static_cast<std::size_t>(last.data() + last.size() - sentence.data());
  const std::string phrase = sentence.substr(begin, end - begin);
  sentence.replace(begin, end - begin, kNameMark);
  return phrase;
}

// "a brown bear" -> "It is brown.", which its name does not say.
std::string colours_of(std::string_view phrase) {
  std::string out;
  for (const std::string_view word : words(phrase))
    if (is_colour(word)) out.append(out.empty() ? "It is " : " and ").append(normal_form(word));
  return out.empty() ? out : out + ".";
}

bool adds_to(std::string_view saying, std::string_view told) {
  const auto known = stems(told);
  const auto said = content_stems(saying);
  return std::any_of(said.begin(), said.end(),
                     [&](const auto& word) { return !known.contains(word); });
}

void append_sentence(std::string& text, std::string_view sentence) {
  if (sentence.empty()) return;
  text.append(text.empty() ? "" : " ").append(sentence);
}

}  // namespace

DenseParts split_dense(std::string_view dense, const Hedges& hedges,
                       const std::set<std::string>& setting) {
  const std::string settled = hedges.without_guesses(dense);
  auto parts = sentences(settled);
  if (parts.empty()) return {std::string(dense), "", ""};
  DenseParts result{std::string(parts.front()), "", ""};
  const std::string quoted = take_quoted(result.first);
  std::string colours = mark_unnamed(result.first);
  const std::string sayings = take_sayings(result.first);
  if (result.first.find(kNameMark) == std::string::npos) {
    result.masked = mask_only_phrase(result.first, setting);
    colours = colours_of(result.masked);
  }
  parts.erase(parts.begin());
  const std::string told = join_sentences(parts);
  if (adds_to(colours, sayings + told)) result.others = colours;
  for (const std::string_view saying : sentences(sayings))
    if (adds_to(saying, told)) append_sentence(result.others, saying);
  append_sentence(result.others, quoted);
  append_sentence(result.others, told);
  return result;
}

WebDense split_web_dense(std::string_view dense, const Hedges& hedges) {
  const std::string settled = hedges.without_guesses(dense);
  auto parts = sentences(settled);
  if (parts.empty()) return {std::string(trim(dense)), ""};
  WebDense result{std::string(parts.front()), ""};
  append_sentence(result.others, take_quoted(result.first));
  if (!ends_complete(result.first)) result.first += '.';
  parts.erase(parts.begin());
  append_sentence(result.others, join_sentences(parts));
  return result;
}

DenseParts plainer(const DenseParts& dense) {
  const auto main = plain_clause(dense.first);
  if (!main) return dense;
  DenseParts result{main->sentence, "", dense.masked};
  for (const std::string_view saying : sentences(main->sayings))
    if (adds_to(saying, dense.others)) append_sentence(result.others, saying);
  append_sentence(result.others, dense.others);
  return result;
}

std::string without_added_background(std::string_view fused, const DenseParts& dense) {
  static const RE2 tail(R"(^(.*[^ ,]),? (?:set )?(?:against|on) an? [a-z ]*background[.]$)");
  static const RE2 bare_verb(R"((?:shown|set|seen|pictured|placed|standing)$)");
  std::string head;
  if (dense.first.find("background") != std::string::npos || !RE2::FullMatch(fused, tail, &head) ||
      RE2::PartialMatch(head, bare_verb))
    return std::string(fused);
  return head + ".";
}

std::string with_others(std::string_view fused, const DenseParts& dense, std::string_view title) {
  std::set<std::string> replaced = content_stems(dense.first + " " + dense.masked);
  replaced.insert(stem("subject"));
  for (const auto& word : stems(fused)) replaced.erase(word);
  for (const std::string_view frame :
       {"picture", "photograph", "photo", "image", "drawing", "illustration", "background"})
    replaced.erase(stem(frame));
  const std::set<std::string> masked = content_stems(dense.masked);
  const bool several = names_several(title, fused);
  std::string out = with_articles(several ? as_several(fused, title) : std::string(fused));
  for (const std::string_view sentence : sentences(dense.others)) {
    std::string other = with_it(sentence, replaced, masked);
    if (several) other = of_several(other);
    if (!says_nothing(other)) out.append(" ").append(other);
  }
  return out;
}

}  // namespace kale
