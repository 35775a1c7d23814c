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

// What the dense caption could not name becomes "something", and what it says of it a sentence of
// its own, which the model need not copy: "a subject that is red against a wall" gives
// "something against a wall" and "It is red."
std::string take_unnamed(std::string& sentence) {
  static const RE2 described(
      R"(\b(a subject|something) that (?:is|are) (.+?)( against | is | in this | in the |[.]$))",
      [] {
        RE2::Options options;
        options.set_case_sensitive(false);
        return options;
      }());
  static const RE2 subject(R"(\ba subject\b)");
  static const RE2 first_subject(R"(^A subject\b)");
  std::string name;
  std::string saying;
  if (RE2::PartialMatch(sentence, described, &name, &saying))
    RE2::Replace(&sentence, described, R"(\1\3)");
  RE2::Replace(&sentence, first_subject, "Something");
  RE2::Replace(&sentence, subject, "something");
  return saying.empty() ? "" : "It is " + saying + ".";
}

// "the king penguin is white" -> "it is white", where every word behind "the" is replaced.
std::string with_it(std::string_view sentence, const std::set<std::string>& replaced) {
  std::string out;
  std::size_t copied = 0;
  const auto all = words(sentence);
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    if (normal_form(all[i]) != "the") continue;
    std::size_t end = i + 1;
    while (end < all.size() && replaced.contains(stem(all[end]))) ++end;
    // "the castle wall" speaks of something else than the castle.
    const bool goes_on = end < all.size() && !is_stop_word(all[end]) && !is_verb(all[end]);
    if (end == i + 1 || goes_on) continue;
    const auto begin = static_cast<std::size_t>(all[i].data() - sentence.data());
    out.append(sentence.substr(copied, begin - copied)).append(begin == 0 ? "It" : "it");
    copied = static_cast<std::size_t>(all[end - 1].data() + all[end - 1].size() - sentence.data());
    i = end - 1;
  }
  return out.append(sentence.substr(copied));
}

}  // namespace

DenseParts split_dense(std::string_view dense, const Hedges& hedges) {
  const std::string settled = hedges.without_guesses(dense);
  auto parts = sentences(settled);
  if (parts.empty()) return {std::string(dense), ""};
  DenseParts result{std::string(parts.front()), ""};
  const std::string saying = take_unnamed(result.first);
  parts.erase(parts.begin());
  if (!saying.empty()) parts.insert(parts.begin(), saying);
  result.others = join_sentences(parts);
  return result;
}

std::string with_others(std::string_view fused, const DenseParts& dense) {
  std::set<std::string> replaced = content_stems(dense.first);
  replaced.insert(stem("subject"));
  for (const auto& word : stems(fused)) replaced.erase(word);
  for (const std::string_view frame :
       {"picture", "photograph", "photo", "image", "drawing", "illustration", "background"})
    replaced.erase(stem(frame));
  std::string out(fused);
  for (const std::string_view sentence : sentences(dense.others))
    out.append(" ").append(with_it(sentence, replaced));
  return out;
}

}  // namespace kale
