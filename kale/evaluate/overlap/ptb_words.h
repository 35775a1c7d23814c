// The word lists of the Penn Treebank tokenizer: ptb_words.txt.
// Threads  const after the first use; free functions, safe
#pragma once

#include "kale/evaluate/overlap/ptb_shapes.h"

namespace kale::ptb {

enum WordKind : unsigned {
  kOpen = 1,
  kTitle = 2,
  kCapital = 4,
  kNumber = 8,
  kStarter = 16,
  kFileEnding = 32,
};

// The kinds of the word of `length` code points at `s`, in any case; 0 for none.
unsigned kinds_of_word(Place s, int length);
inline bool is_listed(Place s, int length, WordKind kind) {
  return (kinds_of_word(s, length) & kind) != 0;
}

}  // namespace kale::ptb
