// What a server answered to /v1/chat/completions, from bytes that nobody vouches for.
// Errors   kCorrupt: no JSON, nested deeper than kDepthMax, or without the fields of a reply;
//          kRejected: an error object instead of a reply
// Threads  free functions, safe
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "kale/core/engine.h"

namespace kale::http {

inline constexpr int kDepthMax = 64;
inline constexpr std::size_t kServerTextBytesMax = 300;

// At least one choice and `choices_max` at most, their text valid UTF-8. A content that is null is
// an empty text. Tokens are those that `usage` names, spread over the choices; 0 where none does.
// A choice is whole where its finish_reason says so or is absent; else it counts as cut. The token
// is taken out of errors alone.
Result<Reply> parse_chat_reply(std::string_view body, int choices_max, std::string_view token = {});

// The status that an error object stands for: its `code`, where that is an HTTP status of an error,
// else 400. Empty where the body is none.
std::optional<int> stated_status(std::string_view body);

// What a server says is wrong, in one line of valid UTF-8 for an error message: its error.message,
// or the beginning of the body, without the token.
std::string server_text(std::string_view body, std::string_view token = {});

}  // namespace kale::http
