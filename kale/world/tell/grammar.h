// A weighted grammar that sentences are made with: rules in a text file, values from the caller.
//
//   opening                      a rule: a line that does not begin with a blank
//     @3 {style} of {list}.      an alternative, three times as likely as one without a weight
//     <hello>, [there|here] {birds:is|are} two. {?photo}
//
//   <rule>             the words of another rule
//   {slot}             a value. An alternative with a value that was not given is never chosen
//   {slot:is|are}      the first where the value is singular, the second where it is plural
//   {?slot}  {!slot}   prints nothing; asks that the value is given, or that it is not
//   [a|b|]             one of these by chance; may hold all of the above
//   \[ \< \{ \|        the character itself
//
// Blank lines and lines that begin with '#' are skipped.
// Errors   grammars are part of the program: a bad one is a bug, and the check names its line
// Threads  immutable; say() is safe from many threads
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "kale/core/rng.h"

namespace kale::world {

// What may be said, by name. Values that begin or end with a quotation mark are quotations.
class Slots {
 public:
  void set(std::string_view name, std::string value, bool plural = false);
  void flag(std::string_view name, bool on = true);  // for {?name}
  void drop(std::string_view name);

  struct Value {
    std::string text;
    bool plural = false;
  };
  const Value* find(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, Value>> values_;  // few: a search in order is fastest
};

// Words, and the slots whose values they hold or that {?slot} asked for.
struct Said {
  std::string text;
  std::vector<std::string> used;
  bool holds(std::string_view slot) const;
};

class Grammar {
 public:
  explicit Grammar(std::string_view text);
  ~Grammar();
  Grammar(Grammar&&) noexcept;

  bool can_say(std::string_view rule, const Slots& slots) const;
  // Empty where can_say() is false. Blanks are tidied and articles set right; see tidy_words().
  Said say(std::string_view rule, const Slots& slots, Rng& rng) const;

  // All words that stand in the grammar itself, for tests.
  std::vector<std::string> own_words() const;

  struct Node;
  struct Rule;

 private:
  const Rule& rule(std::string_view name) const;

  std::vector<Rule> rules_;
  std::map<std::string, int, std::less<>> index_;
};

// Single blanks, none before a comma or a point, and "a" or "an" by the sound of the next word.
// What stands between double quotation marks stays as it is.
std::string tidy_words(std::string_view text);

// A tidied sentence with a capital first letter.
std::string as_sentence(std::string_view text);

}  // namespace kale::world
