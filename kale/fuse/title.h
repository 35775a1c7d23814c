// A web title's wording, mended so that it can stand in a sentence: small letters where a capital
// names nothing, codes and years out of the way, an article where it needs one.
// Threads  free functions, safe
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace kale {

// The words before the first preposition or comma: "Fur Vest" of "Fur Vest with Hood".
std::vector<std::string_view> noun_phrase(std::string_view title);

// The noun it is about: the last of them that is no size, code or colour; may be empty.
std::string_view head_of(std::string_view title);

// A title without names gets small letters, one with names where `common` (stems) ends a noun
// phrase: "Lily Pads Rug" -> "Lily Pads rug". Stems in `seen` are common everywhere.
std::string with_small_letters(std::string_view title, const std::set<std::string>& common,
                               const std::set<std::string>& seen);

// "1978 Lincoln Town Car" -> "Lincoln Town Car of 1978", "Piaget Polo S G0A42002" -> "Piaget Polo S
// (G0A42002)".
std::string with_codes_apart(std::string_view title);

// "Kane and Abel by Jeffrey Archer" -> "Jeffrey Archer's Kane and Abel".
std::string with_author_first(std::string_view title);

std::string without_article(std::string_view title);
std::string with_indefinite(std::string_view phrase);  // "a" or "an" before it

enum class Article { kIndefinite, kDefinite };
// With an article where its noun is a common one and one thing: not "Mount Cook", "red shoes".
std::string with_article(std::string_view title, Article article,
                         const std::set<std::string>& common);

// The title's noun in the number the caption has it in: "Filling Machine" -> "Filling machines".
std::string with_number_of(std::string_view title, std::string_view head);

bool is_capital(std::string_view word);
bool ends_plural(std::string_view word);
// A first letter in a word of capitals stays: "NASA".
std::string with_first_letter(std::string_view text, bool capital);

}  // namespace kale
