// Samples side by side, padded at the right to the longest, with their pictures as the tower takes
// them.
// Threads  plain values
// Units    tokens and labels [rows, length]; pixels [rows, 3, side, side]
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "kale/train/data/layout.h"

namespace kale {

// The label of what is not learnt: as transformers has it.
inline constexpr std::int64_t kNoLabel = -100;

struct Batch {
  std::int64_t rows = 0;
  std::int64_t length = 0;
  std::int64_t side = 0;  // px
  std::vector<std::int64_t> tokens, labels;
  std::vector<float> pixels;
  std::int64_t labelled = 0;     // tokens learnt
  std::int64_t unreadable = 0;   // rows left out, since their picture does not decode
  std::string first_unreadable;  // "key: why"
};

// Puts examples side by side.
class BatchMaker {
 public:
  BatchMaker(std::int64_t side, std::int64_t padding) : padding_(padding) { batch_.side = side; }
  void add(const Example& example, std::span<const float> planes);
  void leave_out(std::string why);
  Batch finish() &&;

 private:
  Batch batch_;
  std::int64_t padding_;
  std::vector<const Example*> examples_;  // live until finish()
};

}  // namespace kale
