#include "kale/world/tell/entities.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "kale/core/ascii.h"
#include "kale/core/check.h"
#include "kale/text/lists.h"
#include "kale/world/tell/grammar.h"
#include "kale/world/tell/nouns.h"
#include "kale/world/tell/texts.h"

namespace kale::world {
namespace {

struct Sizes {
  int given, surnames, countries, places, makers, brands, series, events, sites;
};
// Train, validation, test.
constexpr std::array<Sizes, 3> kSizes{Sizes{90, 160, 24, 160, 120, 90, 90, 80, 12},
                                      Sizes{24, 40, 8, 40, 30, 24, 24, 20, 4},
                                      Sizes{24, 40, 8, 40, 30, 24, 24, 20, 4}};
constexpr int kIndexStep = 1000;  // more than any table holds
constexpr int kDrawsMax = 400;    // for one name that is not taken yet
constexpr int kFirstYear = 1921, kLastYear = 2023;

constexpr std::array<std::string_view, 5> kStories{"artist", "photographer", "brand", "event",
                                                   "publisher"};
constexpr std::array<std::string_view, 12> kMonths{"January",   "February", "March",    "April",
                                                   "May",       "June",     "July",     "August",
                                                   "September", "October",  "November", "December"};

const Grammar& name_sounds() {
  static const Grammar grammar(world_tell_texts::names);
  return grammar;
}
const Grammar& title_words() {
  static const Grammar grammar(world_tell_texts::titles);
  return grammar;
}

template <class T>
const T& pick(const std::vector<T>& items, Rng& rng) {
  return items[rng.below(items.size())];
}

std::string date_in(int first_year, int last_year, bool exact, Rng& rng) {
  int year = first_year + static_cast<int>(rng.below(last_year - first_year + 1));
  std::string_view month = kMonths[rng.below(kMonths.size())];
  if (exact) return fmt::format("{} {} {}", 1 + rng.below(28), month, year);
  return rng.below(5) == 0 ? fmt::format("{} {}", month, year) : std::to_string(year);
}

// Makes the nations of a world one after the other; no name is given twice.
class Founder {
 public:
  explicit Founder(std::uint64_t world_seed) : rng_(mix_seeds(world_seed, 0x6e616d6573)) {}

  Nation found(Split split) {
    const Sizes& sizes = kSizes[static_cast<std::size_t>(split)];
    Nation nation;
    nation.first_index = static_cast<int>(split) * kIndexStep;
    nation.countries = names("country", sizes.countries);
    for (const std::string& name : names("place", sizes.places)) {
      nation.places.push_back({name, pick(nation.countries, rng_)});
    }
    std::vector<std::string> given = names("given", sizes.given);
    std::vector<std::string> surnames = names("surname", sizes.surnames);
    nation.artists = persons(given, surnames, sizes, nation);
    nation.photographers = persons(given, surnames, sizes, nation);
    for (const std::string& name : names("brand", sizes.brands)) {
      nation.brands.push_back(maker(name, nation));
    }
    nation.series = names("series", sizes.series);
    nation.sites = names("site", sizes.sites);
    found_events(nation, sizes.events);
    found_publishers(nation);
    std::vector<std::string> ends = list_lines(world_tell_texts::title_ends);
    for (std::size_t at = static_cast<std::size_t>(split); at < ends.size(); at += 3) {
      nation.title_ends.push_back(ends[at]);
    }
    return nation;
  }

 private:
  std::string fresh(std::string_view rule, const Slots& slots, const Grammar& grammar) {
    for (int draw = 0; draw < kDrawsMax; ++draw) {
      std::string name = grammar.say(rule, slots, rng_).text;
      if (find_kind(lower_ascii(name)) == nullptr && taken_.insert(lower_ascii(name)).second)
        return name;
    }
    KALE_CHECK(false, fmt::format("too few names for <{}> in names.txt or titles.txt", rule));
    return {};
  }

  std::vector<std::string> names(std::string_view rule, int count) {
    std::vector<std::string> made;
    for (int at = 0; at < count; ++at) made.push_back(fresh(rule, {}, name_sounds()));
    return made;
  }

  Maker maker(std::string name, const Nation& nation) {
    int first = kFirstYear + static_cast<int>(rng_.below(80));
    int last = std::min(kLastYear, first + 4 + static_cast<int>(rng_.below(25)));
    return {std::move(name), static_cast<int>(rng_.below(nation.places.size())), first, last};
  }

  std::vector<Maker> persons(const std::vector<std::string>& given,
                             const std::vector<std::string>& surnames, const Sizes& sizes,
                             const Nation& nation) {
    std::vector<Maker> made;
    while (static_cast<int>(made.size()) < sizes.makers) {
      std::string name = pick(given, rng_) + " " + pick(surnames, rng_);
      if (taken_.insert(lower_ascii(name)).second) made.push_back(maker(std::move(name), nation));
    }
    return made;
  }

