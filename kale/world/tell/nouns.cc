#include "kale/world/tell/nouns.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "kale/core/ascii.h"
#include "kale/world/tell/grammar.h"

namespace kale::world {
namespace {

bool is_letter(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0 ||
         static_cast<unsigned char>(letter) >= 0x80;
}

bool is_vowel(char letter) {
  return std::string_view("aeiou").find(letter) != std::string_view::npos;
}

template <std::size_t N>
bool starts_with_any(std::string_view text, const std::array<std::string_view, N>& starts) {
  return std::ranges::any_of(starts, [&](std::string_view one) { return text.starts_with(one); });
}

std::string regular_plural(std::string_view word) {
  using Pair = std::pair<std::string_view, std::string_view>;
  static constexpr std::array<Pair, 12> kIrregular{{{"mouse", "mice"},
                                                    {"goose", "geese"},
                                                    {"man", "men"},
                                                    {"woman", "women"},
                                                    {"child", "children"},
                                                    {"person", "people"},
                                                    {"tooth", "teeth"},
                                                    {"foot", "feet"},
                                                    {"wolf", "wolves"},
                                                    {"leaf", "leaves"},
                                                    {"knife", "knives"},
                                                    {"loaf", "loaves"}}};
  static constexpr std::array<std::string_view, 6> kSame{"sheep", "deer",     "fish",
                                                         "moose", "aircraft", "series"};
  std::string small = lower_ascii(word);
  for (const auto& [one, many] : kIrregular) {
    if (small == one) return std::string(word.substr(0, 1)) + std::string(many.substr(1));
  }
  if (std::ranges::find(kSame, small) != kSame.end() || small.ends_with("fish")) {
    return std::string(word);
  }
  std::string plural(word);
  if (small.ends_with("y") && small.size() > 1 && !is_vowel(small[small.size() - 2])) {
    plural.pop_back();
    return plural + "ies";
  }
  if (small.ends_with("s") || small.ends_with("x") || small.ends_with("z") ||
      small.ends_with("ch") || small.ends_with("sh") || small.ends_with("tomato") ||
      small.ends_with("potato")) {
    return plural + "es";
  }
  return plural + "s";
}

bool holds_words(std::string_view text, std::string_view name) {
  if (name.empty()) return false;
  for (std::size_t at = text.find(name); at != std::string_view::npos;
       at = text.find(name, at + 1)) {
    std::size_t end = at + name.size();
    bool begins = at == 0 || !is_letter(text[at - 1]);
    bool ends = end == text.size() || !is_letter(text[end]);
    if (begins && ends) return true;
  }
  return false;
}

}  // namespace

bool takes_an(std::string_view next_words) {
  std::string next = lower_ascii(next_words.substr(0, 12));
  static constexpr std::array<std::string_view, 5> kAn{"hour", "honest", "heir", "honour", "8"};
  static constexpr std::array<std::string_view, 11> kNotAn{
      "uni", "use", "usu", "uku", "eu", "ewe", "one ", "one-", "once", "ut", "ura"};
  if (next == "11" || next.starts_with("11 ") || next.starts_with("18 ")) return true;
  if (starts_with_any(next, kAn)) return true;
  // Letters that are read by their names: "an SUV", "a UK post box", but "an EXIT sign".
  std::size_t capitals = 0;
  while (capitals < next_words.size() &&
         std::isupper(static_cast<unsigned char>(next_words[capitals])) != 0) {
    ++capitals;
  }
  bool word_goes_on = capitals < next_words.size() && is_letter(next_words[capitals]);
  bool has_vowel = next.substr(0, capitals).find_first_of("aeiou") != std::string::npos;
  if (capitals > 0 && !word_goes_on && (capitals <= 3 || !has_vowel)) {
    return std::string_view("aefhilmnorsx").find(next[0]) != std::string_view::npos;
  }
  return !next.empty() && is_vowel(next[0]) &&
         (next.starts_with("unin") || next.starts_with("unim") || !starts_with_any(next, kNotAn));
}

std::string number_word(int number) {
  static constexpr std::array<std::string_view, 21> kWords{
      "no",       "one",     "two",     "three",     "four",     "five",     "six",
      "seven",    "eight",   "nine",    "ten",       "eleven",   "twelve",   "thirteen",
      "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"};
  if (number >= 0 && number < static_cast<int>(kWords.size())) {
    return std::string(kWords[static_cast<std::size_t>(number)]);
  }
  return std::to_string(number);
}

std::string plural_of(std::string_view noun) {
  if (const Kind* kind = find_kind(noun)) return kind->plural;
  std::size_t blank = noun.rfind(' ');
  std::size_t last = blank == std::string_view::npos ? 0 : blank + 1;
  std::string_view word = noun.substr(last);
  const Kind* kind = find_kind(word);
  return std::string(noun.substr(0, last)) + (kind ? kind->plural : regular_plural(word));
}

bool only_plural(const Kind& kind) { return kind.noun == kind.plural && kind.noun.ends_with('s'); }

std::string counted(int count, std::string_view noun) {
  const Kind* kind = find_kind(noun);
  if (kind != nullptr && only_plural(*kind)) {
    if (count == 1) return "some " + std::string(noun);
    return number_word(count) + " sets of " + std::string(noun);
  }
  if (count == 1) return tidy_words("a " + std::string(noun));
  return number_word(count) + " " + plural_of(noun);
}

std::string join(const std::vector<std::string>& items, std::string_view last) {
  std::string out;
  for (std::size_t at = 0; at < items.size(); ++at) {
    if (at > 0 && at + 1 == items.size()) {
      out += " ";
      out += last;
      out += " ";
    } else if (at > 0) {
      out += ", ";
    }
    out += items[at];
  }
  return out;
}

std::string capital(std::string_view text) {
  std::string out(text);
  if (!out.empty()) out[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(out[0])));
  return out;
}

bool holds_name(std::string_view text, std::string_view name) {
  return !name_as_in(text, name).empty();
}

std::string name_as_in(std::string_view text, std::string_view name) {
  if (holds_words(text, name)) return std::string(name);
  std::string upper = capital(name);
  return holds_words(text, upper) ? upper : std::string();
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

}  // namespace kale::world
