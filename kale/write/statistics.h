// What the card says about texts, gathered row by row while publishing.
// Threads  one thread at a time
// Units    words after kale/text/words.h; the vocabulary is of case-folded words
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "kale/core/row.h"

namespace kale {

// Distinct words: counted exactly up to kExactMax, estimated past it (HyperLogLog, Flajolet et al.
// 2007; 2^14 registers, standard error 0.8 %), so that a web-sized vocabulary takes 16 KB.
class WordSet {
 public:
  static constexpr std::size_t kExactMax = std::size_t{1} << 20;

  void add(std::string_view word);
  bool exact() const { return exact_; }
  std::int64_t size() const;

 private:
  static constexpr int kIndexBits = 14;
  bool exact_ = true;
  std::unordered_set<std::uint64_t> hashes_;
  std::array<std::uint8_t, std::size_t{1} << kIndexBits> registers_{};
};

struct TextStatistics {
  std::int64_t rows = 0;  // that have the text
  std::int64_t words = 0;
  WordSet vocabulary;

  void add(std::string_view text);
  double words_per_row() const {
    return rows == 0 ? 0 : static_cast<double>(words) / static_cast<double>(rows);
  }
};

struct DatasetStatistics {
  static constexpr std::size_t kLicencesMax = 1000;  // distinct ones counted by name

  std::int64_t rows = 0;
  TextStatistics alt_text;
  TextStatistics caption_dense;
  TextStatistics caption;
  std::map<std::string, std::int64_t> described_by;  // value -> rows
  std::map<std::string, std::int64_t> fused_by;
  std::map<std::string, std::int64_t> cleaned_by;
  std::map<std::string, std::int64_t> licences;

  void add(const Row& row);
};

}  // namespace kale
