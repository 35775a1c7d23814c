#include "kale/fuse/word_use.h"

#include "kale/fuse/clauses.h"
#include "kale/fuse/texts.h"
#include "kale/fuse/title.h"
#include "kale/text/lists.h"
#include "kale/text/utf8.h"
#include "kale/text/words.h"

namespace kale {

std::size_t begin_of(std::string_view text, std::string_view word) {
  return static_cast<std::size_t>(word.data() - text.data());
}

std::size_t end_of(std::string_view text, std::string_view word) {
  return begin_of(text, word) + word.size();
}

bool is_filler(std::string_view word) {
  return has_digit(word) || is_colour(word) || word.size() < 3 || is_stop_word(word);
}

bool is_shouted(std::string_view word) {
  return word.size() > 1 && is_capital(word) && is_capital(word.substr(1));
}

bool is_common_word(std::string_view word) {
  static const auto all = listed_forms(fuse_texts::common_words);
  return all.contains(normal_form(word));
}

std::set<std::string> listed_stems(std::string_view list) {
  std::set<std::string> all;
  for (const auto& line : list_lines(list)) all.merge(stems(line));
  return all;
}

std::set<std::string> listed_forms(std::string_view list) {
  std::set<std::string> all;
  for (const auto& line : list_lines(list))
    for (const std::string_view word : words(line)) all.insert(normal_form(word));
  return all;
}

}  // namespace kale
