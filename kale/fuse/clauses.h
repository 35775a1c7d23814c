// Main clause and sayings: "a subject that is red and fills the frame" is a thing, and two things
// said of it. A small model keeps a short main clause truly and loses or bends the rest, so the
// sayings are taken off as sentences of their own and never pass through it.
// Threads  free functions, safe
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kale {

inline constexpr std::string_view kNameMark = "[name]";

// What the caption could not name becomes "[name]" ("a subject", "a red and blue object",
// "something"). Returns what its colours say: "It is red and blue."; mostly nothing.
std::string mark_unnamed(std::string& sentence);

// Takes text quoted from the picture out of `sentence`, since a model may take it for orders: "a
// sign that reads "STOP"" leaves "a sign" and gives "It reads "STOP".".
std::string take_quoted(std::string& sentence);

// Takes from `sentence` what it says of the thing besides showing it: "This photo shows a bird
// that is red against a wall, and it fills the frame." leaves "This photo shows a bird against a
// wall." and gives "It is red. It fills the frame."
std::string take_sayings(std::string& sentence);

struct PlainClause {
  std::string sentence;  // "This photo shows [name]."
  std::string sayings;   // "It is set against a white background."
};
// Of a sentence that shows "[name]" in a setting and no more; nullopt for any other.
std::optional<PlainClause> plain_clause(std::string_view sentence);

// "It is shown." and the like, which say nothing.
bool says_nothing(std::string_view sentence);

bool is_colour(std::string_view word);

}  // namespace kale
