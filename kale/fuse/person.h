// Whether a title names the person whom a caption shows. A name in capitals proves nothing: "Los
// Angeles" and "Louis Vuitton" are written like one. A given name or a title before it does.
// Threads  free functions, safe
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace kale {

bool is_given_name(std::string_view word);  // given_names.txt
bool is_place_word(std::string_view word);  // "Lake", "Street" (place_words.txt)

// `who`: one name or several with "and" between; each has to be proven. `seen_as`: what the caption
// calls them ("man"), which a woman's name contradicts. `common`: stems of words that are no names.
bool names_person(std::string_view who, std::string_view seen_as,
                  const std::set<std::string>& common);

// A baby is in most pictures not what the title names, a couple or a team never one person.
bool can_have_one_name(std::string_view seen_as);

}  // namespace kale
