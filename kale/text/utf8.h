// UTF-8 in, UTF-8 out: validity, control characters, and the forms in which texts are compared.
// Errors   bytes that are not UTF-8 are carried over as U+FFFD by the forms; ask is_valid_utf8
//          first
// Threads  free functions, safe
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace kale {

bool is_valid_utf8(std::string_view text);

// C0 and C1 controls, DEL, and the bidirectional overrides that make text read otherwise than it
// is stored. Tab, newline and carriage return are white space and allowed.
bool has_control_chars(std::string_view text);

// Runs of white space (no-break spaces and newlines included) become one blank; none at the ends.
std::string collapse_spaces(std::string_view text);

// Unicode simple case folding: "CAFÉ" and "café" agree.
std::string fold_case(std::string_view text);

// For comparing: folded, spaces collapsed, typographic quotes and dashes made plain.
std::string normal_form(std::string_view text);

// Bytes that are not UTF-8 become U+FFFD.
std::string to_valid_utf8(std::string_view text);

// Letters and their accents as one code point where there is one (Unicode's NFC).
std::string compose_marks(std::string_view text);

// Leading and trailing white space off; a view into `text`.
std::string_view trim(std::string_view text);

// Captions are nearly all ASCII: it is answered here, the rest by ICU.
namespace beyond_ascii {
char32_t next_code_point(std::string_view text, std::size_t& at);
void append_code_point(std::string& out, char32_t code_point);
bool is_space(char32_t c);
bool is_letter(char32_t c);
bool is_mark(char32_t c);  // accents and the like, which is_letter() counts in
bool is_digit(char32_t c);
bool is_upper(char32_t c);
bool is_lower(char32_t c);
char32_t to_lower(char32_t c);
}  // namespace beyond_ascii

// The code point at `at`, which moves past it; U+FFFD for bytes that are no UTF-8.
inline char32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte >= 0x80) return beyond_ascii::next_code_point(text, at);
  ++at;
  return byte;
}
inline void append_code_point(std::string& out, char32_t c) {
  if (c >= 0x80) return beyond_ascii::append_code_point(out, c);
  out += static_cast<char>(c);
}

inline bool is_space(char32_t c) {
  return c < 0x80 ? c == U' ' || (c >= U'\t' && c <= U'\r') : beyond_ascii::is_space(c);
}
inline bool is_digit(char32_t c) {  // decimal digits of any script
  return c < 0x80 ? c >= U'0' && c <= U'9' : beyond_ascii::is_digit(c);
}
inline bool is_upper(char32_t c) {  // upper or title case
  return c < 0x80 ? c >= U'A' && c <= U'Z' : beyond_ascii::is_upper(c);
}
inline bool is_lower(char32_t c) {
  return c < 0x80 ? c >= U'a' && c <= U'z' : beyond_ascii::is_lower(c);
}
inline char32_t to_lower(char32_t c) {
  return c < 0x80 ? (is_upper(c) ? c + (U'a' - U'A') : c) : beyond_ascii::to_lower(c);
}
inline bool is_letter(char32_t c) {
  return c < 0x80 ? is_upper(c) || is_lower(c) : beyond_ascii::is_letter(c);
}

// "&", "<" and ">" as XML writes them, for SVG and for libvips' text.
std::string escape_markup(std::string_view text);

}  // namespace kale
