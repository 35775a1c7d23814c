#include "kale/see/tally.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>

namespace kale {
namespace {

constexpr double kColourShareMin = 0.04;
constexpr std::size_t kColoursMax = 5;

// A white thing in a photograph: much of it without colour, and of that so much this light.
constexpr double kPaleShareMin = 0.5;
constexpr double kLitShareMin = 0.175;
constexpr double kFoliageShareMin = 0.1;
constexpr double kYellowShareMax = 0.2;  // else the olive is the shade of a yellow thing
constexpr float kLitLightness = 0.835F;

using Counts = std::array<int, kBasicColours>;

int& count_of(Counts& counts, BasicColour colour) {
  return counts[static_cast<std::size_t>(colour)];
}

// What the whole subject says about the doubtful colours in it.
struct Light {
  bool white = false;    // its pale greys are shade on white
  bool foliage = false;  // its olive greys are shade on leaves
};

Light light_of(const Scan& scan, const std::vector<bool>& mask) {
  int total = 0;
  int pale = 0;
  int lit = 0;
  int foliage = 0;
  int yellow = 0;
  for (std::size_t i = 0; i < mask.size(); ++i) {
    if (!mask[i]) continue;
    ++total;
    foliage += is_foliage(scan.lab[i]);
    yellow += name_colour(scan.lab[i]) == BasicColour::kYellow;
    if (!is_pale(scan.lab[i])) continue;
    ++pale;
    lit += scan.lab[i].lightness >= kLitLightness;
  }
  return {.white = pale >= kPaleShareMin * total && lit >= kLitShareMin * pale,
          .foliage = foliage >= kFoliageShareMin * total && yellow <= kYellowShareMax * total};
}

std::optional<BasicColour> lit_colour(const Lab& lab, const Light& light) {
  if (light.white && is_shade_of_white(lab)) return BasicColour::kWhite;
  if (light.foliage && is_shade_of_foliage(lab)) return BasicColour::kGreen;
  return std::nullopt;
}

// Colours by name. What may be the shadow of a colour is that where half as much of the colour
// itself is seen, else it keeps its own name.
Counts count_names(const Scan& scan, const std::vector<bool>& mask, const Light& light) {
  Counts plain = {};
  std::array<Counts, kBasicColours> shaded = {};  // [what it may be the shadow of][its own name]
  for (std::size_t i = 0; i < mask.size(); ++i) {
    if (!mask[i]) continue;
    const Lab& lab = scan.lab[i];
    if (auto known = lit_colour(lab, light)) {
      ++count_of(plain, *known);
      continue;
    }
    auto lit = shaded_colour(lab);
    ++count_of(lit ? shaded[static_cast<std::size_t>(*lit)] : plain, name_colour(lab));
  }
  Counts counts = plain;
  for (BasicColour lit : {BasicColour::kOrange, BasicColour::kYellow, BasicColour::kBrown}) {
    const Counts& own = shaded[static_cast<std::size_t>(lit)];
    int sum = std::accumulate(own.begin(), own.end(), 0);
    int named = own[static_cast<std::size_t>(lit)];
    if (2 * (count_of(plain, lit) + named) >= sum) {
      count_of(counts, lit) += sum;
    } else {
      for (std::size_t i = 0; i < own.size(); ++i) counts[i] += own[i];
    }
  }
  return counts;
}

}  // namespace

std::vector<ColourShare> count_colours(const Scan& scan, const std::vector<bool>& mask,
                                       bool textured) {
  Counts counts = count_names(scan, mask, textured ? light_of(scan, mask) : Light{});
  int total = std::max(1, std::accumulate(counts.begin(), counts.end(), 0));
  std::vector<ColourShare> colours;
  for (int i = 0; i < kBasicColours; ++i) {
    double share = static_cast<double>(counts[static_cast<std::size_t>(i)]) / total;
    if (share >= kColourShareMin) colours.push_back({static_cast<BasicColour>(i), share});
  }
  std::stable_sort(colours.begin(), colours.end(),
                   [](const auto& l, const auto& r) { return l.share > r.share; });
  if (colours.size() > kColoursMax) colours.resize(kColoursMax);
  return colours;
}

}  // namespace kale
