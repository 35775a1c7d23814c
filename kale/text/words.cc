#include "kale/text/words.h"

#include <map>

#include "kale/text/lists.h"
#include "kale/text/texts.h"
#include "kale/text/utf8.h"

namespace kale {
namespace {

const std::set<std::string, std::less<>>& stop_words() {
  static const std::set<std::string, std::less<>> words = [] {
    std::set<std::string, std::less<>> all;
    for (auto& line : list_lines(text_texts::stop_words)) all.insert(std::move(line));
    return all;
  }();
  return words;
}

const std::map<std::string, std::string, std::less<>>& number_words() {
  static const std::map<std::string, std::string, std::less<>> numbers = [] {
    std::map<std::string, std::string, std::less<>> all;
    for (const auto& line : list_lines(text_texts::number_words)) {
      const std::size_t gap = line.find(' ');
      all.emplace(line.substr(0, gap), line.substr(gap + 1));
    }
    return all;
  }();
  return numbers;
}

bool is_apostrophe(char32_t c) { return c == U'\'' || c == 0x2019; }
bool joins_letters(char32_t c) {
  return is_apostrophe(c) || c == U'-' || c == U'&' || c == 0x2010 || c == 0x2011;
}
bool joins_digits(char32_t c) { return c == U'.' || c == U',' || c == U':'; }

struct Peek {
  char32_t c = 0;
  std::size_t after = 0;
};

Peek peek(std::string_view text, std::size_t at) {
  if (at >= text.size()) return {};
  Peek result;
  result.after = at;
  result.c = next_code_point(text, result.after);
  return result;
}

// `at` stands behind a character of the word; returns the word's end.
std::size_t word_end(std::string_view text, std::size_t at, char32_t last) {
  while (at < text.size()) {
    std::size_t after = at;
    const char32_t c = next_code_point(text, after);
    if (is_letter(c) || is_digit(c)) {
      last = c;
      at = after;
      continue;
    }
    const Peek next = peek(text, after);
    const bool inner =
        next.after != 0 && ((joins_letters(c) && (is_letter(next.c) || is_digit(next.c))) ||
                            (joins_digits(c) && is_digit(last) && is_digit(next.c)));
    if (!inner) break;
    at = after;
  }
  return at;
}

bool ends_with(std::string_view text, std::string_view ending) {
  return text.size() >= ending.size() && text.substr(text.size() - ending.size()) == ending;
}

bool is_vowel(char c) {
  return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y';
}

bool has_vowel(std::string_view text) {
  for (const char c : text)
    if (is_vowel(c)) return true;
  return false;
}

// "running" -> "run", "standing" -> "stand", "positioned" -> "position"
void strip_verb_ending(std::string& word) {
  std::size_t cut = 0;
  if (ends_with(word, "ing") && word.size() >= 6) cut = 3;
  if (ends_with(word, "ed") && word.size() >= 5) cut = 2;
  if (cut == 0 || !has_vowel(std::string_view(word).substr(0, word.size() - cut))) return;
  word.resize(word.size() - cut);
  const std::size_t n = word.size();
  const char last = word[n - 1];
  if (n >= 3 && last == word[n - 2] && !is_vowel(last) && last != 'l' && last != 's' && last != 'z')
    word.pop_back();
}

void strip_plural(std::string& word) {
  if (word.size() < 4 || !ends_with(word, "s") || ends_with(word, "ss") || ends_with(word, "us") ||
      ends_with(word, "is"))
    return;
  if (ends_with(word, "ies") && word.size() > 4) {
    word.replace(word.size() - 3, 3, "y");
  } else if (ends_with(word, "ches") || ends_with(word, "shes") || ends_with(word, "sses") ||
             ends_with(word, "xes") || ends_with(word, "zes")) {
    word.resize(word.size() - 2);
  } else {
    word.pop_back();
  }
}

}  // namespace

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> found;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t after = at;
    const char32_t c = next_code_point(text, after);
    const bool point_number = c == U'.' && is_digit(peek(text, after).c);
    if (!is_letter(c) && !is_digit(c) && !point_number) {
      at = after;
      continue;
    }
    const std::size_t end = word_end(text, after, c);
    found.push_back(text.substr(at, end - at));
    at = end;
  }
  return found;
}

bool has_word(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    if (is_letter(c) || is_digit(c)) return true;
  }
  return false;
}

std::int64_t word_count(std::string_view text) {
  return static_cast<std::int64_t>(words(text).size());
}

std::string_view first_words(std::string_view text, std::int64_t words_max) {
  const auto all = words(text);
  if (static_cast<std::int64_t>(all.size()) <= words_max) return text;
  if (words_max <= 0) return text.substr(0, 0);
  const std::string_view last = all[static_cast<std::size_t>(words_max - 1)];
  return text.substr(0, static_cast<std::size_t>(last.data() + last.size() - text.data()));
}

bool has_digit(std::string_view word) {
  for (std::size_t at = 0; at < word.size();)
    if (is_digit(next_code_point(word, at))) return true;
  return false;
}

bool is_stop_word(std::string_view word) { return stop_words().contains(normal_form(word)); }

std::string stem(std::string_view word) {
  std::string form = normal_form(word);
  if (ends_with(form, "'s")) form.resize(form.size() - 2);
  if (ends_with(form, "'")) form.pop_back();
  if (const auto number = number_words().find(form); number != number_words().end())
    return number->second;
  if (has_digit(form)) return form;
  strip_plural(form);
  strip_verb_ending(form);
  if (form.size() > 3 && form.back() == 'e') form.pop_back();
  return form;
}

std::set<std::string> stems(std::string_view text) {
  std::set<std::string> all;
  for (const std::string_view word : words(text)) {
    all.insert(stem(word));
    for (std::size_t begin = 0; word.find('-') != std::string_view::npos;) {
      const std::size_t end = word.find('-', begin);
      if (const auto part = word.substr(begin, end - begin); !part.empty()) all.insert(stem(part));
      if (end == std::string_view::npos) break;
      begin = end + 1;
    }
  }
  return all;
}

std::vector<std::string_view> content_words(std::string_view text) {
  std::vector<std::string_view> found;
  for (const std::string_view word : words(text))
    if (!is_stop_word(word) && (word.size() > 1 || has_digit(word))) found.push_back(word);
  return found;
}

std::set<std::string> content_stems(std::string_view text) {
  std::set<std::string> all;
  for (const std::string_view word : content_words(text)) all.insert(stem(word));
  return all;
}

}  // namespace kale
