#include "kale/fuse/hedges.h"

#include <algorithm>

#include "kale/text/lists.h"
#include "kale/text/sentences.h"
#include "kale/text/utf8.h"
#include "kale/text/words.h"

namespace kale {
namespace {

std::size_t offset(std::string_view text, std::string_view word) {
  return static_cast<std::size_t>(word.data() - text.data());
}

std::string_view between(std::string_view text, std::string_view a, std::string_view b) {
  const std::size_t begin = offset(text, a) + a.size();
  return text.substr(begin, offset(text, b) - begin);
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> all) {
  return std::find(all.begin(), all.end(), word) != all.end();
}

// "a", "the" and "of" may stand in a guessed noun phrase, and "can" is a tin there; any other stop
// word ends it.
bool ends_phrase(std::string_view word) {
  const std::string form = normal_form(word);
  if (is_one_of(form, {"a", "an", "the", "of", "can"})) return false;
  return is_stop_word(form) || is_one_of(form, {"shown", "set", "seen", "standing", "placed",
                                                "positioned", "located", "fills", "takes"});
}

// "a pot or pan" is one guess.
bool joins(const std::vector<std::string_view>& all, std::size_t at) {
  return normal_form(all[at]) == "or" && at + 1 < all.size() && !ends_phrase(all[at + 1]);
}

bool holds_mark(std::string_view gap) {
  return gap.find_first_of(",;:()") != std::string_view::npos;
}

}  // namespace

Hedges::Hedges(std::string_view list) {
  for (const auto& line : list_lines(list)) {
    Hedge hedge;
    for (const std::string_view word : words(line)) hedge.words.push_back(normal_form(word));
    if (hedge.words.size() > 1 && hedge.words.back() == "verb") {
      hedge.words.pop_back();
      hedge.is_verb = true;
    }
    hedges_.push_back(std::move(hedge));
  }
  std::stable_sort(hedges_.begin(), hedges_.end(),
                   [](const Hedge& a, const Hedge& b) { return a.words.size() > b.words.size(); });
}

std::optional<Hedges::Guess> Hedges::find(const std::vector<std::string_view>& all,
                                          std::string_view sentence) const {
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const Hedge& hedge : hedges_) {
      const std::size_t n = hedge.words.size();
      if (i + n >= all.size()) continue;
      bool same = true;
      for (std::size_t k = 0; k < n && same; ++k) same = normal_form(all[i + k]) == hedge.words[k];
      if (!same) continue;
      std::size_t end = i + n;
      while (end < all.size() && (!ends_phrase(all[end]) || joins(all, end)) &&
             (end == i + n || !holds_mark(between(sentence, all[end - 1], all[end]))))
        ++end;
      if (end > i + n) return Guess{i, i + n, end, hedge.is_verb};
    }
  }
  return std::nullopt;
}

std::optional<std::string> Hedges::without_first(std::string_view sentence) const {
  const auto all = words(sentence);
  const auto guess = find(all, sentence);
  if (!guess) return std::nullopt;
  const std::size_t end = offset(sentence, all[guess->end - 1]) + all[guess->end - 1].size();
  const std::string_view tail = sentence.substr(end);
  const std::size_t first = guess->hedge;
  if (first == 0) return std::string(trim(tail)).empty() ? "" : "Something" + std::string(tail);

  const std::string before = normal_form(all[first - 1]);
  if (before == "what") {
    const std::string head(sentence.substr(0, offset(sentence, all[first - 1])));
    return head + (head.empty() ? "Something" : "something") + std::string(tail);
  }
  std::string_view head = trim(sentence.substr(0, offset(sentence, all[first])));
  if (is_one_of(before, {"that", "which"}))
    return std::string(trim(sentence.substr(0, offset(sentence, all[first - 1])))) +
           std::string(tail);
  if (head.ends_with(',')) {
    head.remove_suffix(1);
    return std::string(head) + std::string(tail.starts_with(',') ? tail.substr(1) : tail);
  }
  if (guess->is_verb || is_one_of(before, {"is", "are", "was", "were"})) return "";
  return std::string(head) + " something" + std::string(tail);
}

std::string Hedges::without_guesses(std::string_view caption) const {
  std::string out;
  for (const std::string_view sentence : sentences(caption)) {
    std::string text(sentence);
    while (auto shorter = without_first(text)) text = std::move(*shorter);
    if (words(text).empty()) continue;
    out.append(out.empty() ? "" : " ").append(text);
  }
  return out;
}

std::set<std::string> Hedges::guessed(std::string_view caption) const {
  const auto certain = stems(without_guesses(caption));
  std::set<std::string> only = content_stems(caption);
  std::set<std::string> marks;
  for (const Hedge& hedge : hedges_)
    for (const auto& word : hedge.words) marks.insert(stem(word));
  std::erase_if(only, [&](const std::string& word) {
    return certain.contains(word) || marks.contains(word);
  });
  return only;
}

}  // namespace kale
