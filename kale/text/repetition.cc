#include "kale/text/repetition.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "kale/text/sentences.h"
#include "kale/text/utf8.h"
#include "kale/text/words.h"

namespace kale {
namespace {

constexpr std::size_t kLoopWordsMax = 8;
constexpr std::size_t kGram = 4;
constexpr std::size_t kGramWordsMin = 40;

bool has_loop(const std::vector<std::string>& folded) {
  for (std::size_t length = 1; length <= kLoopWordsMax; ++length) {
    const std::size_t times = length == 1 ? 4 : 3;
    std::size_t same = 0;  // words in a row that equal the word `length` before them
    for (std::size_t i = length; i < folded.size(); ++i) {
      same = folded[i] == folded[i - length] ? same + 1 : 0;
      if (same >= length * (times - 1)) return true;
    }
  }
  return false;
}

bool has_double_sentence(std::string_view text) {
  const auto all = sentences(text);
  if (all.size() < 2) return false;
  std::set<std::string> seen;
  for (const std::string_view sentence : all)
    if (word_count(sentence) >= 3 && !seen.insert(normal_form(sentence)).second) return true;
  return false;
}

bool has_few_grams(const std::vector<std::string>& folded) {
  if (folded.size() < kGramWordsMin) return false;
  std::unordered_map<std::string_view, std::uint32_t> known;  // numbers are cheaper to compare
  std::vector<std::uint32_t> numbers;
  for (const auto& word : folded)
    numbers.push_back(
        known.try_emplace(word, static_cast<std::uint32_t>(known.size())).first->second);
  std::vector<std::array<std::uint32_t, kGram>> grams(numbers.size() - kGram + 1);
  for (std::size_t i = 0; i < grams.size(); ++i)
    std::copy_n(numbers.begin() + static_cast<std::ptrdiff_t>(i), kGram, grams[i].begin());
  std::sort(grams.begin(), grams.end());
  const auto distinct = std::unique(grams.begin(), grams.end()) - grams.begin();
  return static_cast<std::size_t>(distinct) * 2 < grams.size();
}

}  // namespace

bool is_repetitive(std::string_view text) {
  std::vector<std::string> folded;
  for (const std::string_view word : words(text)) folded.push_back(fold_case(word));
  return has_loop(folded) || has_double_sentence(text) || has_few_grams(folded);
}

}  // namespace kale
