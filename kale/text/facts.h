// What a text claims that can be checked in another text: names and numbers.
// A name is a run of capitalised words that does not owe its capital to the sentence's start; a
// number is any word with a digit. Stop words at a run's ends do not belong to it.
// Threads  free functions, safe
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace kale {

struct Facts {
  std::vector<std::string> names;    // runs as written: "Auckland Art Gallery"
  std::vector<std::string> numbers;  // ".05", "1938", "R2-D2"
  std::size_t size() const { return names.size() + numbers.size(); }
};

Facts facts_of(std::string_view text);

// "NASA", "McDonald", "iPhone": a capital behind the first letter is never the sentence's doing.
bool has_inner_capital(std::string_view word);

// Every word of `fact` is in `text_stems` (see stems()).
bool states(const std::set<std::string>& text_stems, std::string_view fact);

// How many facts of `from` stand in `text`.
std::int64_t facts_kept(const Facts& from, std::string_view text);

// Words of names and numbers in `text` that stand in none of `sources`, and amounts of money that
// stand there with another sign: what a model made up.
std::vector<std::string> facts_invented(std::string_view text,
                                        const std::vector<std::string_view>& sources);

}  // namespace kale
