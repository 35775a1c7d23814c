// Sentences of English captions. A sentence ends at . ! ? or an ellipsis, with the quotes and
// brackets that close behind it, where white space and no lower-case letter follow; a newline ends
// one too. Abbreviations (kale/text/abbreviations.txt), initials and decimals do not end one.
// Threads  free functions, safe
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kale {

std::vector<std::string_view> sentences(std::string_view text);  // trimmed views, none empty
std::string join_sentences(const std::vector<std::string_view>& parts);

// Ends with closing punctuation (quotes and brackets behind it allowed).
bool ends_complete(std::string_view text);

// The last sentence goes where it does not end complete: a reply that was cut at its token limit.
// Empty where nothing complete is left.
std::string without_torn_sentence(std::string_view text);

}  // namespace kale
