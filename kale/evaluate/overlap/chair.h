// CHAIR: which of COCO's objects captions mention, and which of those are not in the picture.
// Paper    Rohrbach et al. (arXiv 1809.02156), with words read as lmms-eval's coco_cap_chair does
//          but every word as a noun: it has a tagger, for which "seated" may be the verb of "seat"
// Errors   kCorrupt names the line of a synonym list
// Threads  const after construction
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "kale/core/result.h"

namespace kale {

struct ChairCaption {
  std::string caption;
  std::set<std::string> objects;  // what is in the picture, by the first word of a synonym line
};

struct ChairVerdict {
  std::vector<std::string> mentioned;     // objects, in the order of the caption, repeats included
  std::vector<std::string> hallucinated;  // those of them that are not in the picture
  std::int64_t objects_named = 0;         // distinct objects of the picture that are mentioned
};

struct ChairReport {
  double chair_s = 0;  // share of captions with a hallucinated object
  double chair_i = 0;  // share of mentions that are hallucinated
  double recall = 0;   // share of the pictures' objects that are mentioned
  std::vector<ChairVerdict> captions;
};

class Chair {
 public:
  // `synonyms`: lines of words that mean one object, separated by ", ", the object's name first:
  // the file data/synonyms.txt of the paper's authors, which this repository does not hold.
  static Result<Chair> from_synonyms(std::string_view synonyms);

  ChairVerdict judge(const ChairCaption& caption) const;
  ChairReport score(std::span<const ChairCaption> captions) const;

 private:
  Chair();
  std::string singular(const std::string& word) const;
  std::vector<std::string> object_words(std::string_view caption) const;

  std::unordered_map<std::string, std::string> object_of_;  // a word or pair of words -> object
  std::set<std::string> words_;                             // of those, one by one
  std::unordered_map<std::string, std::string> pairs_;      // two words -> what they count as
  std::unordered_map<std::string, std::string> irregular_;  // kept ones map to themselves
};

}  // namespace kale
