// A caption taken apart for the check: quotations, and words in the form in which they are
// compared.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kale::describe {

using Words = std::vector<std::string>;

// Case folded; the parts of "red-breasted" are words of their own.
Words words_of(std::string_view text);

// The text with what stands in double quotes left out, and those quotations; nullopt where one is
// left open. Typographic quotation marks count as plain ones.
std::optional<std::string> take_quotes(std::string_view text, std::vector<std::string>& quotes);

}  // namespace kale::describe
