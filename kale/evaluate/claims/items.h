// Tokens grouped into the pieces that a sentence is made of: nouns of things, colours, counts,
// relations, and the small words between them. For the files of this room only.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kale/evaluate/claims/claims.h"
#include "kale/evaluate/claims/lexicon.h"
#include "kale/evaluate/claims/tokens.h"

namespace kale::evaluate {

enum class ItemKind : std::uint8_t {
  kNoun,     // of a thing
  kPicture,  // frame, corner, half: no thing
  kBackground,
  kPart,      // beak, wheels: of a thing
  kTextNoun,  // sign, letters
  kPronoun,
  kColour,
  kCount,
  kDeterminer,
  kCopula,
  kVerb,
  kPreposition,
  kConjunction,
  kRelative,
  kNegation,
  kAdverb,
  kComparison,
  kHedge,
  kRelation,
  kOwnRelation,
  kCompound,  // cage, juice: makes the noun before it no thing of its own
  kEllipsis,  // there are
  kComma,
  kBreak,
  kQuote,
  kOther,  // a word that no list has: an adjective, mostly
};

struct Item {
  ItemKind kind = ItemKind::kOther;
  std::size_t first = 0, last = 0;  // tokens
  Span span;
  int sentence = 0;
  std::string text;   // its words, as compared
  std::string value;  // noun; colours; count; relation
  Number number = Number::kEither;
  bool generic = false;  // a noun that is true of every thing: "object"
  bool possessive = false;
  bool negates = false;          // "isn't", and determiners that deny
  int mention = -1;              // that a noun became
  std::size_t begin = 0;         // of a noun: the first item of its phrase
  std::vector<int> said_of;      // mentions that a colour was given to, or a pronoun stands for
  bool taken = false;            // a colour or count whose noun is known (it may be no thing)
  About about = About::kThings;  // of a colour that was given to none of these
};

inline bool is_head(ItemKind kind) {
  return kind == ItemKind::kNoun || kind == ItemKind::kPicture || kind == ItemKind::kBackground ||
         kind == ItemKind::kPart || kind == ItemKind::kTextNoun;
}

struct SpokenNumber {
  int count = 0;
  bool at_least = false;  // "several"
};
// What a kCount says; nothing where it is no number that anyone counts to.
std::optional<SpokenNumber> spoken_number(const Item& count);

// `names` are proper names of things of the picture ("Magellanic penguin"), as phrase_form() makes
// them: nouns in this caption.
std::vector<Item> items_of(const std::vector<Token>& tokens, const std::vector<std::string>& names);

}  // namespace kale::evaluate
