#include "kale/yaml/nearest.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace kale {
namespace {

constexpr std::size_t kNameBytesMax = 64;  // longer ones are no mistyped name

// Levenshtein distance, one row of the table at a time.
std::size_t edits_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string hint(std::string_view given, const std::vector<std::string>& known) {
  if (known.empty()) return " (nothing is known here)";
  if (given.size() > kNameBytesMax) return fmt::format(" (known: {})", fmt::join(known, ", "));
  auto nearest = std::min_element(known.begin(), known.end(), [&](const auto& a, const auto& b) {
    return edits_between(given, a) < edits_between(given, b);
  });
  if (edits_between(given, *nearest) <= std::max<std::size_t>(2, given.size() / 3))
    return fmt::format(" (did you mean '{}'?)", *nearest);
  return fmt::format(" (known: {})", fmt::join(known, ", "));
}

std::string shown(std::string_view name) {
  std::string text(name.substr(0, kNameBytesMax));
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 32; }, '?');
  if (name.size() > kNameBytesMax) text += "...";
  return text;
}

}  // namespace kale
