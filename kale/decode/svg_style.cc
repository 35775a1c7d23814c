#include "kale/decode/svg_style.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "kale/core/ascii.h"

namespace kale {
namespace {

constexpr std::string_view kSpaces = " \t\r\n\f";

bool is_name(char c) {
  auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || std::isalnum(byte) || c == '-' || c == '_';
}

std::string_view trimmed(std::string_view text) {
  std::size_t first = text.find_first_not_of(kSpaces);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(kSpaces) + 1 - first);
}

bool is_odd(std::string_view css) {
  if (css.find("/*") != css.npos) return true;
  for (std::size_t at = css.find_first_of("\"'"); at != css.npos;) {
    std::size_t close = css.find(css[at], at + 1);
    if (close == css.npos) return true;
    std::string_view inside = css.substr(at + 1, close - at - 1);
    if (!std::all_of(inside.begin(), inside.end(), [](char c) {
          return is_name(c) || c == ' ' || c == ',' || c == '.' || c == '#';
        }))
      return true;
    at = css.find_first_of("\"'", close + 1);
  }
  return false;
}

bool is_filter_function(std::string_view name) {
  constexpr std::array<std::string_view, 10> kFunctions = {
      "blur",       "brightness", "contrast", "drop-shadow", "grayscale",
      "hue-rotate", "invert",     "opacity",  "saturate",    "sepia"};
  return std::find(kFunctions.begin(), kFunctions.end(), name) != kFunctions.end();
}

// `rest` begins behind "url(".
std::string target_of(std::string_view rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(kSpaces), rest.size()));
  bool quoted = rest.starts_with('"') || rest.starts_with('\'');
  std::string_view inside =
      quoted ? rest.substr(1, rest.find(rest[0], 1) - 1) : rest.substr(0, rest.find(')'));
  inside = trimmed(inside);
  return inside.starts_with('#') ? std::string(inside.substr(1)) : std::string();
}

void read_property(std::string_view low, std::size_t at, StyleReference& reference) {
  std::size_t begin = low.find_last_of(";{", at);
  begin = begin == low.npos ? 0 : begin + 1;
  std::string_view property = trimmed(low.substr(begin, low.find(':', begin) - begin));
  reference.inherited = property != "filter" && property != "mask" && property != "clip-path";
  reference.on_points = property.starts_with("marker");
}

void read_selector(std::string_view css, std::size_t at, StyleReference& reference) {
  std::size_t open = css.find_last_of('{', at);
  if (open == css.npos || open == 0) {
    reference.everywhere = true;
    return;
  }
  std::size_t begin = css.find_last_of("{};", open - 1);
  begin = begin == css.npos ? 0 : begin + 1;
  std::string word;
  for (char c : css.substr(begin, open - begin)) {
    if (is_name(c)) {
      word += c;
      continue;
    }
    if (!word.empty()) reference.words.push_back(std::exchange(word, {}));
    reference.everywhere |= std::string_view(" \t\r\n\f.#,>+~").find(c) == std::string_view::npos;
  }
  if (!word.empty()) reference.words.push_back(word);
  reference.everywhere |= reference.words.empty();
}

}  // namespace

std::vector<StyleReference> style_references(std::string_view css, bool is_sheet) {
  std::vector<StyleReference> found;
  const std::string low = lower_ascii(css);
  bool odd = is_odd(css);
  for (std::size_t at = low.find('('); at != low.npos; at = low.find('(', at + 1)) {
    std::size_t begin = at;
    while (begin > 0 && is_name(low[begin - 1])) --begin;
    std::string_view name = std::string_view(low).substr(begin, at - begin);
    StyleReference reference;
    if (name == "url") {
      reference.id = target_of(css.substr(at + 1));
      if (reference.id.empty()) continue;
    } else if (!is_filter_function(name)) {
      continue;
    }
    if (odd) {
      reference.on_points = low.find("marker") != low.npos;
      reference.everywhere = true;
    } else {
      read_property(low, at, reference);
      if (is_sheet) read_selector(css, at, reference);
    }
    found.push_back(std::move(reference));
  }
  return found;
}

}  // namespace kale
