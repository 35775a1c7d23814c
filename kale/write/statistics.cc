#include "kale/write/statistics.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "kale/io/digest.h"
#include "kale/text/utf8.h"
#include "kale/text/words.h"

namespace kale {

void WordSet::add(std::string_view word) {
  std::uint64_t hash = xxh3_64(word);
  if (exact_) {
    hashes_.insert(hash);
    if (hashes_.size() > kExactMax) {
      exact_ = false;
      hashes_ = {};
    }
  }
  std::size_t index = hash >> (64 - kIndexBits);
  int rank = std::countl_zero((hash << kIndexBits) | (std::uint64_t{1} << (kIndexBits - 1))) + 1;
  registers_[index] = std::max(registers_[index], static_cast<std::uint8_t>(rank));
}

// Past kExactMax words no register is empty, so the small-range correction never applies.
std::int64_t WordSet::size() const {
  if (exact_) return static_cast<std::int64_t>(hashes_.size());
  double registers = static_cast<double>(registers_.size());
  double sum = 0;
  for (std::uint8_t rank : registers_) sum += std::ldexp(1.0, -rank);
  double alpha = 0.7213 / (1 + 1.079 / registers);
  return std::llround(alpha * registers * registers / sum);
}

void TextStatistics::add(std::string_view text) {
  ++rows;
  std::string folded = fold_case(text);
  for (std::string_view word : kale::words(folded)) {
    ++words;
    vocabulary.add(word);
  }
}

void DatasetStatistics::add(const Row& row) {
  ++rows;
  if (row.filled.has(Column::kAltText)) alt_text.add(row.alt_text);
  if (row.filled.has(Column::kCaptionDense)) caption_dense.add(row.caption_dense);
  if (row.filled.has(Column::kCaption)) caption.add(row.caption);
  if (row.filled.has(Column::kDescribedBy)) ++described_by[row.described_by];
  if (row.filled.has(Column::kFusedBy)) ++fused_by[row.fused_by];
  if (row.filled.has(Column::kCleanedBy)) ++cleaned_by[row.cleaned_by];
  std::string licence = row.filled.has(Column::kLicence) ? row.licence : "not known";
  if (licences.size() >= kLicencesMax && !licences.contains(licence)) licence = "others";
  ++licences[licence];
}

}  // namespace kale
