// Nouns in sentences: plurals, articles, numbers in words, lists, and names as parts of a phrase.
// Threads  free functions, safe
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kale/world/scene/kinds.h"

namespace kale::world {

bool takes_an(std::string_view next_words);  // "owl", "hour", "8 km" do; "unicorn", "one" do not

std::string number_word(int number);  // "three"; digits from 21 on

std::string plural_of(std::string_view noun);  // by kinds.tsv, else by English rule, last word only
bool only_plural(const Kind& kind);            // "scissors"
std::string counted(int count, std::string_view noun);  // "a bird", "two birds", "scissors"

std::string join(const std::vector<std::string>& items, std::string_view last = "and");

std::string capital(std::string_view text);  // first letter
// Whole words: "Tarsk" is in "from Tarsk," but not in "Tarskian". A name may stand with a capital
// first letter, too.
bool holds_name(std::string_view text, std::string_view name);
// As it stands in the text; empty where it does not.
std::string name_as_in(std::string_view text, std::string_view name);
void replace_all(std::string& text, std::string_view from, std::string_view to);

}  // namespace kale::world
