// What a scene shows, before any of it has a place: the choice of parts, words and background.
// Threads  safe
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "kale/core/rng.h"
#include "kale/world/parts/catalogue.h"
#include "kale/world/scene/scene.h"

namespace kale::world {

inline constexpr int kObjectsMax = 7;

struct Chosen {
  const Part* part = nullptr;
  std::optional<std::string> tint;
};

struct Contents {
  Layout layout = Layout::kObjects;
  std::vector<Chosen> objects;
  bool standing = false;               // the second object stands on the first
  std::vector<Text> texts;             // their words, roles, rows and columns
  std::vector<std::string> sentences;  // of a page, to be broken into lines
  std::optional<Chart> chart;
  std::string background;  // "plain", "gradient", "paper", "wallpaper"
  const Wallpaper* wallpaper = nullptr;
  Spoiling spoiling;
};

// The parts of one split as scenes choose among them.
class Choice {
 public:
  explicit Choice(const Shelf& shelf);  // which must outlive this

  Contents contents(Rng& rng) const;
  const Font& font(Rng& rng, bool small) const;

 private:
  const Part& part(Rng& rng, const std::string& style) const;
  std::vector<Chosen> parts(Rng& rng, int count) const;

  const Shelf& shelf_;
  std::vector<const Part*> flags_;
  // By "photo", "drawing" and "mixed": kinds, each with its parts.
  std::map<std::string, std::vector<std::vector<const Part*>>, std::less<>> by_style_;
  std::vector<std::vector<const Part*>> carriers_, standers_;
  std::vector<const Font*> small_fonts_;
};

// A scene that shows these contents, unmeasured: names, kinds and words alone.
Scene told_of(const Contents& contents, Split split);

}  // namespace kale::world
