#include "kale/text/utf8.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "kale/core/check.h"

namespace kale {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

// ICU's macros narrow int to uint8_t on purpose.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"

// -1 where the bytes are no UTF-8.
UChar32 next_raw(std::string_view text, std::size_t& at) {
  auto i = static_cast<std::int64_t>(at);
  const auto size = static_cast<std::int64_t>(text.size());
  UChar32 c = 0;
  U8_NEXT(text.data(), i, size, c);
  at = static_cast<std::size_t>(i);
  return c;
}

#pragma GCC diagnostic pop

char32_t folded(char32_t c) {
  if (c < 0x80) return is_upper(c) ? c + (U'a' - U'A') : c;
  return static_cast<char32_t>(u_foldCase(static_cast<UChar32>(c), U_FOLD_CASE_DEFAULT));
}

char32_t plain_mark(char32_t c) {
  if (c < 0x80) return c;
  switch (c) {
    case 0x2018:
    case 0x2019:
    case 0x02BC:
      return U'\'';
    case 0x201C:
    case 0x201D:
    case 0x201E:
    case 0x00AB:
    case 0x00BB:
      return U'"';
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2212:
      return U'-';
    default:
      return c;
  }
}

// Every code point as `change` makes it; runs of white space become one blank, none at the ends.
template <class Change>
std::string collapsed(std::string_view text, Change change) {
  std::string out;
  out.reserve(text.size());
  bool gap = false;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = change(next_code_point(text, at));
    if (is_space(c)) {
      gap = true;
      continue;
    }
    if (gap && !out.empty()) out += ' ';
    gap = false;
    append_code_point(out, c);
  }
  return out;
}

}  // namespace

bool is_valid_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();)
    if (next_raw(text, at) < 0) return false;
  return true;
}

namespace beyond_ascii {

char32_t next_code_point(std::string_view text, std::size_t& at) {
  const UChar32 c = next_raw(text, at);
  return c < 0 ? kReplacement : static_cast<char32_t>(c);
}

void append_code_point(std::string& out, char32_t code_point) {
  char bytes[U8_MAX_LENGTH];
  int length = 0;
  U8_APPEND_UNSAFE(bytes, length, static_cast<UChar32>(code_point));
  out.append(bytes, static_cast<std::size_t>(length));
}

bool is_space(char32_t c) {
  return u_isUWhiteSpace(static_cast<UChar32>(c)) || c == 0x200B || c == 0xFEFF;
}
bool is_letter(char32_t c) {
  constexpr std::uint32_t kMask = U_GC_L_MASK | U_GC_M_MASK;
  return (U_GET_GC_MASK(static_cast<UChar32>(c)) & kMask) != 0;
}
bool is_mark(char32_t c) {
  return (U_GET_GC_MASK(static_cast<UChar32>(c)) & std::uint32_t{U_GC_M_MASK}) != 0;
}
bool is_digit(char32_t c) { return u_isdigit(static_cast<UChar32>(c)); }
bool is_upper(char32_t c) {
  return u_isUUppercase(static_cast<UChar32>(c)) || u_istitle(static_cast<UChar32>(c));
}
bool is_lower(char32_t c) { return u_isULowercase(static_cast<UChar32>(c)); }
char32_t to_lower(char32_t c) { return static_cast<char32_t>(u_tolower(static_cast<UChar32>(c))); }

}  // namespace beyond_ascii

bool has_control_chars(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    if (c == U'\t' || c == U'\n' || c == U'\r') continue;
    if (c < 0x20 || (c >= 0x7F && c <= 0x9F)) return true;
    if ((c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069)) return true;
  }
  return false;
}

std::string collapse_spaces(std::string_view text) {
  return collapsed(text, [](char32_t c) { return c; });
}

std::string fold_case(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    append_code_point(out, folded(next_code_point(text, at)));
  }
  return out;
}

std::string normal_form(std::string_view text) {
  return collapsed(text, [](char32_t c) { return plain_mark(folded(c)); });
}

std::string to_valid_utf8(std::string_view text) {
  std::string valid;
  for (std::size_t at = 0; at < text.size();) append_code_point(valid, next_code_point(text, at));
  return valid;
}

std::string compose_marks(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(status);
  std::string composed;
  icu::StringByteSink<std::string> sink(&composed);
  icu::StringPiece piece(text.data(), static_cast<std::int32_t>(text.size()));
  if (U_SUCCESS(status)) nfc->normalizeUTF8(0, piece, sink, nullptr, status);
  KALE_CHECK(U_SUCCESS(status), u_errorName(status));
  return composed;
}

std::string_view trim(std::string_view text) {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool started = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t here = at;
    if (is_space(next_code_point(text, at))) continue;
    if (!started) begin = here;
    started = true;
    end = at;
  }
  return started ? text.substr(begin, end - begin) : std::string_view();
}

std::string escape_markup(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace kale
