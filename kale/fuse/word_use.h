// Words of a text as the rules ask for them: where one stands, whether it can be a noun, and the
// room's lists of words.
// Threads  free functions, safe
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>

namespace kale {

// The byte of `text` at which `word`, a view into it, begins, and that behind it.
std::size_t begin_of(std::string_view text, std::string_view word);
std::size_t end_of(std::string_view text, std::string_view word);

bool is_filler(std::string_view word);   // a size, code, colour or small word: no noun of a title
bool is_shouted(std::string_view word);  // "NASA"; a single letter is not

bool is_common_word(std::string_view word);  // in common_words.txt, in this very form

// All words of a list's lines, by stem, and in the form in which they stand.
std::set<std::string> listed_stems(std::string_view list);
std::set<std::string> listed_forms(std::string_view list);

}  // namespace kale
