#include "kale/decode/svg_units.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include "kale/decode/svg_guard.h"

namespace kale {
namespace {

constexpr std::string_view kSpaces = " \t\r\n";
constexpr std::string_view kNameEnds = " \t\r\n=/>";

std::string_view trimmed(std::string_view text) {
  std::size_t first = text.find_first_not_of(kSpaces);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(kSpaces) + 1 - first);
}

// "10mm" -> "37.7953"; nullopt for what is in pixels already, or relative, or no length.
std::optional<std::string> pixels_of(std::string_view length) {
  constexpr std::array<std::pair<std::string_view, double>, 6> kUnits = {{{"in", 96.0},
                                                                          {"cm", 96 / 2.54},
                                                                          {"mm", 96 / 25.4},
                                                                          {"Q", 96 / 101.6},
                                                                          {"pt", 96.0 / 72},
                                                                          {"pc", 96.0 / 6}}};
  length = trimmed(length);
  double value = 0;
  auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), value);
  if (error != std::errc() || !std::isfinite(value)) return std::nullopt;
  std::string_view unit = length.substr(static_cast<std::size_t>(end - length.data()));
  for (const auto& [name, pixels] : kUnits) {
    if (unit == name) return fmt::format("{:.6g}", value * pixels);
  }
  return std::nullopt;
}

}  // namespace

std::string svg_in_pixels(std::string_view document) {
  std::string out;
  std::size_t copied = 0;
  std::size_t at = document.find_first_of(kNameEnds, svg_root(document));
  while (at != document.npos) {
    std::size_t begin = document.find_first_not_of(kSpaces, at);
    std::size_t end = document.find_first_of(kNameEnds, begin);
    std::size_t equals = document.find_first_not_of(kSpaces, end);
    if (equals == document.npos || document[equals] != '=') break;  // the tag's end
    std::size_t open = document.find_first_not_of(kSpaces, equals + 1);
    if (open == document.npos || (document[open] != '"' && document[open] != '\'')) break;
    std::size_t close = document.find(document[open], open + 1);
    if (close == document.npos) break;
    std::string_view name = document.substr(begin, end - begin);
    if (name == "width" || name == "height") {
      if (auto pixels = pixels_of(document.substr(open + 1, close - open - 1))) {
        out += document.substr(copied, open + 1 - copied);
        out += *pixels;
        copied = close;
      }
    }
    at = close + 1;
  }
  out += document.substr(copied);
  return out;
}

}  // namespace kale
