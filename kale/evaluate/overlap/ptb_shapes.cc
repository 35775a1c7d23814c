#include "kale/evaluate/overlap/ptb_shapes.h"

#include <algorithm>

#include "kale/evaluate/overlap/ptb_chars.h"

namespace kale::ptb {
namespace {

char32_t lower(char32_t c) { return is_ascii_capital(c) ? c + 32 : c; }

bool one_of(char32_t c, std::u32string_view set) {
  return c != 0 && set.find(c) != std::u32string_view::npos;
}

bool is_hyphen(char32_t c) {
  return c == U'-' || c == U'_' || c == 0x58A || c == 0x2010 || c == 0x2011;
}

template <class Is>
int run(Place s, Is is) {
  int length = 0;
  while (is(s[length])) ++length;
  return length;
}

int word_part(Place s) {
  int length = word_letter(s);
  if (length == 0) return 0;
  for (int next = 1; next > 0; length += next)
    next = is_digit(s[length]) ? 1 : word_letter(s + length);
  return length;
}

}  // namespace

bool begins_with(Place s, std::string_view word) {
  for (std::size_t i = 0; i < word.size(); ++i)
    if (lower(s[i]) != static_cast<unsigned char>(word[i])) return false;
  return true;
}

int digits(Place s) { return run(s, is_digit); }

int apostrophe(Place s) {
  if (s[0] == U'\'' || s[0] == 0x2019 || s[0] == 0x92) return 1;
  return s[0] == U'&' && begins_with(s, "&apos;") ? 6 : 0;
}

int quote_mark(Place s) {
  if (s[0] == U'`' || s[0] == 0x2018 || s[0] == 0x201B || s[0] == 0x91) return 1;
  return apostrophe(s);
}

int word_letter(Place s) {
  if (is_word_letter(s[0])) return 1;
  if (s[0] != U'&' || !one_of(lower(s[1]), U"aeiou")) return 0;
  for (std::string_view accent : {"acute;", "grave;", "uml;"})
    if (begins_with(s + 2, accent)) return 2 + static_cast<int>(accent.size());
  return 0;
}

int word(Place s) {
  int length = word_part(s);
  if (length == 0) return 0;
  while (s[length] == U'.' || s[length] == U'!' || s[length] == U'?') {
    const int next = word_part(s + length + 1);
    if (next == 0) break;
    length += 1 + next;
  }
  return length;
}

int plain_number(Place s) {
  int length = digits(s);
  while (one_of(s[length], U".:,\u00AD\u066B\u066C") && is_digit(s[length + 1]))
    length += 1 + digits(s + length + 1);
  return length;
}

int number(Place s) {
  const int sign = s[0] == U'-' || s[0] == U'+' ? 1 : 0;
  const int length = plain_number(s + sign);
  return length == 0 ? 0 : sign + length;
}

int date(Place s) {
  const auto slash = [](char32_t c) { return c == U'-' || c == U'/'; };
  const int month = digits(s);
  if (month < 1 || month > 2 || !slash(s[month])) return 0;
  const int day = digits(s + month + 1);
  const int year_at = month + 1 + day + 1;
  if (day < 1 || day > 2 || !slash(s[year_at - 1])) return 0;
  const int year = std::min(digits(s + year_at), 4);
  return year < 2 ? 0 : year_at + year;
}

int fraction(Place s) {
  const int above = digits(s);
  if (above < 1 || above > 4) return 0;
  int length = above;
  if (s[length] == U'\\' && s[length + 1] == U'/') ++length;
  if (s[length] == U'/' || s[length] == 0x2044) {
    const int below = std::min(digits(s + length + 1), 4);
    return below == 0 ? 0 : length + 1 + below;
  }
  if (!one_of(s[above], U"- \u00A0")) return 0;
  const int part = digits(s + above + 1);  // "1 1/2": no third number may come before it
  if (part < 1 || part > 4) return 0;
  const Place rest = s + above + 1 + part;
  if (rest[0] != U'/' && rest[0] != U'\\' && rest[0] != 0x2044) return 0;
  const int length_of_part = fraction(s + above + 1);
  return length_of_part == 0 ? 0 : above + 1 + length_of_part;
}

int raised_number(Place s) {
  const auto raised = [](char32_t c) {
    return c == 0x2070 || c == 0xB9 || c == 0xB2 || c == 0xB3 || (c >= 0x2074 && c <= 0x2079);
  };
  const auto lowered = [](char32_t c) { return c >= 0x2080 && c <= 0x2089; };
  const int sign = one_of(s[0], U"\u207A\u207B\u208A\u208B") ? 1 : 0;
  const int length = std::max(run(s + sign, raised), run(s + sign, lowered));
  return length == 0 ? 0 : sign + length;
}

namespace {

bool phone_gap(char32_t c) { return c == U'-' || c == U' ' || c == 0xA0; }

int phone_end(Place s) {  // 3 or 4 digits, a gap or none, 3 to 5 digits
  int longest = 0;
  for (int first = 3; first <= 4 && digits(s) >= first; ++first) {
    const int gap = phone_gap(s[first]) ? 1 : 0;
    const int last = std::min(digits(s + first + gap), 5);
    if (last >= 3) longest = std::max(longest, first + gap + last);
  }
  return longest;
}

int phone_behind_areas(Place s, int areas) {  // up to `areas` times 2 to 4 digits and a gap
  const int area = digits(s);
  if (area < 2 || area > 4 || !phone_gap(s[area])) return 0;
  const int end = phone_end(s + area + 1);
  const int more = areas > 1 ? phone_behind_areas(s + area + 1, areas - 1) : 0;
  const int longest = std::max(end, more);
  return longest == 0 ? 0 : area + 1 + longest;
}

int phone_with_points(Place s) {  // 12.123.1234.12345, the first group or not
  int at = 0;
  int groups[4];
  int count = 0;
  while (count < 4) {
    groups[count] = digits(s + at);
    at += groups[count] + 1;
    if (groups[count++] == 0 || s[at - 1] != U'.') break;
  }
  const auto fits = [&](int from) {
    return groups[from] >= 2 && groups[from] <= 4 && groups[from + 1] >= 3 &&
           groups[from + 1] <= 4 && groups[from + 2] >= 3;
  };
  const bool four = count == 4 && groups[0] >= 2 && groups[0] <= 4 && fits(1);
  if (!four && (count < 3 || !fits(0))) return 0;
  const int last = four ? 3 : 2;
  int length = std::min(groups[last], 5);
  for (int i = 0; i < last; ++i) length += groups[i] + 1;
  return length;
}

}  // namespace

int phone(Place s) {
  if (s[0] == U'(') {
    const int area = digits(s + 1);
    if (area < 2 || area > 3 || s[area + 1] != U')') return 0;
    const int gap = s[area + 2] == U' ' || s[area + 2] == 0xA0 ? 1 : 0;
    const int end = phone_end(s + area + 2 + gap);
    return end == 0 ? 0 : area + 2 + gap + end;
  }
  const int plus = std::min(run(s, [](char32_t c) { return c == U'+'; }), 2);
  const int length = std::max(phone_behind_areas(s + plus, 2), phone_with_points(s + plus));
  return length == 0 ? 0 : plus + length;
}

int initials(Place s) {
  if (!is_ascii_letter(s[0])) return 0;
  int length = 1;
  while (s[length] == U'.' && is_ascii_letter(s[length + 1])) length += 2;
  for (std::string_view pair : {"canada-u.s", "sino-u.s", "korean-u.s", "eu-u.s", "japan-u.s",
                                "non-u.s", "u.s.-u.k", "u.s.-u.s.s.r"})
    if (begins_with(s, pair)) length = std::max(length, static_cast<int>(pair.size()));
  return length;
}

int hyphened(Place s) {
  const auto part = [](char32_t c) { return is_ascii_letter(c) || is_ascii_digit(c) || c == 0xAD; };
  if (!part(s[0]) || s[0] == 0xAD) return 0;
  int length = run(s, [&](char32_t c) { return part(c) || c == U'.' || c == U','; });
  const int first = length;
  while (s[length] == U'-') {
    const int letters = initials(s + length + 1);
    int abbreviation = letters;  // up to the last point between or behind the letters
    if (s[length + 1 + letters] == U'.')
      ++abbreviation;
    else
      --abbreviation;
    if (abbreviation < 4) abbreviation = 0;
    const int next = std::max(run(s + length + 1, part), abbreviation);
    if (next == 0) break;
    length += 1 + next;
  }
  return length == first ? 0 : length;
}

int joined(Place s) {
  const auto part = [](Place at) {
    int elided = one_of(at[0], U"dDoOlL") ? quote_mark(at + 1) : 0;
    if (elided > 0) elided = is_letter_or_digit(at[1 + elided]) ? elided + 2 : 0;
    const int rest = elided > 0 ? run(at + elided, is_letter_or_digit) : 0;
    return rest > 0 ? elided + rest : run(at, is_letter_or_digit);
  };
  int length = part(s);
  if (length == 0) return 0;
  while (is_hyphen(s[length])) {
    const int next = part(s + length + 1);
    if (next == 0) break;
    length += 1 + next;
  }
  return length;
}

int slashed(Place s) {
  const auto part = [](Place at) {
    int length = run(at, [](char32_t c) { return is_ascii_letter(c) || is_ascii_digit(c); });
    for (int i = 0; length > 0 && i < 2 && at[length] == U'-'; ++i) {
      const int next = run(at + length + 1, is_ascii_letter);
      if (next == 0) break;
      length += 1 + next;
    }
    return length;
  };
  int length = part(s);
  if (length == 0) return 0;
  int slashes = 0;
  for (; slashes < 2; ++slashes) {
    const int escape = s[length] == U'\\' ? 1 : 0;
    if (s[length + escape] != U'/') break;
    const int next = part(s + length + escape + 1);
    if (next == 0) break;
    length += escape + 1 + next;
  }
  return slashes == 0 ? 0 : length;
}

int initials_joined(Place s) {
  int length = run(s, is_ascii_capital);
  const int first = length;
  while (length > 0) {
    const int sign = begins_with(s + length, "&amp;")         ? 5
                     : s[length] == U'&' || s[length] == U'+' ? 1
                                                              : 0;
    const int next = sign == 0 ? 0 : run(s + length + sign, is_ascii_capital);
    if (next == 0) break;
    length += sign + next;
  }
  return length == first ? 0 : length;
}

int letters_with_apostrophe(Place s) {
  if (const int mark = apostrophe(s); mark > 0) {
    const Place rest = s + mark;
    if (rest[0] >= U'2' && rest[0] <= U'9' && begins_with(rest + 1, "0s")) return mark + 3;
    for (std::string_view word : {"cause", "twas", "till", "til", "em"})
      if (begins_with(rest, word)) return mark + static_cast<int>(word.size());
    return lower(rest[0]) == U'n' ? mark + 1 + apostrophe(rest + 1) : 0;
  }
  for (std::string_view word : {"cont'd.", "cont'd", "nor'easter", "c'mon", "e'er", "s'mores",
                                "ev'ry", "li'l", "nat'l", "dunkin'", "somethin'", "ol'"})
    if (begins_with(s, word)) return static_cast<int>(word.size());
  int longest = one_of(s[0], U"lLdDjJ") && apostrophe(s + 1) > 0 ? 1 + apostrophe(s + 1) : 0;
  const int letters = run(s, is_letter);
  const int mark = letters == 0 ? 0 : quote_mark(s + letters);
  if (mark == 0) return longest;
  const int rest = run(s + letters + mark, is_letter);
  const bool initial = letters == 1 && rest >= 2 &&
                       ((is_ascii_capital(s[0]) && s[0] != U'I' && s[0] != U'Y') || s[0] == U'n');
  const char32_t before = s[letters - 1], after = s[letters + mark];
  const bool vowels = letters >= 2 && rest >= 1 && one_of(lower(before), U"aeiouy") &&
                      (is_ascii_capital(after) || one_of(after, U"aeiou"));
  if (initial || vowels || (letters == 1 && s[0] == U'O' && after == U'o'))
    longest = std::max(longest, letters + mark + rest);
  return longest;
}

}  // namespace kale::ptb
