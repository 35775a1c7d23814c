// How the Penn Treebank tokenizer sorts characters: letters, digits, spaces and signs, as observed
// of Stanford's at version 3.4.1.
// Threads  free functions, safe
#pragma once

#include <cstdint>

namespace kale::ptb {

bool is_letter_beyond_ascii(char32_t c);  // a letter in the strict sense
bool is_mark(char32_t c);                 // belongs to words though it is no letter: accents
bool is_sign(char32_t c);                 // a token of its own
bool is_digit_beyond_ascii(char32_t c);

inline bool is_ascii_letter(char32_t c) { return (c | 32) >= U'a' && (c | 32) <= U'z'; }
inline bool is_ascii_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
inline bool is_ascii_capital(char32_t c) { return c >= U'A' && c <= U'Z'; }
inline bool is_letter(char32_t c) {
  return c < 0x80 ? is_ascii_letter(c) : is_letter_beyond_ascii(c);
}
inline bool is_digit(char32_t c) {
  return c < 0x80 ? c >= U'0' && c <= U'9' : is_digit_beyond_ascii(c);
}
inline bool is_letter_or_digit(char32_t c) { return is_letter(c) || is_digit(c); }
// What words are made of. Single letters may also be written as entities: see entity_letter().
inline bool is_word_letter(char32_t c) { return is_letter(c) || (c >= 0x80 && is_mark(c)); }

inline bool is_blank(char32_t c) {  // within a line
  return c == U' ' || c == U'\t' || c == 0xA0 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F ||
         c == 0x3000;
}
inline bool is_line_end(char32_t c) {
  return (c >= U'\n' && c <= U'\r') || c == 0x85 || c == 0x2028 || c == 0x2029;
}
inline bool is_space(char32_t c) { return is_blank(c) || is_line_end(c); }

}  // namespace kale::ptb
