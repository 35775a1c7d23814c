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

// Leading and trailing white space off; a view into `text`.
std::string_view trim(std::string_view text);

// The code point at `at`, which moves past it; U+FFFD for bytes that are no UTF-8.
char32_t next_code_point(std::string_view text, std::size_t& at);
void append_code_point(std::string& out, char32_t code_point);

bool is_space(char32_t c);
bool is_letter(char32_t c);
bool is_digit(char32_t c);  // decimal digits of any script
bool is_upper(char32_t c);  // upper or title case
bool is_lower(char32_t c);

}  // namespace kale
