// What a server answered to /v1/chat/completions, from bytes that nobody vouches for.
// Errors   kCorrupt: no JSON, nested deeper than kDepthMax, or without the fields of a reply;
//          kRejected: an error object instead of a reply
// Threads  free functions, safe
#pragma once

#include <string>
#include <string_view>

#include "kale/core/engine.h"

namespace kale::http {

inline constexpr int kDepthMax = 64;
inline constexpr std::size_t kServerTextBytesMax = 300;

// At least one choice and `choices_max` at most, their text valid UTF-8. A content that is null is
// an empty text. Tokens are those that `usage` names, spread over the choices; 0 where none does.
Result<Reply> parse_chat_reply(std::string_view body, int choices_max);

// What a server says is wrong, in one line of valid UTF-8 for an error message: its error.message,
// or the beginning of the body.
std::string server_text(std::string_view body);

// `text` with U+FFFD for every byte that is not UTF-8.
std::string made_utf8(std::string_view text);

}  // namespace kale::http
