// Runs of one to four words, counted. A gram is its words' numbers side by side, so that two grams
// are equal only where their words are: hashes choose a slot in a table and decide nothing.
#pragma once

#include <cstdint>
#include <vector>

#include "kale/evaluate/overlap/numbered_texts.h"

namespace kale {

inline constexpr int kGramWordsMax = 4;

struct Gram {
  std::uint64_t first = 0;  // two words' numbers plus one; zero where the gram has no such word
  std::uint64_t second = 0;
  bool operator==(const Gram&) const = default;
};

inline Gram gram_of(TokenSpan words, std::size_t begin, int size) {
  const auto word = [&](int i) {
    return i < size ? std::uint64_t{words[begin + static_cast<std::size_t>(i)]} + 1 : 0;
  };
  return {word(0) << 32 | word(1), word(2) << 32 | word(3)};
}

inline std::uint64_t slot_hash(const Gram& gram) {
  std::uint64_t x = gram.first * 0x9E3779B97F4A7C15u;
  x ^= x >> 32;
  x = (x + gram.second) * 0xD6E8FEB86659FD93u;
  x ^= x >> 32;
  return x * 0xD6E8FEB86659FD93u;
}

struct CountedGram {
  Gram gram;
  std::uint64_t hash;
  std::int32_t count;
  std::int32_t size;  // words
};

// The distinct grams of a text in the order in which they first occur, single words first: sums
// over them come out the same whatever the numbers are. One object counts many texts in turn.
class GramCounts {
 public:
  void count(TokenSpan words);
  const std::vector<CountedGram>& grams() const { return grams_; }
  std::int32_t count_of(const CountedGram& gram) const;  // of the same gram in another text
  std::size_t words() const { return words_; }

 private:
  std::size_t words_ = 0;
  std::vector<CountedGram> grams_;
  std::vector<std::int32_t> slots_;  // index into grams_ plus one; the size is a power of two
  std::uint64_t mask_ = 0;
};

// In the references of how many candidates a gram stands.
class DocumentFrequencies {
 public:
  DocumentFrequencies(const NumberedTexts& texts, int threads);
  std::uint32_t of(const CountedGram& gram) const;

 private:
  struct Entry {
    Gram gram;
    std::uint32_t documents = 0;  // zero: an empty slot
    std::uint32_t last = 0;       // the last candidate counted
  };
  struct Table {  // of the grams whose hash belongs to it
    std::vector<Entry> entries = std::vector<Entry>(1024);
    std::size_t used = 0;
    std::size_t slot_of(const Gram& gram, std::uint64_t hash) const;  // its own or an empty one
    void grow();
  };
  std::size_t table_of(std::uint64_t hash) const { return (hash >> 32) % tables_.size(); }
  std::vector<Table> tables_;
};

}  // namespace kale
