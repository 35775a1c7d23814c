#include "kale/text/facts.h"

#include <algorithm>

#include "kale/text/sentences.h"
#include "kale/text/utf8.h"
#include "kale/text/words.h"

namespace kale {
namespace {

bool is_capitalised(std::string_view word) {
  std::size_t at = 0;
  return is_upper(next_code_point(word, at));
}

// Only a blank lies between the two words, so that they can be one name.
bool adjacent(std::string_view text, std::string_view a, std::string_view b) {
  const auto begin = static_cast<std::size_t>(a.data() + a.size() - text.data());
  const auto end = static_cast<std::size_t>(b.data() - text.data());
  const std::string_view between = text.substr(begin, end - begin);
  return trim(between).empty() || trim(between) == ".";
}

void add_names(std::string_view sentence, std::vector<std::string>& names) {
  const auto all = words(sentence);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if ((!is_capitalised(all[i]) && !has_inner_capital(all[i])) || is_stop_word(all[i])) continue;
    std::size_t last = i;
    while (last + 1 < all.size() && adjacent(sentence, all[last], all[last + 1]) &&
           is_capitalised(all[last + 1]) && !is_stop_word(all[last + 1]))
      ++last;
    const bool first_word = i == 0;
    if (first_word && last == i && !has_inner_capital(all[i])) continue;
    const auto* end = all[last].data() + all[last].size();
    names.emplace_back(all[i].data(), static_cast<std::size_t>(end - all[i].data()));
    i = last;
  }
}

bool is_currency(char32_t c) {
  return c == U'$' || c == 0xA3 || c == 0xA5 || (c >= 0x20A0 && c <= 0x20CF);
}

// Amounts with their sign, "A$2.00" out of "(A$2.00)."; a sign alone is none.
std::vector<std::string> amounts(std::string_view text) {
  std::vector<std::string> found;
  const std::string form = collapse_spaces(text);
  for (std::size_t begin = 0; begin < form.size();) {
    const std::size_t end = std::min(form.find(' ', begin), form.size());
    std::string_view token = std::string_view(form).substr(begin, end - begin);
    while (!token.empty() && std::string_view("([{\"'").find(token.front()) != token.npos)
      token.remove_prefix(1);
    while (!token.empty() && std::string_view(")]}\"'.,;:!?").find(token.back()) != token.npos)
      token.remove_suffix(1);
    bool sign = false;
    for (std::size_t at = 0; at < token.size();) sign |= is_currency(next_code_point(token, at));
    if (sign && has_digit(token)) found.emplace_back(token);
    begin = end + 1;
  }
  return found;
}

}  // namespace

bool has_inner_capital(std::string_view word) {
  std::size_t at = 0;
  next_code_point(word, at);
  while (at < word.size())
    if (is_upper(next_code_point(word, at))) return true;
  return false;
}

Facts facts_of(std::string_view text) {
  Facts facts;
  for (const std::string_view sentence : sentences(text)) add_names(sentence, facts.names);
  for (const std::string_view word : words(text))
    if (has_digit(word)) facts.numbers.emplace_back(word);
  return facts;
}

bool states(const std::set<std::string>& text_stems, std::string_view fact) {
  for (const std::string_view word : words(fact))
    if (!text_stems.contains(stem(word))) return false;
  return true;
}

std::int64_t facts_kept(const Facts& from, std::string_view text) {
  const auto known = stems(text);
  std::int64_t kept = 0;
  for (const auto& name : from.names) kept += states(known, name) ? 1 : 0;
  for (const auto& number : from.numbers) kept += states(known, number) ? 1 : 0;
  return kept;
}

std::vector<std::string> facts_invented(std::string_view text,
                                        const std::vector<std::string_view>& sources) {
  std::set<std::string> known;
  for (const std::string_view source : sources) known.merge(stems(source));
  std::vector<std::string> invented;
  const Facts claimed = facts_of(text);
  auto check = [&](const std::string& fact) {
    for (const std::string_view word : words(fact))
      if (!known.contains(stem(word))) invented.emplace_back(word);
  };
  for (const auto& name : claimed.names) check(name);
  for (const auto& number : claimed.numbers) check(number);
  // "$2.00" for "£2.00" has the right digits and says something else.
  for (const auto& amount : amounts(text)) {
    bool found = false;
    for (const std::string_view source : sources)
      found |= collapse_spaces(source).find(amount) != std::string::npos;
    if (!found) invented.push_back(amount);
  }
  return invented;
}

}  // namespace kale
