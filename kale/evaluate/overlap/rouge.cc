#include "kale/evaluate/overlap/rouge.h"

#include <algorithm>
#include <bit>

namespace kale {
namespace {

constexpr double kBeta = 1.2;  // recall weighs so much more than precision
constexpr std::size_t kBits = 64;

}  // namespace

// Crochemore et al. 2001: a column of the table of lengths is a row of bits, one for each place of
// `a`, a zero where the length grows; a token of `b` changes 64 of them at once.
std::size_t RougeScorer::common_subsequence(TokenSpan a, TokenSpan b) {
  const std::size_t blocks = (a.size() + kBits - 1) / kBits;
  column_.assign(blocks, ~std::uint64_t{0});
  matches_.resize(blocks);
  sorted_.clear();
  for (std::size_t i = 0; i < a.size(); ++i) sorted_.emplace_back(a[i], i);
  std::sort(sorted_.begin(), sorted_.end());
  for (const TokenNumber token : b) {
    auto place = std::lower_bound(sorted_.begin(), sorted_.end(),
                                  std::pair<TokenNumber, std::size_t>(token, 0));
    if (place == sorted_.end() || place->first != token) continue;
    std::fill(matches_.begin(), matches_.end(), 0);
    for (; place != sorted_.end() && place->first == token; ++place)
      matches_[place->second / kBits] |= std::uint64_t{1} << place->second % kBits;
    std::uint64_t carry = 0;
    for (std::size_t block = 0; block < blocks; ++block) {
      const std::uint64_t before = column_[block];
      const std::uint64_t matched = before & matches_[block];
      const std::uint64_t sum = before + matched;
      const std::uint64_t with_carry = sum + carry;
      carry = sum < before || with_carry < sum ? 1 : 0;
      column_[block] = with_carry | (before & ~matches_[block]);
    }
  }
  std::size_t length = 0;
  for (std::size_t block = 0; block < blocks; ++block) {
    std::uint64_t grown = ~column_[block];
    const std::size_t left = a.size() - block * kBits;
    if (left < kBits) grown &= (std::uint64_t{1} << left) - 1;
    length += static_cast<std::size_t>(std::popcount(grown));
  }
  return length;
}

double RougeScorer::score(const NumberedText& caption, std::span<const NumberedText> references) {
  double precision = 0, recall = 0;
  for (const NumberedText& reference : references) {
    const auto common = static_cast<double>(common_subsequence(caption.tokens, reference.tokens));
    precision = std::max(precision, common / static_cast<double>(caption.tokens.size()));
    recall = std::max(recall, common / static_cast<double>(reference.tokens.size()));
  }
  if (precision == 0 || recall == 0) return 0;
  return (1 + kBeta * kBeta) * precision * recall / (recall + kBeta * kBeta * precision);
}

}  // namespace kale
