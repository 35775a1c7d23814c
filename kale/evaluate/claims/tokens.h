// A caption as tokens with their places in it: words (of "red-and-white" three), commas, breaks,
// and quotations whole.
// Threads  free functions, safe
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kale::evaluate {

// Bytes of the caption, from `begin` to before `end`.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool operator==(const Span&) const = default;
};

enum class Mark : std::uint8_t { kWord, kComma, kBreak, kQuote };

struct Token {
  Mark mark = Mark::kWord;
  Span span;
  std::string_view text;  // of a quotation what stands between the marks
  std::string form;       // phrase_form() of a word, without "'s"
  int sentence = 0;
  bool first = false;       // of its sentence's words
  bool capital = false;     // begins with one
  bool possessive = false;  // "bird's"
  bool hyphen_before = false;
};

// The tokens are views into `caption`.
std::vector<Token> tokens_of(std::string_view caption);

inline constexpr std::size_t kQuoteBytesMax = 400;  // a longer one is two stray marks

}  // namespace kale::evaluate
