// The shapes of ptb_shapes.h that the web brought: addresses, tags, file names, smileys.
#include <algorithm>

#include "kale/evaluate/overlap/ptb_chars.h"
#include "kale/evaluate/overlap/ptb_shapes.h"
#include "kale/evaluate/overlap/ptb_words.h"

namespace kale::ptb {
namespace {

bool one_of(char32_t c, std::u32string_view set) {
  return c != 0 && set.find(c) != std::u32string_view::npos;
}

bool ends_address(char32_t c) { return c == 0 || one_of(c, U" \t\n\f\r\"<>|(){}"); }
bool ends_label(char32_t c) { return ends_address(c) || one_of(c, U".!?,"); }
bool may_be_last(char32_t c) { return !ends_label(c) && c != U'-'; }

// At least two of what addresses are made of, the last one no punctuation. Braces may stand in it
// where no scheme came before.
int path(Place s, bool braces) {
  int length = 0;
  while (!ends_address(s[length]) || (braces && one_of(s[length], U"{}"))) ++length;
  while (length >= 2 && !may_be_last(s[length - 1])) --length;
  return length >= 2 ? length : 0;
}

int host_and_path(Place s, int host) {
  const int rest = s[host] == U'/' ? path(s + host + 1, true) : 0;
  return rest > 0 ? host + 1 + rest : host;
}

int behind_www(Place s) {
  int longest = 0;
  int at = 4;
  for (;;) {
    int label = 0;
    while (!ends_label(s[at + label])) ++label;
    if (label == 0 || s[at + label] != U'.') return longest;
    at += label + 1;
    for (int letters = 1; letters <= 4 && is_ascii_letter(s[at + letters - 1]); ++letters)
      if (letters >= 2) longest = std::max(longest, host_and_path(s, at + letters));
  }
}

// Capitals, digits, hyphens and underscores end such a host's name too.
bool ends_plain_label(char32_t c) {
  return ends_label(c) || (c >= U',' && c <= U'_') || one_of(c, U"`'$");
}

}  // namespace

int web_address(Place s) {
  int scheme = begins_with(s, "http") ? 4 : 0;
  if (scheme == 0) return 0;
  if ((s[4] | 32) == U's') ++scheme;
  if (!begins_with(s + scheme, "://")) return 0;
  const int rest = path(s + scheme + 3, false);
  return rest == 0 ? 0 : scheme + 3 + rest;
}

int likely_web_address(Place s) {
  int longest = begins_with(s, "www.") ? behind_www(s) : 0;
  for (int at = 0;;) {
    int label = 0;
    while (!ends_plain_label(s[at + label])) ++label;
    if (label == 0 || s[at + label] != U'.') return longest;
    at += label + 1;
    for (std::string_view domain : {"com", "net", "org", "edu"})
      if (begins_with(s + at, domain)) longest = std::max(longest, host_and_path(s, at + 3));
  }
}

int mail_address(Place s) {
  int start = 0;
  if (s[0] == U'<') start = 1;
  if (begins_with(s, "&lt;")) start = 4;
  if (!is_ascii_letter(s[start]) && !is_ascii_digit(s[start])) return 0;
  const auto ends = [](char32_t c) { return ends_address(c) || c == 0xA0; };
  int end = start;
  while (!ends(s[end])) ++end;
  int longest = 0;
  for (int at = start + 1; at < end; ++at) {
    if (s[at] != U'@') continue;
    int host = at + 1;  // labels with single points between
    while (host < end && s[host] != U'.') {
      while (host < end && s[host] != U'.') ++host;
      longest = std::max(longest, host);
      if (host < end) ++host;
    }
  }
  if (longest == 0) return 0;
  return s[longest] == U'>' ? longest + 1 : longest;
}

int file_name(Place s) {
  const auto part = [](Place at) {
    int length = 0;
    for (int next = 1; next > 0; length += next)
      next = is_digit(at[length]) ? 1 : word_letter(at + length);
    return length;
  };
  int longest = 0;
  for (int at = part(s); at > 0 && s[at] == U'.';) {
    const int next = part(s + at + 1);
    if (next == 0) break;
    const char32_t after = s[at + 1 + next];
    if ((is_space(after) || one_of(after, U".?!,")) && is_listed(s + at + 1, next, kFileEnding))
      longest = at + 1 + next;
    at += 1 + next;
  }
  return longest;
}

namespace {

int name(Place s) {
  if (!is_ascii_letter(s[0])) return 0;
  int length = 1;
  while (is_ascii_letter(s[length]) || is_ascii_digit(s[length]) || one_of(s[length], U"_:.-"))
    ++length;
  return length;
}

int spaces(Place s) {
  int length = 0;
  while (s[length] == U' ') ++length;
  return length;
}

int quoted(Place s) {
  if (s[0] != U'"' && s[0] != U'\'') return 0;
  int length = 1;
  while (s[length] != s[0]) {
    if (s[length] == 0 || s[length] == U'\n' || s[length] == U'\r') return 0;
    ++length;
  }
  return length + 1;
}

}  // namespace

int tag(Place s) {
  if (s[0] != U'<') return 0;
  int at = 1;
  if (s[1] == U'!' || s[1] == U'?') {
    if (!is_ascii_letter(s[2]) && s[2] != U'-') return 0;
    while (s[at] != 0 && s[at] != U'\n' && s[at] != U'\r' && s[at] != U'>') ++at;
    return s[at] == U'>' ? at + 1 : 0;
  }
  const bool closing = s[1] == U'/';
  if (closing) ++at;
  const int element = name(s + at);
  if (element == 0) return 0;
  at += element;
  for (;;) {
    const int gap = spaces(s + at);
    const int attribute = gap == 0 || closing ? 0 : name(s + at + gap);
    if (attribute == 0) break;
    at += gap + attribute;
    const int before = spaces(s + at);
    if (s[at + before] != U'=') continue;
    const int behind = spaces(s + at + before + 1);
    const int given = quoted(s + at + before + 1 + behind);
    if (given == 0) return 0;
    at += before + 1 + behind + given;
  }
  at += spaces(s + at);
  if (s[at] == U'/') ++at;
  at += spaces(s + at);
  return s[at] == U'>' ? at + 1 : 0;
}

int smiley(Place s) {
  int at = one_of(s[0], U"<>") ? 1 : 0;
  if (!one_of(s[at], U":;=")) return 0;
  ++at;
  const auto mouth = [](Place face) {
    return one_of(face[0], U"()DPdpO\\{@|[]") && face[1] != 0 && !is_ascii_letter(face[1]) &&
           !is_ascii_digit(face[1]);
  };
  if (one_of(s[at], U"-o*'") && mouth(s + at + 1)) return at + 2;
  return mouth(s + at) ? at + 1 : 0;
}

int face(Place s) {
  const auto eye = [](char32_t c) { return one_of(c, U"-^x=~<>'"); };
  if (eye(s[0]) && s[1] == U'_' && eye(s[2])) return 3;
  if (s[0] != U'(' || !eye(s[1])) return 0;
  if (eye(s[2]) && s[3] == U')') return 4;
  if ((s[2] == U'_' || s[2] == U'.') && eye(s[3]) && s[4] == U')') return 5;
  const bool nose = s[1] != U'-' && s[2] == U'-' && s[4] == U')';
  return nose && (s[3] == U'`' || (eye(s[3]) && s[3] != U'-')) ? 5 : 0;
}

}  // namespace kale::ptb
