// Finds what a piece of CSS refers to: url(#id) and the filters that are written as functions.
// Threads  free functions, no shared state
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kale {

struct StyleReference {
  std::string id;          // of url(#id); empty for a filter function such as blur(2)
  bool inherited = true;   // parts inside are painted with it too: not filter, mask, clip-path
  bool on_points = false;  // drawn at every point of a path: the markers
  std::vector<std::string> words;  // of the selector, for a style sheet
  bool everywhere = false;         // the selector is none that we can follow
};

// Of declarations as in style="...", or of a whole sheet. Where the text holds comments or odd
// strings, braces cannot be told apart from the outside, so everything counts as the worst case.
std::vector<StyleReference> style_references(std::string_view css, bool is_sheet);

}  // namespace kale
