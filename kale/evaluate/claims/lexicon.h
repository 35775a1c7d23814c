// What words of captions mean: nouns of things and how they stand to each other (kinds.tsv of the
// world and things.txt), and the small words between them (grammar.txt).
// Threads  read-only once made
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace kale::evaluate {

// The sections of grammar.txt; a word may be of several.
enum class WordClass : std::uint8_t {
  kColour,
  kDeterminer,
  kCount,
  kEllipsis,
  kCopula,
  kVerb,
  kShowing,
  kPreposition,
  kConjunction,
  kRelative,
  kPronoun,
  kNegation,
  kAdverb,
  kComparison,
  kHedge,
  kPicture,
  kBackground,
  kPart,
  kText,
  kGeneric,
  kAmbiguous,
  kCompound,
  kRelation,
  kOwnRelation,
};
inline constexpr std::size_t kWordClasses = 24;

enum class Number : std::uint8_t { kOne, kSeveral, kEither };

struct Word {
  std::uint32_t classes = 0;
  std::map<WordClass, std::string> values;  // "2+" of a kCount, "left_of" of a kRelation

  bool is(WordClass c) const { return (classes >> static_cast<unsigned>(c)) & 1U; }
  std::string_view value(WordClass c) const;
};

// One spelling of a noun.
struct NounForm {
  std::string noun;  // "police officer"
  Number number = Number::kOne;
  bool own = false;  // noun or synonym of a kind, not only a wider word or one of things.txt
};

class Lexicon {
 public:
  static const Lexicon& get();

  const Word* word(std::string_view phrase) const;           // nullptr: no small word
  const NounForm* noun_form(std::string_view phrase) const;  // nullptr: no noun of a thing
  std::size_t phrase_words_max() const { return words_max_; }
  std::size_t nouns() const { return up_.size(); }

  // All that a thing called `noun` is too, itself among it: of "macaw" parrot, bird, animal. Empty
  // for a noun that is not known.
  const std::set<std::string>& wider(std::string_view noun) const;
  // All that may be said of an object of a kind: the noun of kinds.tsv, its synonyms, wider words.
  const std::set<std::string>& said_of_kind(std::string_view kind) const;
  bool is_scenery(std::string_view noun) const;  // sky, grass: what a wallpaper may show

 private:
  Lexicon();
  void add_noun(const std::string& singular, const std::string& plural, bool own = false);
  void add_grammar();
  void add_kinds();
  void add_things();
  void close();

  using Up = std::map<std::string, std::set<std::string>, std::less<>>;
  std::map<std::string, Word, std::less<>> words_;
  std::map<std::string, NounForm, std::less<>> forms_;
  Up up_;
  Up of_kind_;
  std::set<std::string, std::less<>> scenery_;
  std::size_t words_max_ = 1;
};

// "boxes", "cups of tea", "wolves": by rule, and a few by heart.
std::string plural_of(std::string_view noun);

}  // namespace kale::evaluate
