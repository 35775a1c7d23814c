// Colours of drawn things by the names of world/scene/colours.h, counted from their pixels.
// A pixel's name is that of kale/colour; beige, which is no name here, is brown where it is dark
// and no colour's where it is light.
// Threads  safe
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kale/world/scene/colours.h"

namespace kale::world {

// A thing's colour covers at least this share of it; black at least kOutlineShare where the thing
// is a drawing, whose outlines nobody names.
inline constexpr double kColourShare = 0.15;
inline constexpr double kOutlineShare = 0.3;
inline constexpr std::size_t kColoursMax = 3;

struct Rgb {
  std::uint8_t r = 0, g = 0, b = 0;
};

class ColourCount {
 public:
  void add(const std::uint8_t* rgb) { ++counts_[index_of(rgb)]; }
  std::uint64_t pixels() const;
  // What people would say, the largest share first; empty where the largest has no name.
  std::vector<std::string> main_colours(bool outlined) const;
  // The name of the largest share, whatever its share; light beige is white.
  std::string largest() const;

 private:
  static constexpr std::size_t kUnnamed = kColours.size();
  static std::size_t index_of(const std::uint8_t* rgb);
  std::array<std::uint64_t, kColours.size() + 1> counts_ = {};
};

// A paint whose name is certain: kPaints[i] is called kColours[i].
inline constexpr std::array<Rgb, kColours.size()> kPaints = {
    Rgb{18, 18, 20},   Rgb{250, 250, 250}, Rgb{128, 128, 130}, Rgb{205, 30, 35},
    Rgb{245, 130, 20}, Rgb{250, 215, 30},  Rgb{40, 150, 60},   Rgb{30, 90, 205},
    Rgb{125, 45, 160}, Rgb{240, 120, 175}, Rgb{110, 65, 30}};
Rgb paint(std::string_view colour);  // a bug for a word that is no colour

}  // namespace kale::world
