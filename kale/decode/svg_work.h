// How much work an SVG would be to draw, counted before anything is drawn: a few hundred bytes can
// ask for millions of parts by using parts that use parts.
// Threads  free functions, no shared state
// Units    elements as drawn, repeats included; what takes longer counts as more of them: a long
//          path, text, patterns, masks, embedded pictures
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kale {

struct SvgWorkLimits {
  std::int64_t elements_max = 0;
  std::int64_t filters_max = 0;  // filter primitives as run, each octave of turbulence counted
};

// Why the document must not be drawn, in our own words; nullopt where it may. The document has no
// DOCTYPE, and svg_danger() had nothing to say about it.
std::optional<std::string> svg_excess(std::string_view document, const SvgWorkLimits& limits);

}  // namespace kale
