// Guesses in a dense caption: "what looks like a teapot", "a bird, perhaps a goose,". Where the
// alt-text knows what the thing is, a guess is at best said twice and at worst a contradiction.
// Threads  const after construction
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace kale {

class Hedges {
 public:
  explicit Hedges(std::string_view list);  // the text of hedges.txt

  // The caption with its guesses taken out: a clause between commas or behind "that" goes, "what
  // looks like a teapot" becomes "something", and a sentence that is all guess goes.
  std::string without_guesses(std::string_view caption) const;

  // Stems of the words that are only ever guessed.
  std::set<std::string> guessed(std::string_view caption) const;

 private:
  struct Hedge {
    std::vector<std::string> words;  // in normal form
    bool is_verb = false;
  };
  struct Guess {
    std::size_t hedge = 0;  // index of the hedge's first word
    std::size_t begin = 0;  // index of the guess's first word
    std::size_t end = 0;    // behind its last
    bool is_verb = false;
  };
  std::optional<Guess> find(const std::vector<std::string_view>& all,
                            std::string_view sentence) const;
  // The sentence with its first guess taken out; nullopt where it holds none.
  std::optional<std::string> without_first(std::string_view sentence) const;

  std::vector<Hedge> hedges_;
};

}  // namespace kale
