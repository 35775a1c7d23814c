// The letters of ASCII, for names of files and for what formats spell in them; text of people is
// kale/text's.
// Threads  free functions, safe
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace kale {

// Bytes outside ASCII stay as they are, whatever the locale.
inline std::string lower_ascii(std::string_view text) {
  std::string low(text);
  std::transform(low.begin(), low.end(), low.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return low;
}

}  // namespace kale
