// The subject of a caption's sentence: "A red car" of "A red car with stripes is parked."
// A reading by word lists and endings, made for short captions; where it is unsure it says nothing.
// Threads  free functions, safe
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kale {

struct SubjectPhrase {
  std::size_t begin = 0;  // bytes in the sentence, article included
  std::size_t end = 0;
  std::string article;              // "A", "the", "Two"; may be empty
  std::vector<std::string> before;  // what stands between article and head: "red"
  std::string head;                 // "car"
  bool verb_follows = false;        // a finite verb, at once: "... is parked."
};

// Behind "a picture of", "a pair of" and the like, since those are no things.
std::optional<SubjectPhrase> subject_of(std::string_view sentence);

// A finite verb stands in it outside a relative clause: it is a sentence and no phrase.
bool is_clause(std::string_view sentence);

bool is_person_noun(std::string_view word);    // "man", "players"
bool is_scene_noun(std::string_view word);     // "room", "sky": parts of a picture, no things
bool is_frame_noun(std::string_view word);     // "view", "pair": what stands before "of"
bool ends_noun_phrase(std::string_view word);  // a stop word, but for the t of "t - shirt"
bool is_article(std::string_view word);        // "a", "the", "Two"
bool is_preposition(std::string_view word);

}  // namespace kale
