// The invented history of a world: who makes things, where, when, for what occasion. All names are
// made of sounds (names.txt), anew for each world, so that nothing about them can be known
// beforehand; within a world they are consistent: a place lies in one country, a maker works in
// one place and in certain years, an event has one place and one date.
//
// Countries are invented too. Real ones are what flags are named by; a place in a real country
// could be guessed by what is known of the world, or contradict it.
//
// Limits   named below; splits share no name: neither of persons (given names and surnames apart),
//          places, countries, makes, sites and events, nor titles
// Threads  immutable once made
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kale/core/rng.h"
#include "kale/world/scene/scene.h"

namespace kale::world {

// What a history is about; the first word of Knowledge::entity.
enum class Story { kArtist, kPhotographer, kBrand, kEvent, kPublisher };

std::string story_name(Story story);         // "artist"
Story story_of(const Knowledge& knowledge);  // of `entity`; a bad entity is a bug

struct Place {
  std::string name, country;
};

struct Maker {
  std::string name;
  int place = 0;  // index into places
  int first_year = 0, last_year = 0;
};

struct Event {
  std::string name;
  int place = 0;
  std::string date;
};

// The entities of one split.
struct Nation {
  std::vector<std::string> countries;
  std::vector<Place> places;
  std::vector<Maker> artists, photographers, brands, publishers;
  std::vector<Event> events;
  std::vector<std::string> sites;       // web sites that show pictures of others
  std::vector<std::string> series;      // of products
  std::vector<std::string> title_ends;  // the words that only this split's titles end in
  int first_index = 0;                  // of each table, so that "artist/17" is one in the world
};

class Entities {
 public:
  explicit Entities(std::uint64_t world_seed);

  // The history of a scene. Depends on (world's seed, scene.seed, split, layout, style); `salt`
  // gives another one of the same world.
  Knowledge know(const Scene& scene, std::uint64_t salt = 0) const;

  const Nation& nation(Split split) const { return nations_[static_cast<std::size_t>(split)]; }

 private:
  std::uint64_t world_seed_;
  std::vector<Nation> nations_;  // by Split
};

std::uint64_t mix_seeds(std::uint64_t one, std::uint64_t other);

}  // namespace kale::world
