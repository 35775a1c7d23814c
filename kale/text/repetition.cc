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

// Words as numbers, the same for the same word in any case: cheap to compare.
std::vector<std::uint32_t> word_numbers(std::string_view text) {
  std::unordered_map<std::string, std::uint32_t> known;
  std::vector<std::uint32_t> numbers;
  for (const std::string_view word : words(text))
    numbers.push_back(
        known.try_emplace(fold_case(word), static_cast<std::uint32_t>(known.size())).first->second);
  return numbers;
}

bool has_loop(const std::vector<std::uint32_t>& numbers) {
  for (std::size_t length = 1; length <= kLoopWordsMax; ++length) {
    const std::size_t times = length == 1 ? 4 : 3;
    std::size_t same = 0;  // words in a row that equal the word `length` before them
    for (std::size_t i = length; i < numbers.size(); ++i) {
      same = numbers[i] == numbers[i - length] ? same + 1 : 0;
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

bool has_few_grams(const std::vector<std::uint32_t>& numbers) {
  if (numbers.size() < kGramWordsMin) return false;
  std::vector<std::array<std::uint32_t, kGram>> grams(numbers.size() - kGram + 1);
  for (std::size_t i = 0; i < grams.size(); ++i)
    std::copy_n(numbers.begin() + static_cast<std::ptrdiff_t>(i), kGram, grams[i].begin());
  std::sort(grams.begin(), grams.end());
  const auto distinct = std::unique(grams.begin(), grams.end()) - grams.begin();
  return static_cast<std::size_t>(distinct) * 2 < grams.size();
}

}  // namespace

bool is_repetitive(std::string_view text) {
  const auto numbers = word_numbers(text);
  return has_loop(numbers) || has_double_sentence(text) || has_few_grams(numbers);
}

}  // namespace kale
