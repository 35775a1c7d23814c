#include "kale/see/colour.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace kale {
namespace {

std::array<float, 256> make_linear() {
  std::array<float, 256> linear = {};
  for (std::size_t i = 0; i < 256; ++i) {
    double v = static_cast<double>(i) / 255.0;
    linear[i] = static_cast<float>(v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4));
  }
  return linear;
}

const std::array<float, 256> kLinear = make_linear();

// Colour words for one hue depend on how light and how strong it is: a dark orange is brown, a pale
// one beige, a pale red pink.
BasicColour name_warm(float lightness, float chroma, float hue) {
  bool pale = chroma < 0.09F;
  if (hue < 40) {
    if (hue < 15 && lightness > 0.55F) return BasicColour::kPink;
    if (lightness > 0.72F) return pale && hue > 30 ? BasicColour::kBeige : BasicColour::kPink;
    if (pale && hue > 20) return BasicColour::kBrown;
    return lightness < 0.42F && chroma < 0.13F && hue > 28 ? BasicColour::kBrown
                                                           : BasicColour::kRed;
  }
  if (pale) {
    if (hue > 100 && lightness < 0.7F) return BasicColour::kGreen;
    return lightness > 0.74F ? BasicColour::kBeige : BasicColour::kBrown;
  }
  if (hue < 80) return lightness < 0.62F ? BasicColour::kBrown : BasicColour::kOrange;
  if (lightness < 0.66F) return hue < 100 ? BasicColour::kBrown : BasicColour::kGreen;
  return BasicColour::kYellow;
}

}  // namespace

Lab to_lab(std::span<const std::uint8_t> rgb) {
  float r = kLinear[rgb[0]];
  float g = kLinear[rgb[1]];
  float b = kLinear[rgb[2]];
  float l = std::cbrt(0.4122214708F * r + 0.5363325363F * g + 0.0514459929F * b);
  float m = std::cbrt(0.2119034982F * r + 0.6806995451F * g + 0.1073969566F * b);
  float s = std::cbrt(0.0883024619F * r + 0.2817188376F * g + 0.6299787005F * b);
  return {0.2104542553F * l + 0.7936177850F * m - 0.0040720468F * s,
          1.9779984951F * l - 2.4285922050F * m + 0.4505937099F * s,
          0.0259040371F * l + 0.7827717662F * m - 0.8086757660F * s};
}

float lab_distance(const Lab& left, const Lab& right) {
  float lightness = left.lightness - right.lightness;
  float a = left.a - right.a;
  float b = left.b - right.b;
  return std::sqrt(lightness * lightness + a * a + b * b);
}

BasicColour name_colour(const Lab& lab) {
  float chroma = std::hypot(lab.a, lab.b);
  float lightness = lab.lightness;
  if (lightness < 0.28F && chroma < 0.06F) return BasicColour::kBlack;
  if (chroma < 0.03F) {
    if (lightness < 0.32F) return BasicColour::kBlack;
    return lightness > 0.91F ? BasicColour::kWhite : BasicColour::kGrey;
  }
  float hue = std::atan2(lab.b, lab.a) * 180.0F / std::numbers::pi_v<float>;
  if (hue < 0) hue += 360;
  if (hue < 113) return name_warm(lightness, chroma, hue);
  if (hue < 190) return BasicColour::kGreen;
  if (hue < 288) return BasicColour::kBlue;
  if (hue < 335) {
    return hue > 318 && lightness > 0.65F ? BasicColour::kPink : BasicColour::kPurple;
  }
  return lightness > 0.55F ? BasicColour::kPink
                           : (hue < 350 ? BasicColour::kPurple : BasicColour::kRed);
}

std::string_view colour_name(BasicColour colour) {
  constexpr std::array<std::string_view, kBasicColours> kNames = {
      "black", "white", "grey",   "red",  "orange", "yellow",
      "green", "blue",  "purple", "pink", "brown",  "beige"};
  return kNames[static_cast<std::size_t>(colour)];
}

}  // namespace kale
