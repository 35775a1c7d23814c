#include "kale/engines/http/redact.h"

#include <algorithm>
#include <charconv>

namespace kale::http {
namespace {

// The four digits of \uXXXX at the front of `text`; -1 where they are none.
int code_unit(std::string_view text) {
  if (text.size() < 4) return -1;
  int unit = -1;
  auto [end, error] = std::from_chars(text.data(), text.data() + 4, unit, 16);
  return error == std::errc() && end == text.data() + 4 ? unit : -1;
}

// Bytes at the front of `text` that spell the token, 0 where none do. Backslashes count for nothing
// on both sides, which covers escapes of escapes.
std::size_t spelled(std::string_view text, std::string_view token) {
  std::size_t at = 0;
  for (char c : token) {
    if (c == '\\') continue;
    std::size_t plain = std::min(text.find_first_not_of('\\', at), text.size());
    bool is_escaped = plain > at;
    std::string_view rest = text.substr(plain);
    if (rest.starts_with(c))
      at = plain + 1;
    else if (is_escaped && rest.starts_with('u') && code_unit(rest.substr(1)) == c)
      at = plain + 5;
    else
      return 0;
  }
  return at;
}

}  // namespace

std::string without_token(std::string_view text, std::string_view token) {
  if (token.size() < kSecretBytesMin) return std::string(text);
  std::string safe;
  for (std::size_t at = 0; at < text.size();) {
    if (std::size_t bytes = spelled(text.substr(at), token); bytes > 0) {
      safe += "[token]";
      at += bytes;
    } else {
      safe += text[at++];
    }
  }
  return safe;
}

}  // namespace kale::http
