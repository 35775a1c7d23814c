#include "kale/text/facts.h"

#include "kale/text/sentences.h"
#include "kale/text/utf8.h"
#include "kale/text/words.h"

namespace kale {
namespace {

bool is_capitalised(std::string_view word) {
  std::size_t at = 0;
  return is_upper(next_code_point(word, at));
}

// "NASA", "McDonald", "iPhone": a capital behind the first letter is never the sentence's doing.
bool has_inner_capital(std::string_view word) {
  std::size_t at = 0;
  next_code_point(word, at);
  while (at < word.size())
    if (is_upper(next_code_point(word, at))) return true;
  return false;
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

}  // namespace

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
  return invented;
}

}  // namespace kale
