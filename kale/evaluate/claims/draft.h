// A caption half understood: its pieces, and the claims found so far. The passes run in the order
// in which they stand here. For the files of this room only.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "kale/evaluate/claims/claims.h"
#include "kale/evaluate/claims/items.h"

namespace kale::evaluate {

struct Draft {
  std::string_view caption;
  std::vector<Token> tokens;
  std::vector<Item> items;
  Claims claims;
  // By item: the mentions that are the subject of the copula or verb there.
  std::vector<std::vector<int>> subjects;
};

// Noun phrases: mentions with their counts, colours and denials.
void find_mentions(Draft& draft);
// What pronouns stand for, and of whom each verb speaks.
void find_subjects(Draft& draft);
// Colours that are told of a subject: "it is red and white"; counts without a noun.
void find_predicates(Draft& draft);
void find_relations(Draft& draft);
// Quotations, numbers and names.
void find_texts(Draft& draft);

ColourClaim& add_colour(Draft& draft, std::size_t item, const std::vector<int>& mentions,
                        bool negated, About about = About::kThings);
// What a noun that is no thing stands for, where its colour can be judged.
std::optional<About> about_of(const Item& noun);

enum class Denial : std::uint8_t {
  kNone,
  kHere,       // "does not show a bird": there is none
  kElsewhere,  // "is not next to a bird": there may be one, and nobody says so
};
// How the phrase whose items begin at `begin` and whose noun is at `head` is denied by the words
// before it and behind it.
Denial denial_of(const Draft& draft, std::size_t begin, std::size_t head);
// "not only red" is red.
bool is_focus(std::string_view adverb);
// "is not sitting |on|", "does not say |"OPEN"|": a verb before the item is denied.
bool verb_is_denied(const std::vector<Item>& items, std::size_t at);

}  // namespace kale::evaluate
