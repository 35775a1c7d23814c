// Fields of a line of a table kept as text.
// Threads  functions are safe
#pragma once

#include <string_view>
#include <vector>

namespace kale::world {

// All fields, empty ones too, as views into `line`.
inline std::vector<std::string_view> split_at(std::string_view line, char mark) {
  std::vector<std::string_view> fields;
  for (;;) {
    const std::size_t end = line.find(mark);
    fields.push_back(line.substr(0, end));
    if (end == std::string_view::npos) return fields;
    line.remove_prefix(end + 1);
  }
}

}  // namespace kale::world
