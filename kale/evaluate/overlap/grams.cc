#include "kale/evaluate/overlap/grams.h"

#include <algorithm>
#include <bit>

#include "kale/evaluate/overlap/parallel.h"

namespace kale {

void GramCounts::count(TokenSpan words) {
  words_ = words.size();
  grams_.clear();
  const std::size_t slots = std::bit_ceil(std::max<std::size_t>(16, 8 * words.size()));
  slots_.assign(slots, 0);
  mask_ = slots - 1;
  for (int size = 1; size <= kGramWordsMax; ++size) {
    for (std::size_t begin = 0; begin + static_cast<std::size_t>(size) <= words.size(); ++begin) {
      const Gram gram = gram_of(words, begin, size);
      const std::uint64_t hash = slot_hash(gram);
      std::uint64_t slot = hash & mask_;
      while (slots_[slot] != 0 && grams_[slots_[slot] - 1].gram != gram) slot = (slot + 1) & mask_;
      if (slots_[slot] == 0) {
        grams_.push_back({gram, hash, 1, size});
        slots_[slot] = static_cast<std::int32_t>(grams_.size());
      } else {
        ++grams_[slots_[slot] - 1].count;
      }
    }
  }
}

std::int32_t GramCounts::count_of(const CountedGram& gram) const {
  for (std::uint64_t slot = gram.hash & mask_; slots_[slot] != 0; slot = (slot + 1) & mask_)
    if (grams_[slots_[slot] - 1].gram == gram.gram) return grams_[slots_[slot] - 1].count;
  return 0;
}

std::size_t DocumentFrequencies::Table::slot_of(const Gram& gram, std::uint64_t hash) const {
  const std::uint64_t mask = entries.size() - 1;
  std::uint64_t slot = hash & mask;
  while (entries[slot].documents != 0 && entries[slot].gram != gram) slot = (slot + 1) & mask;
  return slot;
}

void DocumentFrequencies::Table::grow() {
  std::vector<Entry> old(entries.size() * 2);
  old.swap(entries);
  for (const Entry& entry : old)
    if (entry.documents != 0) entries[slot_of(entry.gram, slot_hash(entry.gram))] = entry;
}

// Every thread goes through all references and counts the grams that are its own.
DocumentFrequencies::DocumentFrequencies(const NumberedTexts& texts, int threads)
    : tables_(static_cast<std::size_t>(std::max(threads, 1))) {
  for_each_part(tables_.size(), threads, [&](std::size_t own) {
    Table& table = tables_[own];
    for (std::size_t i = 0; i < texts.size(); ++i) {
      for (const NumberedText& reference : texts.references(i)) {
        const TokenSpan words = reference.words;
        for (int size = 1; size <= kGramWordsMax; ++size) {
          for (std::size_t at = 0; at + static_cast<std::size_t>(size) <= words.size(); ++at) {
            const Gram gram = gram_of(words, at, size);
            const std::uint64_t hash = slot_hash(gram);
            if (table_of(hash) != own) continue;
            Entry& entry = table.entries[table.slot_of(gram, hash)];
            if (entry.documents != 0 && entry.last == i) continue;
            const bool added = entry.documents == 0;
            entry = {gram, entry.documents + 1, static_cast<std::uint32_t>(i)};
            if (added && ++table.used * 2 > table.entries.size()) table.grow();
          }
        }
      }
    }
  });
}

std::uint32_t DocumentFrequencies::of(const CountedGram& gram) const {
  const Table& table = tables_[table_of(gram.hash)];
  return table.entries[table.slot_of(gram.gram, gram.hash)].documents;
}

}  // namespace kale
