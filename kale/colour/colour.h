// Colours as people name them. Measured in OKLab, where equal steps look equal and hues stay put.
// Source   B. Ottosson, "A perceptual color space for image processing", 2020
// Threads  free functions, no shared state
// Units    lightness 0 to 1; chroma 0 to about 0.32 within sRGB; hue in degrees, 0 to 360
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace kale {

struct Lab {
  float lightness = 0;
  float a = 0;
  float b = 0;
};

Lab to_lab(std::span<const std::uint8_t> rgb);  // rgb [3]
float lab_distance(const Lab& left, const Lab& right);

enum class BasicColour {
  kBlack,
  kWhite,
  kGrey,
  kRed,
  kOrange,
  kYellow,
  kGreen,
  kBlue,
  kPurple,
  kPink,
  kBrown,
  kBeige,
};
inline constexpr int kBasicColours = 12;

BasicColour name_colour(const Lab& lab);
// What a colour may be the shadow of: the dark side of an orange, of a lemon, the sheen of a fur.
std::optional<BasicColour> shaded_colour(const Lab& lab);
bool is_foliage(const Lab& lab);           // a clear green or olive
bool is_shade_of_foliage(const Lab& lab);  // what the inside of a tree may look like
bool is_pale(const Lab& lab);              // without colour, or faintly green or blue; not dark
bool is_shade_of_white(const Lab& lab);    // what a white thing's shaded side may look like
std::string_view colour_name(BasicColour colour);  // "black"

}  // namespace kale
