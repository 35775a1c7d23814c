// Durations for people.
// Threads  free functions, safe
#pragma once

#include <fmt/format.h>

#include <string>

namespace kale {

// "2:30", "1:02:03"
inline std::string duration_text(double seconds) {
  const auto whole = static_cast<long>(seconds + 0.5);
  if (whole >= 3600)
    return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

}  // namespace kale
