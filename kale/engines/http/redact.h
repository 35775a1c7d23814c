// Takes the server's token out of texts that people and files get to see: some servers quote it.
// Threads  free functions, safe
#pragma once

#include <string>
#include <string_view>

namespace kale::http {

// A shorter token is left as it is: it is a dummy for a server that wants none, and likely a word.
inline constexpr std::size_t kSecretBytesMin = 8;

// `text` with "[token]" for the token, as it is or in JSON's escapes, however often escaped.
std::string without_token(std::string_view text, std::string_view token);

}  // namespace kale::http
