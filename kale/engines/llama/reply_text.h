// A reply while it is written: its text, and when to end it. Pure.
// Threads  a ReplyText belongs to one reply
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kale/engines/llama/sampler.h"

namespace kale::llama {

class ReplyText {
 public:
  explicit ReplyText(std::vector<std::string> stop);

  // Appends the bytes of one token. True when the text now holds a stop string, of which nothing
  // and after which nothing is kept.
  bool add(std::string_view bytes);

  // Valid UTF-8: a character torn by the end is left out, other bytes that are none become U+FFFD.
  std::string take();

 private:
  std::vector<std::string> stop_;
  std::size_t stop_bytes_max_ = 0;
  std::string text_;
};

// True when `tokens` ends with `times` copies or more of the same run of 1 to `run_max` tokens, and
// these copies are kLoopTokensMin tokens or more ("no, no, no, no" is still speech).
inline constexpr std::size_t kLoopTokensMin = 12;
bool ends_in_loop(std::span<const Token> tokens, std::size_t run_max, std::size_t times);

}  // namespace kale::llama
