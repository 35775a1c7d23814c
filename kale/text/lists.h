// Lists kept as text files: one entry a line, blank lines and lines that begin with '#' skipped.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kale {

// Entries as written, white space at the ends off.
std::vector<std::string> list_lines(std::string_view file_text);

// Finds entries as whole words in folded text: "grammar" is found in "its grammar," but not in
// "programmar". A blank in an entry stands for any white space.
bool holds_phrase(std::string_view normal_text, std::string_view normal_phrase);

}  // namespace kale
