// The text file beside a picture: the first line is its alt-text, further lines of the form
// `de.utf8=Ein Pinguin.` are the same in other languages (the form of Tux Paint's stamps).
// Rows     kEmptyAltText, kNotUtf8, kControlChars
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kale/core/outcome.h"

namespace kale {

struct Sidecar {
  Outcome outcome = On{};                                // On or Dropped
  std::string alt_text;                                  // empty unless On
  std::vector<std::optional<std::string>> translations;  // beside `languages`; null: none or broken
};

Sidecar parse_sidecar(std::string_view bytes, const std::vector<std::string>& languages);

}  // namespace kale
