// Phrases that stand for things in a scene: "a red bird", "the two cars", "the other one".
// What they say is true of every thing they stand for, and "the" is said only where it is clear
// which one is meant.
// Threads  immutable; refers to the Look that it was made from
#pragma once

#include <set>
#include <string>
#include <vector>

#include "kale/core/rng.h"
#include "kale/world/tell/look.h"

namespace kale::world {

class Phrases {
 public:
  // `names`: the names of objects that may be said; the others are called by their kind.
  Phrases(const Look& look, std::set<std::string> names);

  // Members are of one kind. "a bird", "two red birds", "the flags of Norway and Chad".
  std::string indefinite(const Members& members, bool with_colours, Rng& rng) const;
  // "the bird", "both birds", "the red bird", "one of the birds".
  std::string definite(const Members& members, Rng& rng) const;
  // "the animal" where nothing else is one; empty otherwise.
  std::string by_hypernym(const Members& members) const;
  // All groups: "two birds, a car and an apple".
  std::string all(const std::vector<const Group*>& groups, bool with_colours, Rng& rng) const;

  bool is_plural(const Members& members) const;
  // "red", "red and black", "mainly red"; empty where the members share none.
  std::string colours(const Members& members, Rng& rng) const;

  const std::set<std::string>& names() const { return names_; }

 private:
  bool is_named(int object) const;
  std::string one_name(const Members& members, bool with_colours, bool others, Rng& rng) const;

  const Look& look_;
  std::set<std::string> names_;
};

// What a thing with this name is called behind an article: "Magellanic penguin", "flag of Norway",
// "planet Saturn", "pair of jeans".
std::string named_noun(const std::string& kind, const std::string& name);

}  // namespace kale::world
