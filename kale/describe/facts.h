// The facts column as a typed struct. What see could not measure is absent or empty here, and is
// then not spoken of.
// Errors   kCorrupt when the text is no JSON object or a field has another type than it should
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kale/core/result.h"

namespace kale::describe {

struct ClassGuess {
  std::string name;
  double probability = 0;
};

struct ColourShare {
  std::string name;
  double share = 0;  // of the subject's area
};

struct Facts {
  std::vector<ClassGuess> classes;   // descending
  std::vector<ColourShare> colours;  // of the subject, descending
  std::string background_colour;     // empty: not measured
  double background_share = 0;       // of the picture
  bool background_plain = false;
  std::string position;    // "centre", "left", "top left", ...; empty: not measured
  double area_share = -1;  // of the picture under the subject's box; -1: not measured
  std::string orientation;
  std::string kind;        // "photograph", "drawing", "unsure"
  std::string brightness;  // "dark", "medium", "bright"
};

Result<Facts> parse_facts(std::string_view json_text);

}  // namespace kale::describe
