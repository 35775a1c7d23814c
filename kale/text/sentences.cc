#include "kale/text/sentences.h"

#include <map>

#include "kale/text/lists.h"
#include "kale/text/texts.h"
#include "kale/text/utf8.h"
#include "kale/text/words.h"

namespace kale {
namespace {

enum class Abbreviation { kNone, kNever, kStarter, kNumber, kUnit };

// The classes are explained in abbreviations.txt.
Abbreviation abbreviation(std::string_view folded_word) {
  static const std::map<std::string, Abbreviation, std::less<>> table = [] {
    std::map<std::string, Abbreviation, std::less<>> all;
    for (const auto& line : list_lines(text_texts::abbreviations)) {
      const std::size_t gap = line.find(' ');
      const std::string_view kind = std::string_view(line).substr(gap + 1);
      all.emplace(line.substr(0, gap), kind == "never"    ? Abbreviation::kNever
                                       : kind == "number" ? Abbreviation::kNumber
                                       : kind == "unit"   ? Abbreviation::kUnit
                                                          : Abbreviation::kStarter);
    }
    return all;
  }();
  const auto found = table.find(folded_word);
  return found == table.end() ? Abbreviation::kNone : found->second;
}

bool is_stop(char32_t c) {
  return c == U'.' || c == U'!' || c == U'?' || c == 0x2026 || c == 0x3002 || c == 0xFF01 ||
         c == 0xFF1F;
}

bool is_closer(char32_t c) {
  return c == U'"' || c == U'\'' || c == U')' || c == U']' || c == 0x201D || c == 0x2019 ||
         c == 0x00BB;
}

bool is_opener(char32_t c) {
  return c == U'"' || c == U'\'' || c == U'(' || c == U'[' || c == 0x201C || c == 0x2018 ||
         c == 0x00AB;
}

// The letters and inner points before a full stop: "U.S", "Mr", "e.g".
std::string_view token_before(std::string_view text, std::size_t stop) {
  std::size_t begin = stop;
  while (begin > 0) {
    const auto byte = static_cast<unsigned char>(text[begin - 1]);
    const bool part = byte >= 0x80 || byte == '.' || (byte >= '0' && byte <= '9') ||
                      ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
    if (!part) break;
    --begin;
  }
  return text.substr(begin, stop - begin);
}

std::size_t skip_spaces(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    std::size_t after = at;
    if (!is_space(next_code_point(text, after))) break;
    at = after;
  }
  return at;
}

// What the next sentence would begin with, opening marks skipped.
std::string_view next_start(std::string_view text, std::size_t at) {
  at = skip_spaces(text, at);
  while (at < text.size()) {
    std::size_t after = at;
    if (!is_opener(next_code_point(text, after))) break;
    at = after;
  }
  return text.substr(at);
}

// "The flag", "It is", "A flag"; but no letter alone ("S. Lewis", "30 in. D").
bool starts_like_sentence(std::string_view rest) {
  if (rest.size() > 1 && rest[1] == '.') return false;
  const auto next = words(rest.substr(0, std::min<std::size_t>(rest.size(), 64)));
  if (next.empty() || !is_stop_word(next.front())) return false;
  return next.front().size() > 1 || next.front() == "A" || next.front() == "I";
}

// "52 in", "52-in": does a number stand before the word that begins at `begin`?
bool follows_number(std::string_view text, std::size_t begin) {
  while (begin > 0 && (text[begin - 1] == ' ' || text[begin - 1] == '-')) --begin;
  return begin > 0 && text[begin - 1] >= '0' && text[begin - 1] <= '9';
}

bool is_initials(std::string_view token) {  // "J", "U.S", "a.m"
  std::size_t letters = 0;
  for (const char c : token) {
    letters = c == '.' ? 0 : letters + 1;
    if (letters > 1) return false;
  }
  return letters == 1 && token != "I" && !has_digit(token);
}

// Does the full stop at `stop` belong to a shortened word in the middle of a sentence?
bool is_inside(std::string_view text, std::size_t stop, std::string_view rest) {
  const std::string_view token = token_before(text, stop);
  switch (abbreviation(fold_case(token))) {
    case Abbreviation::kNever:
      return true;
    case Abbreviation::kNumber: {
      std::size_t at = 0;
      return !rest.empty() && is_digit(next_code_point(rest, at));
    }
    case Abbreviation::kUnit:
      return follows_number(text, stop - token.size()) && !starts_like_sentence(rest);
    case Abbreviation::kStarter:
      return !starts_like_sentence(rest);
    case Abbreviation::kNone:
      return is_initials(token) && !starts_like_sentence(rest);
  }
  return false;
}

struct StopMarks {
  std::size_t end = 0;  // behind the stop and closing marks
  bool ends_sentence = false;
};

// `stop` is the place of the first of some stop marks.
StopMarks marks_at(std::string_view text, std::size_t stop) {
  std::size_t at = stop;
  std::size_t marks = 0;
  while (at < text.size()) {
    std::size_t after = at;
    const char32_t c = next_code_point(text, after);
    if (!is_stop(c) && !(marks > 0 && is_closer(c))) break;
    ++marks;
    at = after;
  }
  if (at >= text.size()) return {at, true};
  std::size_t behind = at;
  if (!is_space(next_code_point(text, behind))) return {at, false};
  const std::string_view rest = next_start(text, at);
  std::size_t first = 0;
  if (!rest.empty() && is_lower(next_code_point(rest, first))) return {at, false};
  if (marks == 1 && text[stop] == '.' && is_inside(text, stop, rest)) return {at, false};
  return {at, true};
}

}  // namespace

std::vector<std::string_view> sentences(std::string_view text) {
  std::vector<std::string_view> found;
  std::size_t begin = 0;
  auto close = [&](std::size_t end) {
    if (const auto sentence = trim(text.substr(begin, end - begin)); !sentence.empty())
      found.push_back(sentence);
    begin = end;
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t here = at;
    const char32_t c = next_code_point(text, at);
    if (c == U'\n') close(at);
    if (!is_stop(c)) continue;
    const StopMarks marks = marks_at(text, here);
    if (marks.ends_sentence) close(marks.end);
    at = marks.end;  // also where it goes on: a long run of dots is looked at once
  }
  close(text.size());
  return found;
}

std::string join_sentences(const std::vector<std::string_view>& parts) {
  std::string out;
  for (const std::string_view part : parts) {
    if (!out.empty()) out += ' ';
    out += part;
  }
  return out;
}

bool ends_complete(std::string_view text) {
  text = trim(text);
  bool complete = false;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    if (!is_closer(c)) complete = is_stop(c);
  }
  return complete;
}

std::string without_torn_sentence(std::string_view text) {
  auto parts = sentences(text);
  if (!parts.empty() && !ends_complete(parts.back())) parts.pop_back();
  return join_sentences(parts);
}

}  // namespace kale