  void found_events(Nation& nation, int count) {
    for (int at = 0; at < count; ++at) {
      auto place = static_cast<int>(rng_.below(nation.places.size()));
      Slots slots;
      slots.set("place", nation.places[static_cast<std::size_t>(place)].name);
      std::string name = fresh("event", slots, title_words());
      nation.events.push_back({std::move(name), place, date_in(1960, kLastYear, true, rng_)});
    }
  }

  void found_publishers(Nation& nation) {
    for (std::size_t at = 0; at < nation.countries.size() * 2; ++at) {
      auto index = static_cast<int>(rng_.below(nation.places.size()));
      const Place& place = nation.places[static_cast<std::size_t>(index)];
      Slots slots;
      slots.set("place", place.name);
      slots.set("country", place.country);
      Maker made = maker(fresh("publisher", slots, title_words()), nation);
      made.place = index;
      nation.publishers.push_back(std::move(made));
    }
  }

  Rng rng_;
  std::set<std::string> taken_;  // in small letters
};

Story draw_story(const Scene& scene, Rng& rng) {
  auto drawn = rng.below(100);
  switch (scene.layout) {
    case Layout::kTable:
    case Layout::kChart:
    case Layout::kPage:
      return Story::kPublisher;
    case Layout::kPrice:
      return Story::kBrand;
    case Layout::kSign:
      return drawn < 50 ? Story::kEvent : Story::kPhotographer;
    case Layout::kObjects:
      break;
  }
  if (drawn < 20) return Story::kEvent;
  if (drawn < 40) return Story::kBrand;
  if (scene.style == "photo") return Story::kPhotographer;
  return Story::kArtist;
}

std::string draw_title(const Nation& nation, Rng& rng) {
  Slots slots;
  slots.set("end", pick(nation.title_ends, rng));
  return title_words().say("title", slots, rng).text;
}

}  // namespace

std::uint64_t mix_seeds(std::uint64_t one, std::uint64_t other) {
  return Rng(Rng(one).next() ^ (other * 0x9e3779b97f4a7c15ULL)).next();
}

std::string story_name(Story story) {
  return std::string(kStories[static_cast<std::size_t>(story)]);
}

Story story_of(const Knowledge& knowledge) {
  std::string_view word = std::string_view(knowledge.entity).substr(0, knowledge.entity.find('/'));
  const auto* found = std::ranges::find(kStories, word);
  KALE_CHECK(found != kStories.end(), fmt::format("\"{}\" is no entity", knowledge.entity));
  return static_cast<Story>(found - kStories.begin());
}

Entities::Entities(std::uint64_t world_seed) : world_seed_(world_seed) {
  Founder founder(world_seed);
  for (Split split : {Split::kTrain, Split::kValidation, Split::kTest}) {
    nations_.push_back(founder.found(split));
  }
}

Knowledge Entities::know(const Scene& scene, std::uint64_t salt) const {
  Rng rng(mix_seeds(mix_seeds(world_seed_, scene.seed), 0x6b6e6f77 + salt));
  const Nation& home = nation(scene.split);
  Story story = draw_story(scene, rng);
  Knowledge known;
  auto settle = [&](int place) {
    known.place = home.places[static_cast<std::size_t>(place)].name;
    known.country = home.places[static_cast<std::size_t>(place)].country;
  };
  auto number = [&](std::size_t size) {
    auto index = static_cast<int>(rng.below(size));
    known.entity = fmt::format("{}/{}", story_name(story), home.first_index + index);
    return static_cast<std::size_t>(index);
  };
  if (story == Story::kEvent) {
    const Event& event = home.events[number(home.events.size())];
    known.event = event.name;
    known.date = event.date;
    settle(event.place);
    if (rng.below(2) == 0) known.maker = pick(home.photographers, rng).name;
    return known;
  }
  const auto& makers = story == Story::kArtist         ? home.artists
                       : story == Story::kPhotographer ? home.photographers
                       : story == Story::kBrand        ? home.brands
                                                       : home.publishers;
  const Maker& maker = makers[number(makers.size())];
  known.maker = maker.name;
  known.date = date_in(maker.first_year, maker.last_year, false, rng);
  settle(maker.place);
  if (story == Story::kArtist || (story == Story::kPhotographer && rng.below(3) == 0)) {
    known.title = draw_title(home, rng);
  }
  if (story == Story::kBrand) {
    Slots slots;
    slots.set("series", pick(home.series, rng));
    known.title = name_sounds().say("model", slots, rng).text;
  }
  return known;
}

}  // namespace kale::world
