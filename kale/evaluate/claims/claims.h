// What an English caption says that can be held against the truth of a picture: which things are
// there, how many, in which colours, how they stand to each other, what is written, which numbers
// and names are told. Nothing is judged here.
// The reader knows nouns and small words by lists and no grammar beyond noun phrases, clauses and
// pronouns; what it does not understand it leaves out.
// Threads  free functions, safe
// Units    spans in bytes of the caption
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kale/evaluate/claims/lexicon.h"
#include "kale/evaluate/claims/tokens.h"
#include "kale/world/scene/scene.h"

namespace kale::evaluate {

// A thing that is said to be there.
struct Mention {
  Span span;         // the noun's own
  std::string noun;  // singular, as Lexicon has it: "king penguin"
  Number number = Number::kOne;
  bool generic = false;              // "object": true of every thing
  bool negated = false;              // "no bird", "does not show a bird"
  bool elsewhere = false;            // of a negated one: "not next to a bird" leaves room for one
  bool hedged = false;               // "possibly a king penguin"
  bool another = false;              // "the other bird": beside one named before
  int told_of = 0;                   // "two of the birds are red": of so many; 0: of all
  std::vector<std::string> colours;  // each "red" or "blue|green" that stands before it or is said
                                     // of it
};

struct CountClaim {
  Span span;
  int mention = 0;
  int count = 0;
  bool at_least = false;  // "several", a bare plural
  bool other = false;     // "five other things": beside those named before
  bool spoken = true;     // with a word of number; false: only the noun's plural says so
  bool definite = false;  // "the two birds": all there are
};

enum class About : std::uint8_t { kThings, kBackground, kLetters, kBars };

struct ColourClaim {
  Span span;
  std::vector<std::string> colours;  // any of them would do: "teal" is blue or green
  std::vector<int> mentions;         // where it is about things
  bool negated = false;
  About about = About::kThings;
  bool before_noun = false;  // "red birds", not "the birds are red"
};

struct RelationClaim {
  Span span;
  world::Relation relation = world::Relation::kLeftOf;
  // Pairs of mentions, subject and object. Where grammar leaves the subject open there are several
  // and one true pair makes the claim true.
  std::vector<std::pair<int, int>> readings;
  bool negated = false;
};

struct TextClaim {
  Span span;         // with its quotation marks
  std::string text;  // empty: says that there is no text
  bool negated = false;
};

struct NumberClaim {
  Span span;
  std::string text;  // as written: "4.50"
  Span sentence;
  bool share = false;  // percent or thirds: of the picture, where no chart has them
};

struct NameClaim {
  Span span;
  std::string name;
};

// "five bars", "three columns".
struct PartCountClaim {
  Span span;
  std::string part;  // "bar", "row", "column"
  int count = 0;
};

struct Claims {
  std::vector<Mention> mentions;
  std::vector<CountClaim> counts;
  std::vector<ColourClaim> colours;
  std::vector<RelationClaim> relations;
  std::vector<TextClaim> texts;
  std::vector<NumberClaim> numbers;
  std::vector<NameClaim> names;
  std::vector<PartCountClaim> part_counts;
};

// `known_names` are names of things in the picture ("Magellanic penguin"): nouns in this caption.
Claims claims_of(std::string_view caption, const std::vector<std::string>& known_names = {});

// "blue", "green" of the "blue|green" in Mention::colours.
std::vector<std::string> split_colours(std::string_view value);

}  // namespace kale::evaluate
