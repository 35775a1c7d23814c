// CHAIR: which of COCO's objects captions mention, and which of those are not in the picture.
// Paper    Rohrbach et al., arXiv 1809.02156; words as its reference implementation matches them
// Errors   kCorrupt names the line of a synonym list
// Threads  const after construction
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kale/core/result.h"

namespace kale {

struct ChairCaption {
  std::string id;
  std::string caption;
  std::set<std::string> objects;  // what is in the picture, by the first word of a synonym line
};

struct ChairVerdict {
  std::vector<std::string> mentioned;     // objects, in the order of the caption, repeats included
  std::vector<std::string> hallucinated;  // those of them that are not in the picture
  std::int64_t objects_named = 0;         // distinct objects of the picture that are mentioned
};

struct ChairReport {
  double chair_s = 0;  // captions with a hallucinated object
  double chair_i = 0;  // hallucinated of all objects mentioned
  double recall = 0;   // objects of the pictures that are mentioned
  std::vector<ChairVerdict> captions;
};

class Chair {
 public:
  // `synonyms`: lines of words that mean one object, separated by commas, the object's name first.
  static Result<Chair> from_synonyms(std::string_view synonyms);

  ChairVerdict judge(const ChairCaption& caption) const;
  ChairReport score(std::span<const ChairCaption> captions) const;

 private:
  Chair() = default;
  std::map<std::string, std::string, std::less<>> object_of_;  // a word or pair of words -> object
};

}  // namespace kale
