// What may be said about a picture, and how surely: the facts with their doubts weighed, before any
// words are chosen. A class that is too uncertain to name is spoken of by its kind ("a bird"), a
// kind that is too uncertain not at all.
// Source   statements in words from measured facts: Socratic Models, arXiv 2204.00598
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kale/describe/class_groups.h"
#include "kale/describe/facts.h"

namespace kale::describe {

struct Thresholds {
  double sure = 0.7;     // from here on stated flatly
  double unsure = 0.35;  // from here on named with a hedge
};

struct Plan {
  std::string flat;    // noun phrase that may be stated as it is: "a king penguin", "a bird"
  std::string hedged;  // noun phrase that needs a hedge: "a king penguin"; either may be empty
  bool hedged_likely = false;        // "probably" rather than "perhaps"
  std::vector<std::string> colours;  // of the subject, largest first, at most three
  std::string colour_extent;         // "all", "most", "mixed": how far the first colour goes
  // Where the border is of one colour, what is unlike it is the subject, and can be placed; where
  // it is not, the colours are those of the whole picture, and these stay empty.
  std::string background;   // colour name
  std::string position;     // "centre", "left", "top left", ...
  std::string size;         // "whole", "most", "half", "third", "quarter", "fifth", "small": share
  std::string orientation;  // "portrait", "landscape", "square"
  std::string kind;         // "photograph", "drawing", "unsure"
  std::string brightness;   // "dark" or "bright"; an ordinary one is not worth a word
  std::string text;         // what can be read, on one line, as it is to be quoted
  bool text_cut = false;    // more can be read than is quoted
};

Plan make_plan(const Facts& facts, std::string_view ocr_text, const ClassGroups& groups,
               const Thresholds& thresholds);

}  // namespace kale::describe
