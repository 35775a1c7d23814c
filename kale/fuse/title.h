// A web title's wording, mended so that it can stand in a sentence: small letters where a capital
// names nothing, codes and years out of the way, an article where it needs one.
// Threads  free functions, safe
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace kale {

// The words before the first preposition or comma: "Fur Vest" of "Fur Vest with Hood".
std::vector<std::string_view> noun_phrase(std::string_view title);

// The noun it is about: the last of them that is no size, code or colour; may be empty.
std::string_view head_of(std::string_view title);

// Common words (common_words.txt, as written there: "Deere" is no deer) get small letters where
// they end a noun phrase: "Lily Pads Rug" -> "Lily Pads rug". Those in `seen` everywhere.
// "NASA", a first word that is not common and what may belong to a name ("Susan Brown") stay.
std::string with_small_letters(std::string_view title, const std::set<std::string>& seen);

// Words that `sentence` writes with a capital inside it are names in the title too: "rbi policy"
// -> "RBI policy".
std::string with_capitals_of(std::string_view title, std::string_view sentence,
                             const std::set<std::string>& common);

// "Drain Cleaning & Repair" -> "Drain Cleaning and Repair", where a common word stands beside it:
// "Tom & Jerry" stays.
std::string with_and(std::string_view title, const std::set<std::string>& common);

// "Nike shoes" and "USB stick" for "nike shoes" and "usb stick" (proper_words.txt).
std::string with_proper_words(std::string_view title);

// A headline's news as what a picture shows: "Ann Lee attends the Gala" is "Ann Lee" and "attending
// the Gala"; nullopt where its verb is not known or it says more than one thing.
struct Scene {
  std::string who;
  std::string act;
};
std::optional<Scene> scene_of(std::string_view headline);

bool tells_an_act(std::string_view title);  // "woman holding a card": no name for a noun

// A work's title keeps its capitals, but for small words: "Approaches To Peace" -> "Approaches to
// Peace".
std::string with_small_joints(std::string_view title);

// "1978 Lincoln Town Car" -> "Lincoln Town Car of 1978", "Piaget Polo S G0A42002" -> "Piaget Polo S
// (G0A42002)", "Tower Bridge 1937" -> "Tower Bridge (1937)". "Mar 1937", "Nokia Lumia 920" and
// "1984 by George Orwell" stay.
// A tail that the caption has said, without names and numbers: "sheet pan chicken on a plate"
// beside "A plate with chicken." is "sheet pan chicken".
std::string without_said_tail(std::string_view title, std::string_view sentence);

// "Rib Tall Knit black" is "Rib Tall Knit in black".
std::string with_colour_last(std::string_view title);

std::string with_codes_apart(std::string_view title);

// "Kane and Abel by Jeffrey Archer" -> "Jeffrey Archer's Kane and Abel".
std::string with_author_first(std::string_view title);

// What stands behind a name: " from 2018" for a year, " in a photo by Ann Lee", others in brackets.
std::string phrases_worded(const std::vector<std::string>& phrases);

std::string without_article(std::string_view title);
std::string with_indefinite(std::string_view phrase);  // "a" or "an" before it

enum class Article { kIndefinite, kDefinite };
// With an article where its noun is a common one and one thing: not "Mount Cook", "red shoes".
std::string with_article(std::string_view title, Article article,
                         const std::set<std::string>& common);

// The title's noun in the number the caption has it in: "Filling Machine" -> "Filling machines".
std::string with_number_of(std::string_view title, std::string_view head);

bool is_capital(std::string_view word);
bool is_month(std::string_view word);  // "March", "Mar"
bool ends_plural(std::string_view word);
// A first letter in a word of capitals stays: "NASA".
std::string with_first_letter(std::string_view text, bool capital);

}  // namespace kale
