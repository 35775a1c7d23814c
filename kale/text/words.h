// Words for counting and for comparing captions. A word is a run of letters and digits; inside it
// apostrophes, hyphens and ampersands between letters, and points, commas and colons between
// digits belong to it ("don't", "five-cent", "AT&T", "1,000.5"). ".05" is a word.
// Threads  free functions, safe
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace kale {

std::vector<std::string_view> words(std::string_view text);  // views into `text`
bool has_word(std::string_view text);
std::int64_t word_count(std::string_view text);

// The first `words_max` words of `text` with the marks between them.
std::string_view first_words(std::string_view text, std::int64_t words_max);

bool has_digit(std::string_view word);
bool is_stop_word(std::string_view word);  // in kale/text/stop_words.txt, any case

// The form in which words are compared: folded, no possessive, English plural and verb endings
// off, number words as digits ("antlers" and "antler", "Five" and "5"). Not a word to print.
std::string stem(std::string_view word);

// Stems of all words of a text; hyphenated words also by their parts.
std::set<std::string> stems(std::string_view text);

// Words that carry meaning, in order, doubles included: neither stop words nor single letters.
std::vector<std::string_view> content_words(std::string_view text);
std::set<std::string> content_stems(std::string_view text);

}  // namespace kale
