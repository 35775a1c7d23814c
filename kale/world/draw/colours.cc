#include "kale/world/draw/colours.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "kale/colour/colour.h"
#include "kale/core/check.h"

namespace kale::world {
namespace {

constexpr float kLightBeige = 0.8F;

// Five bits a channel: naming one pixel costs cube roots, and a scene has fifty thousand.
constexpr std::size_t kLevels = 32;
using Names = std::array<std::uint8_t, kLevels * kLevels * kLevels>;

std::uint8_t name_index(const Lab& lab) {
  const BasicColour colour = name_colour(lab);
  if (colour != BasicColour::kBeige) {
    const auto* found = std::ranges::find(kColours, colour_name(colour));
    KALE_CHECK(found != kColours.end(), "a colour that colours.h lacks");
    return static_cast<std::uint8_t>(found - kColours.begin());
  }
  if (lab.lightness >= kLightBeige) return kColours.size();
  return static_cast<std::uint8_t>(std::ranges::find(kColours, "brown") - kColours.begin());
}

Names all_names() {
  Names names = {};
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto middle = [](std::size_t level) {
      return static_cast<std::uint8_t>(level * 255 / (kLevels - 1));
    };
    const std::array<std::uint8_t, 3> rgb = {middle(i / (kLevels * kLevels)),
                                             middle(i / kLevels % kLevels), middle(i % kLevels)};
    names[i] = name_index(to_lab(rgb));
  }
  return names;
}

}  // namespace

std::size_t ColourCount::index_of(const std::uint8_t* rgb) {
  static const Names names = all_names();
  const auto level = [](std::uint8_t value) { return static_cast<std::size_t>(value) >> 3; };
  return names[(level(rgb[0]) * kLevels + level(rgb[1])) * kLevels + level(rgb[2])];
}

std::uint64_t ColourCount::pixels() const {
  return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
}

std::vector<std::string> ColourCount::main_colours(bool outlined) const {
  std::vector<std::pair<std::uint64_t, std::size_t>> named;
  const auto all = static_cast<double>(pixels());
  for (std::size_t i = 0; i < kColours.size(); ++i) {
    const bool outline = outlined && kColours[i] == "black";
    const double least = all * (outline ? kOutlineShare : kColourShare);
    if (counts_[i] > 0 && static_cast<double>(counts_[i]) >= least)
      named.emplace_back(counts_[i], i);
  }
  std::ranges::stable_sort(named, std::ranges::greater(),
                           &std::pair<std::uint64_t, std::size_t>::first);
  if (named.empty() || counts_[kUnnamed] > named.front().first) return {};
  std::vector<std::string> colours;
  for (std::size_t i = 0; i < std::min(named.size(), kColoursMax); ++i)
    colours.emplace_back(kColours[named[i].second]);
  return colours;
}

std::string ColourCount::largest() const {
  const auto at = static_cast<std::size_t>(std::ranges::max_element(counts_) - counts_.begin());
  return std::string(at == kUnnamed ? "white" : kColours[at]);
}

Rgb paint(std::string_view colour) {
  const auto* found = std::ranges::find(kColours, colour);
  KALE_CHECK(found != kColours.end(), "no colour of colours.h");
  return kPaints[static_cast<std::size_t>(found - kColours.begin())];
}

}  // namespace kale::world
