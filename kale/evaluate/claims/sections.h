// Word lists in sections: "[section]" begins one, entries stand apart by ";" or line ends, and
// "a=b" gives entry a the value b. Lines that begin with "#" are skipped.
// Threads  free functions, safe
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kale::evaluate {

struct SectionEntry {
  std::string section;  // "" before the first, and under "[]"
  std::string phrase;   // as phrase_form() makes it
  std::string value;    // as written; empty where there is none
};

std::vector<SectionEntry> section_entries(std::string_view file_text);

// The form in which words and phrases are compared: folded, plain marks, blanks for hyphens.
std::string phrase_form(std::string_view text);

}  // namespace kale::evaluate
