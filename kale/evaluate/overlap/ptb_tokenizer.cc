#include "kale/evaluate/overlap/ptb_tokenizer.h"

#include "kale/evaluate/overlap/ptb_chars.h"
#include "kale/evaluate/overlap/ptb_rules.h"
#include "kale/text/utf8.h"

namespace kale {
namespace {

using ptb::Form;
using ptb::Match;
using ptb::Place;

constexpr std::size_t kFollowingMax = 32;  // bytes of the next line that rules look at

void append_lower(std::string& out, char32_t c) {
  if (c == 0x130) {  // the one whose lower case is two
    out += "i\u0307";
    return;
  }
  append_code_point(out, to_lower(c));
}

std::string_view plain_quote(char32_t c) {
  switch (c) {
    case 0x92:
    case 0x2019:
    case 0x203A:
      return "'";
    case 0x91:
    case 0x2018:
    case 0x201B:
    case 0x2039:
      return "`";
    case 0x93:
    case 0x201C:
    case 0xAB:
      return "``";
    case 0x94:
    case 0x201D:
    case 0xBB:
      return "''";
    default:
      return {};
  }
}

class Line {
 public:
  void add(Place s, const Match& match) {
    const std::size_t begin = text_.size();
    if (match.form == Form::kNothing) return;
    if (begin > 0) text_ += ' ';
    const std::size_t first = text_.size();
    if (match.form == Form::kFixed) {
      text_ += match.fixed;
    } else if (match.form == Form::kContraction && ptb::begins_with(s, "&apos;")) {
      text_ += '\'';
      for (int i = 6; i < match.length; ++i) append(s[i], match.form);
    } else {
      for (int i = 0; i < match.length; ++i) {
        append(s[i], match.form);
        if (match.form == Form::kAmpersand && ptb::begins_with(s + i, "&amp;")) i += 4;
      }
    }
    const std::string_view token = std::string_view(text_).substr(first);
    const bool left_out = match.form == Form::kQuotes &&
                          (token == "'" || token == "`" || token == "''" || token == "``");
    if (left_out || token.empty()) text_.resize(begin);
  }
  std::string take() { return std::move(text_); }

 private:
  void append(char32_t c, Form form) {
    if (c == 0xAD) return;
    if (form == Form::kBrackets && (c == U'(' || c == U')')) {
      text_ += c == U'(' ? "-lrb-" : "-rrb-";
      return;
    }
    if (form == Form::kContraction || form == Form::kQuotes) {
      if (const std::string_view plain = plain_quote(c); !plain.empty()) {
        text_ += plain;
        return;
      }
    }
    if (ptb::is_blank(c))
      text_ += "\u00A0";
    else
      append_lower(text_, c);
  }

  std::string text_;
};

// Nearly all tokens are letters between blanks, of which only few are not a token as they stand.
int plain_word(Place s) {
  int length = 0;
  while (ptb::is_ascii_letter(s[length])) ++length;
  const bool ends =
      s[length] == U' ' || s[length] == U'\n' || (s[length] == U',' && s[length + 1] == U' ');
  const bool may_split =
      (length == 5 || length == 6) &&
      ((s[0] | 32) == U'c' || (s[0] | 32) == U'g' || (s[0] | 32) == U'l' || (s[0] | 32) == U'w');
  return ends && !may_split ? length : 0;
}

std::u32string code_points(std::string_view text, std::string_view following) {
  std::u32string points;
  points.reserve(text.size() + kFollowingMax + 8);
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    points += c == 0 || c == 0xFFFD ? U' ' : ptb::is_line_end(c) ? U' ' : c;
  }
  points += U'\n';
  following = following.substr(0, kFollowingMax);
  for (std::size_t at = 0; at < following.size();) points += next_code_point(following, at);
  points.append(4, U'\0');
  return points;
}

}  // namespace

std::string ptb_tokenized(std::string_view text, std::string_view following) {
  const std::u32string points = code_points(text, following);
  const std::size_t end = points.find(U'\n');
  const bool has_at = text.find('@') != std::string_view::npos;
  Line line;
  for (std::size_t at = 0; at < end;) {
    const Place s = points.data() + at;
    if (*s == U' ') {
      ++at;
      continue;
    }
    const int plain = has_at ? 0 : plain_word(s);
    const Match match = plain > 0 ? Match{plain, plain, Form::kAsWritten, {}} : ptb::match_token(s);
    line.add(s, match);
    at += static_cast<std::size_t>(match.length);
  }
  return line.take();
}

}  // namespace kale
