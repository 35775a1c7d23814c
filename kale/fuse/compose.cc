#include "kale/fuse/compose.h"

#include <re2/re2.h>

#include <set>
#include <vector>

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

// What the dense caption could not name becomes "[name]".
void mark_unnamed(std::string& sentence) {
  static const RE2 unnamed(R"((?i)\b(?:(?:an?|the|this) (?:subject|object)|something)\b)");
  RE2::Replace(&sentence, unnamed, std::string(kNameMark));
}

// What the sentence says of the marked thing besides becomes sentences of their own, which the
// model need not copy: "[name] that is red against a wall, and it fills the frame." leaves
// "[name] against a wall." and gives "It is red. It fills the frame."
std::string take_sayings(std::string& sentence) {
  static const RE2 relative(R"(\[name\],? that (is|are) (.+?)(,? against |)"
                            R"(,? (?:is|in this|in the|on) |,? and it |[.]$))");
  static const RE2 second(R"(,? and (?:it |)((?:is|takes|covers|fills) [^.]*)[.]$)");
  std::string verb;
  std::string saying;
  std::string behind;
  std::string out;
  if (RE2::PartialMatch(sentence, relative, &verb, &saying, &behind)) {
    RE2::Replace(&sentence, relative, std::string(kNameMark) + R"(\3)");
    out = "It is " + saying + ".";
  }
  if (sentence.find(kNameMark) != std::string::npos &&
      RE2::PartialMatch(sentence, second, &saying)) {
    RE2::Replace(&sentence, second, ".");
    out.append(out.empty() ? "" : " ").append("It " + saying + ".");
  }
  return out;
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
    const bool goes_on = end < all.size() && !is_stop_word(all[end]) && !is_verb(all[end]);
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
  for (const std::string_view word : words(sentence)) {
    const std::string form = normal_form(word);
    const bool is_article = form == "a" || form == "an";
    if (open && is_joint(form)) continue;
    if (is_stop_word(form) || setting.contains(stem(form))) {
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

}  // namespace

DenseParts split_dense(std::string_view dense, const Hedges& hedges,
                       const std::set<std::string>& setting) {
  const std::string settled = hedges.without_guesses(dense);
  auto parts = sentences(settled);
  if (parts.empty()) return {std::string(dense), "", ""};
  DenseParts result{std::string(parts.front()), "", ""};
  mark_unnamed(result.first);
  if (result.first.find(kNameMark) == std::string::npos)
    result.masked = mask_only_phrase(result.first, setting);
  const std::string saying = take_sayings(result.first);
  parts.erase(parts.begin());
  if (!saying.empty()) parts.insert(parts.begin(), saying);
  result.others = join_sentences(parts);
  return result;
}

std::string with_others(std::string_view fused, const DenseParts& dense) {
  std::set<std::string> replaced = content_stems(dense.first + " " + dense.masked);
  replaced.insert(stem("subject"));
  for (const auto& word : stems(fused)) replaced.erase(word);
  for (const std::string_view frame :
       {"picture", "photograph", "photo", "image", "drawing", "illustration", "background"})
    replaced.erase(stem(frame));
  const std::set<std::string> masked = content_stems(dense.masked);
  std::string out = with_articles(fused);
  for (const std::string_view sentence : sentences(dense.others))
    out.append(" ").append(with_it(sentence, replaced, masked));
  return out;
}

}  // namespace kale
