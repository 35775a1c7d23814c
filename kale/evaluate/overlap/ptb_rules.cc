#include "kale/evaluate/overlap/ptb_rules.h"

#include <algorithm>

#include "kale/evaluate/overlap/ptb_chars.h"
#include "kale/evaluate/overlap/ptb_words.h"

namespace kale::ptb {
namespace {

bool one_of(char32_t c, std::u32string_view set) {
  return c != 0 && set.find(c) != std::u32string_view::npos;
}

int run_of(Place s, char32_t c) {
  int length = 0;
  while (s[length] == c) ++length;
  return length;
}

bool inside_sentence(char32_t c) { return one_of(c, U",;:\u3001"); }

int contraction(Place s) {  // 's, 'm, 'd, 're, 've, 'll
  const int mark = apostrophe(s);
  if (mark == 0) return 0;
  if (one_of(s[mark], U"msdMSD")) return mark + 1;
  for (std::string_view word : {"re", "ve", "ll"})
    if (begins_with(s + mark, word)) return mark + 2;
  return 0;
}

int negation(Place s) {  // n't
  if (s[0] != U'n' && s[0] != U'N') return 0;
  const int mark = quote_mark(s + 1);
  return mark > 0 && (s[1 + mark] | 32) == U't' ? mark + 2 : 0;
}

struct Assimilation {
  std::string_view word;
  int first;  // letters of its first part
};

constexpr Assimilation kAssimilations[] = {{"cannot", 3}, {"gonna", 3}, {"gotta", 3}, {"lemme", 3},
                                           {"gimme", 3},  {"wanna", 3}, {"'twas", 2}, {"'tis", 2}};

void offer_assimilations(Place s, Match& best) {
  for (const Assimilation& one : kAssimilations)
    if (begins_with(s, one.word))
      best.offer(one.first, static_cast<int>(one.word.size()), Form::kAsWritten);
}

void offer_entities(Place s, Match& best) {
  if (s[0] != U'&') return;
  for (std::string_view dash : {"&md;", "&mdash;", "&ndash;"})
    if (begins_with(s, dash)) best.offer(static_cast<int>(dash.size()), Form::kNothing);
  for (std::string_view nothing : {"&quot;", "&nbsp;"})
    if (begins_with(s, nothing)) best.offer(static_cast<int>(nothing.size()), Form::kNothing);
  if (begins_with(s, "&amp;")) best.offer(5, 5, Form::kFixed, "&");
  if (begins_with(s, "&lt;")) best.offer(4, 4, Form::kFixed, "<");
  if (begins_with(s, "&gt;")) best.offer(4, 4, Form::kFixed, ">");
  for (std::string_view sign :
       {"&ht;", "&tl;", "&ur;", "&lr;", "&qc;", "&ql;", "&qr;", "&odq;", "&cdq;"})
    if (begins_with(s, sign)) best.offer(static_cast<int>(sign.size()), Form::kAsWritten);
  int end = 2;
  while (s[1] == U'#' && s[end] >= U'0' && s[end] <= U'9') ++end;
  if (end > 2 && s[end] == U';') best.offer(end + 1, Form::kAsWritten);
}

void offer_words(Place s, Match& best) {
  const int length = word(s);
  if (length > 0) {
    const int tail = contraction(s + length);
    if (tail > 0) best.offer(length, length + tail, Form::kAsWritten);
  }
  int letters = 0;
  while (is_ascii_letter(s[letters])) ++letters;
  const int stem = letters - 1;  // "ca" of "can't": letters, of which the last is no n
  if (stem > 0 && (s[stem - 1] | 32) != U'n') {
    const int tail = negation(s + stem);
    if (tail > 0) best.offer(stem, stem + tail, Form::kAsWritten);
  }
  best.offer(length, Form::kAsWritten);
  if (length > 0 && s[length] == U'.' && inside_sentence(s[length + 1]))
    best.offer(length + 1, length + 2, Form::kAsWritten);
}

bool ends_sentence(Place s) {  // spaces and a word that sentences begin with
  int at = 0;
  while (is_space(s[at])) ++at;
  if (at == 0) return false;
  if (const int length = tag(s + at); length > 0) return is_space(s[at + length]);
  if (!is_ascii_capital(s[at])) return false;
  int length = 0;
  while (is_ascii_letter(s[at + length]) || s[at + length] == U'.') ++length;
  return is_space(s[at + length]) && is_listed(s + at, length, kStarter);
}

void offer_abbreviations(Place s, Match& best) {
  int letters = 0;
  while (is_ascii_letter(s[letters])) ++letters;
  if (letters == 0) return;
  const int dotted = initials(s);
  if (s[dotted] == U'.') {
    if (dotted == 1 && ends_sentence(s + 2))
      best.offer(1, 3, Form::kAsWritten);
    else
      best.offer(dotted + 1, Form::kAsWritten);
  }
  if (begins_with(s, "ph.d.") || begins_with(s, "ed.d.")) best.offer(5, Form::kAsWritten);
  if (s[letters] != U'.') return;
  const unsigned kinds = kinds_of_word(s, letters);
  const int length = letters + 1;
  if ((kinds & kOpen) != 0 || ((kinds & kCapital) != 0 && is_ascii_capital(s[0])))
    best.offer(length, s[length] != 0 && s[length + 1] != 0 ? length + 2 : length,
               Form::kAsWritten);
  if ((kinds & kTitle) != 0) best.offer(length, Form::kAsWritten);
  if ((kinds & kNumber) != 0) {
    const int gap = is_space(s[length]) ? 1 : 0;
    if (is_digit(s[length + gap])) best.offer(length, length + gap + 1, Form::kAsWritten);
  }
}

void offer_treebank_words(Place s, Match& best) {
  for (std::string_view word :
       {"c.d.s", "pro-", "anti-", "s&p-500", "s&amp;p-500", "s&ls", "s&amp;ls", "cap'n", "c'est",
        "-rrb-", "-lrb-", "-rcb-", "-lcb-", "-rsb-", "-lsb-", "c++", "c#", "f#"})
    if (begins_with(s, word)) best.offer(static_cast<int>(word.size()), Form::kAsWritten);
}

void offer_compounds(Place s, Match& best) {
  best.offer(slashed(s), Form::kAsWritten);
  const int file = file_name(s);
  best.offer(file, file + 1, Form::kAsWritten);
  best.offer(phone(s), Form::kBrackets);
  const auto offer_both = [&](int length, Form form) {
    best.offer(length, form);
    if (length > 0 && s[length] == U'.' && inside_sentence(s[length + 1]))
      best.offer(length + 1, length + 2, form);
  };
  offer_both(hyphened(s), Form::kAsWritten);
  offer_both(joined(s), Form::kAsWritten);
  offer_both(initials_joined(s), Form::kAmpersand);
}

void offer_money(Place s, Match& best) {
  int capitals = 0;
  while (is_ascii_capital(s[capitals])) ++capitals;
  if (s[capitals] == U'$') best.offer(capitals + 1, Form::kAsWritten);
  if (s[0] == U'#') best.offer(1, Form::kAsWritten);
  if (s[0] == 0xA3) best.offer(1, 1, Form::kFixed, "#");
  if (s[0] == 0xA2) best.offer(1, 1, Form::kFixed, "cents");
  if (one_of(s[0], U"\u0080\u00A4\u20A0\u20AC")) best.offer(1, 1, Form::kFixed, "$");
}

struct Spelled {
  char32_t sign;
  std::string_view text;
};

constexpr Spelled kSpelled[] = {
    {U'(', "-lrb-"}, {U')', "-rrb-"}, {U'[', "-lsb-"}, {U']', "-rsb-"},
    {U'{', "-lcb-"}, {U'}', "-rcb-"}, {0xBC, "1/4"},   {0xBD, "1/2"},
    {0xBE, "3/4"},   {0x2153, "1/3"}, {0x2154, "2/3"},
};

bool is_quote(char32_t c) {
  return one_of(c, U"`\u2018\u2019\u201A\u201B\u201C\u201D\u201E\u201F\u2039\u203A\u00AB\u00BB") ||
         (c >= 0x91 && c <= 0x94);
}

void offer_quotes(Place s, Match& best) {
  if (const int mark = apostrophe(s); mark > 0) {
    best.offer(letters_with_apostrophe(s), Form::kAsWritten);
    if (const int length = contraction(s); length > 0) {
      const char32_t after = s[length];
      if (after != 0 && !is_ascii_letter(after)) best.offer(length, length + 1, Form::kContraction);
    }
    const bool year =
        is_ascii_digit(s[mark]) && is_ascii_digit(s[mark + 1]) && is_space(s[mark + 2]);
    if (year) best.offer(mark + 2, mark + 3, Form::kAsWritten);
    const char32_t next = s[2];
    if (s[0] == U'\'' && is_ascii_letter(s[1]) && next != 0 && !one_of(next, U" \t\n\r\u00A0"))
      best.offer(1, 3, Form::kNothing);
    best.offer(contraction(s), Form::kContraction);
    best.offer(mark, Form::kNothing);
    if (s[0] == U'\'' && s[1] == U'\'') best.offer(2, Form::kNothing);
  }
  if (is_quote(s[0])) best.offer(is_quote(s[1]) ? 2 : 1, Form::kQuotes);
}

void offer_signs(Place s, Match& best) {
  const char32_t c = s[0];
  if (c == U'"') best.offer(1, Form::kNothing);
  if (const int length = smiley(s); length > 0) best.offer(length, length + 1, Form::kBrackets);
  best.offer(face(s), Form::kBrackets);
  for (const Spelled& one : kSpelled)
    if (c == one.sign) best.offer(1, 1, Form::kFixed, one.text);
  if (const int hyphens = run_of(s, U'-'); hyphens > 0)
    best.offer(hyphens, hyphens > 4 ? Form::kAsWritten : Form::kNothing);
  if (c == U'.' || c == 0x2026) {
    const int points = std::min(run_of(s, U'.'), 5);
    best.offer(c == 0x2026 || points >= 3 ? std::max(points, 1) : 1, Form::kNothing);
    int spaced = 1;
    while (spaced < 9 && (s[spaced] == U' ' || s[spaced] == 0xA0) && s[spaced + 1] == U'.')
      spaced += 2;
    if (spaced >= 5) best.offer(spaced, Form::kNothing);
  }
  for (const char32_t many : {U'@', U'#', U'_', U'*'})
    best.offer(run_of(s, many), Form::kAsWritten);
  int escaped = 0;
  while (escaped < 6 && s[escaped] == U'\\' && s[escaped + 1] == U'*') escaped += 2;
  best.offer(escaped, Form::kAsWritten);
  if (one_of(c, U",;:")) best.offer(1, Form::kNothing);
  if (c == U'?' || c == U'!') {
    int marks = 1;
    while (s[marks] == U'?' || s[marks] == U'!') ++marks;
    best.offer(marks, marks == 1 ? Form::kNothing : Form::kAsWritten);
  }
  if (c != 0 && c == s[1] && (c == U'<' || c == U'>')) best.offer(2, Form::kAsWritten);
  if (one_of(c, U"<>=/+%&~^|\\") || (c >= 0x80 && is_sign(c))) best.offer(1, Form::kAsWritten);
  if (one_of(c, U"\u2013\u2014\u2015\u0096\u0097")) best.offer(1, Form::kNothing);
}

void offer_web(Place s, Match& best) {
  best.offer(web_address(s), Form::kAsWritten);
  best.offer(likely_web_address(s), Form::kAsWritten);
  best.offer(mail_address(s), Form::kAsWritten);
  if (s[0] == U'@' && (is_ascii_letter(s[1]) || s[1] == U'_')) {
    int length = 2;
    while (is_ascii_letter(s[length]) || s[length] == U'_' || is_ascii_digit(s[length])) ++length;
    best.offer(length, Form::kAsWritten);
  }
  int tagged = 1;
  while (s[0] == U'#' && word_letter(s + tagged) > 0) tagged += word_letter(s + tagged);
  if (tagged > 1) best.offer(tagged, Form::kAsWritten);
}

}  // namespace

Match match_token(Place s) {
  Match best;
  if (is_space(s[0])) return best;
  offer_assimilations(s, best);
  best.offer(tag(s), Form::kAsWritten);
  offer_entities(s, best);
  offer_words(s, best);
  if (is_ascii_letter(s[0]) || s[0] >= 0x80)
    best.offer(letters_with_apostrophe(s), Form::kAsWritten);
  if ((s[0] | 32) == U'y' && apostrophe(s + 1) > 0 && is_letter(s[1 + apostrophe(s + 1)]))
    best.offer(1 + apostrophe(s + 1), 2 + apostrophe(s + 1), Form::kAsWritten);
  offer_web(s, best);
  best.offer(negation(s), Form::kContraction);
  best.offer(date(s), Form::kAsWritten);
  best.offer(number(s), Form::kAsWritten);
  best.offer(raised_number(s), Form::kAsWritten);
  best.offer(fraction(s), Form::kAsWritten);
  offer_treebank_words(s, best);
  offer_money(s, best);
  offer_abbreviations(s, best);
  offer_compounds(s, best);
  offer_quotes(s, best);
  offer_signs(s, best);
  return best;
}

}  // namespace kale::ptb
