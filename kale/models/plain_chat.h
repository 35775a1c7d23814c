// The chat form of kale's students: the user's content, a line's end, the reply, the end token.
// Threads  plain values
#pragma once

#include <string_view>

namespace kale {

// In Jinja, as chat_template.jinja and GGUF files hold it: contents as texts or as parts, pictures
// as "<image>"; media parts of llama-server are texts already.
inline constexpr std::string_view kPlainChat =
    "{%- for message in messages -%}"
    "{%- if message['content'] is string -%}{{- message['content'] -}}"
    "{%- else -%}"
    "{%- for part in message['content'] -%}"
    "{%- if part['type'] == 'image' -%}{{- '<image>' -}}{%- else -%}{{- part['text'] -}}{%- endif "
    "-%}"
    "{%- endfor -%}"
    "{%- endif -%}"
    "{%- if message['role'] == 'assistant' -%}{{- eos_token -}}{%- else -%}{{- '\\n' -}}{%- endif "
    "-%}"
    "{%- endfor -%}";

// For options that take a template's name.
inline constexpr std::string_view kPlainChatName = "plain";

// What stands behind a content that asks for a reply.
inline constexpr std::string_view kPlainChatEnd = "\n";

}  // namespace kale
