// The nouns of the proving ground: what a thing is called, what else it may be called, and what it
// is a kind of. kinds.tsv holds one a line: noun, plural, category, synonyms, hypernyms (comma
// separated). Composing, telling and judging share this table, so that a caption is judged by the
// words that a person would accept.
// Threads  immutable after the first call
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kale::world {

struct Kind {
  std::string noun;                    // "bird"
  std::string plural;                  // "birds"
  std::string category;                // "animal"
  std::vector<std::string> synonyms;   // means the same here: "birdie"
  std::vector<std::string> hypernyms;  // true of it, and less: "animal", "creature"
};

const std::vector<Kind>& kinds();              // by noun
const Kind* find_kind(std::string_view noun);  // nullptr where there is none

}  // namespace kale::world
