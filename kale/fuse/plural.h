// Number: "It is red and takes up a third." -> "They are red and take up a third." after two boars.
// Threads  free functions, safe
#pragma once

#include <string>
#include <string_view>

namespace kale {

// Whether a title names several things, as `fused` puts it: by a number word, "some", "a pair of",
// or as a noun in the plural without an article ("Penguins"; a capital kept in `fused` is a name).
bool names_several(std::string_view title, std::string_view fused);

// Where `title` stands in it, "two boars is shown" -> "two boars are shown" and "shows a holly
// leaves" -> "shows holly leaves".
std::string as_several(std::string_view fused, std::string_view title);

// Speaks of several what `sentence` says of "it"; what it says of other things stays.
std::string of_several(std::string_view sentence);

}  // namespace kale
