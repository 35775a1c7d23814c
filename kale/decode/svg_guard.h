// Is this SVG safe to render? It may refer to its own parts and to small pictures inside itself,
// and to nothing else. A plain DOCTYPE is cut out, because many old drawings carry one and none of
// them need it; entities are refused.
// Threads  free functions, no shared state
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kale {

// Where the root's '<' is; npos when the first element is no <svg>.
std::size_t svg_root(std::string_view bytes);

// Past byte order mark, declaration, comments and DOCTYPE, the first element is <svg> or <x:svg>.
bool starts_as_svg(std::string_view bytes);

struct SvgLimits {
  std::int64_t embedded_pixels_max = 0;  // of all pictures in data: URLs together
};

// Why the document must not be rendered, in our own words; nullopt where it may.
std::optional<std::string> svg_danger(std::string_view bytes, const SvgLimits& limits);

// The document without its DOCTYPE declaration. Call after svg_danger() had nothing to say.
std::string svg_without_doctype(std::string_view bytes);

}  // namespace kale
