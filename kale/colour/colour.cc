#include "kale/colour/colour.h"

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

struct Polar {
  float lightness = 0;
  float chroma = 0;
  float hue = 0;
};

Polar to_polar(const Lab& lab) {
  float hue = std::atan2(lab.b, lab.a) * 180.0F / std::numbers::pi_v<float>;
  return {lab.lightness, std::hypot(lab.a, lab.b), hue < 0 ? hue + 360 : hue};
}

constexpr float kPaleChroma = 0.09F;

constexpr float kFaintChroma = 0.05F;

bool is_warm(const Polar& p) { return p.hue < 75 || p.hue >= 345; }

// The chroma below which a colour is none. Shadows and distance tint grey blue, and white paper and
// feathers are seldom free of a cold tint, while fur and wood are brown with very little.
float grey_limit(const Polar& p) {
  if (p.lightness > 0.88F && p.hue >= 112 && p.hue < 285) return kFaintChroma;
  if (p.hue >= 190 && p.hue < (p.lightness < 0.62F ? 335 : 288)) return 0.045F;
  if (is_warm(p) && p.lightness < 0.62F) return 0.018F;
  return 0.03F;
}

BasicColour name_grey(const Polar& p) {
  if (p.lightness < 0.32F) return BasicColour::kBlack;
  return p.lightness > 0.88F ? BasicColour::kWhite : BasicColour::kGrey;
}

BasicColour name_red(const Polar& p) {
  bool pale = p.chroma < kPaleChroma;
  if (p.hue < 15 && p.lightness > 0.55F) return BasicColour::kPink;
  if (p.lightness > 0.72F) return pale && p.hue > 30 ? BasicColour::kBeige : BasicColour::kPink;
  if (pale && (p.hue > 20 || p.chroma < kFaintChroma)) return BasicColour::kBrown;
  bool maroon = p.lightness < 0.42F && p.chroma < 0.13F && p.hue > 28;
  return maroon ? BasicColour::kBrown : BasicColour::kRed;
}

// Colour words for one hue depend on how light and how strong it is: a dark orange is brown, a pale
// one beige.
BasicColour name_orange_to_yellow(const Polar& p) {
  if (p.chroma < kPaleChroma) {
    if (p.hue > 95 && p.chroma > 0.06F && p.lightness > 0.8F) return BasicColour::kYellow;
    if (p.hue > 100 && p.lightness < 0.7F) {
      return p.chroma > 0.045F ? BasicColour::kGreen : BasicColour::kGrey;
    }
    float beige = p.chroma < kFaintChroma ? 0.66F : 0.74F;
    return p.lightness > beige ? BasicColour::kBeige : BasicColour::kBrown;
  }
  if (p.hue < 80) return p.lightness < 0.62F ? BasicColour::kBrown : BasicColour::kOrange;
  if (p.lightness < 0.66F) return p.hue < 100 ? BasicColour::kBrown : BasicColour::kGreen;
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
  Polar p = to_polar(lab);
  if (p.lightness < 0.28F && p.chroma < 0.06F) return BasicColour::kBlack;
  if (p.chroma < grey_limit(p)) return name_grey(p);
  if (p.hue < 40) return name_red(p);
  if (p.hue < 113) return name_orange_to_yellow(p);
  if (p.hue < 190) return BasicColour::kGreen;
  if (p.hue < 288) return BasicColour::kBlue;
  if (p.hue < 335) {
    return p.hue > 318 && p.lightness > 0.65F ? BasicColour::kPink : BasicColour::kPurple;
  }
  if (p.lightness > 0.55F) return BasicColour::kPink;
  if (p.chroma < kFaintChroma) return BasicColour::kBrown;
  return p.hue < 350 ? BasicColour::kPurple : BasicColour::kRed;
}

std::optional<BasicColour> shaded_colour(const Lab& lab) {
  Polar p = to_polar(lab);
  if (is_warm(p) && p.lightness > 0.28F && p.lightness < 0.74F && p.chroma > 0.006F &&
      p.chroma < 0.03F) {
    return BasicColour::kBrown;
  }
  if (p.chroma < kPaleChroma || p.hue < 40 || p.hue >= 113) return std::nullopt;
  if (p.hue < 80) {
    return p.lightness < 0.62F ? std::optional(BasicColour::kOrange) : std::nullopt;
  }
  return p.lightness < 0.66F ? std::optional(BasicColour::kYellow) : std::nullopt;
}

bool is_foliage(const Lab& lab) {
  Polar p = to_polar(lab);
  return p.hue >= 100 && p.hue < 150 && p.chroma >= 0.05F && p.chroma < 0.13F;
}

bool is_shade_of_foliage(const Lab& lab) {
  Polar p = to_polar(lab);
  return p.hue >= 88 && p.hue < 150 && p.chroma >= 0.012F && p.lightness < 0.75F;
}

bool is_pale(const Lab& lab) {
  Polar p = to_polar(lab);
  bool cold = p.hue >= 98 && p.hue < 300;
  return p.lightness >= 0.5F && p.chroma < (cold ? 0.06F : 0.03F);
}

bool is_shade_of_white(const Lab& lab) { return lab.lightness >= 0.65F && is_pale(lab); }

std::string_view colour_name(BasicColour colour) {
  constexpr std::array<std::string_view, kBasicColours> kNames = {
      "black", "white", "grey",   "red",  "orange", "yellow",
      "green", "blue",  "purple", "pink", "brown",  "beige"};
  return kNames[static_cast<std::size_t>(colour)];
}

}  // namespace kale
