#include "kale/text/lists.h"

#include "kale/text/utf8.h"

namespace kale {
namespace {

bool is_word_char(char32_t c) { return is_letter(c) || is_digit(c); }

bool ends_word(std::string_view text, std::size_t at) {
  if (at >= text.size()) return true;
  return !is_word_char(next_code_point(text, at));
}

bool begins_word(std::string_view text, std::size_t at) {
  if (at == 0) return true;
  std::size_t before = at - 1;
  while (before > 0 && (static_cast<unsigned char>(text[before]) & 0xC0) == 0x80) --before;
  return !is_word_char(next_code_point(text, before));
}

}  // namespace

std::vector<std::string> list_lines(std::string_view file_text) {
  std::vector<std::string> lines;
  while (!file_text.empty()) {
    const std::size_t end = file_text.find('\n');
    const std::string_view line = trim(file_text.substr(0, end));
    file_text = end == std::string_view::npos ? std::string_view() : file_text.substr(end + 1);
    if (!line.empty() && line.front() != '#') lines.emplace_back(line);
  }
  return lines;
}

bool holds_phrase(std::string_view normal_text, std::string_view normal_phrase) {
  if (normal_phrase.empty()) return false;
  for (std::size_t at = normal_text.find(normal_phrase); at != std::string_view::npos;
       at = normal_text.find(normal_phrase, at + 1)) {
    if (begins_word(normal_text, at) && ends_word(normal_text, at + normal_phrase.size()))
      return true;
  }
  return false;
}

}  // namespace kale
