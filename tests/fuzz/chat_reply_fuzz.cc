// Any bytes that a server may send as its answer: they are a reply that holds what it promises, or
// an error that can be shown.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "kale/core/check.h"
#include "kale/engines/http/chat_reply.h"
#include "kale/text/utf8.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kale;
  if (size == 0) return 0;
  int choices_max = 1 + data[0] % 4;
  std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  auto reply = http::parse_chat_reply(body, choices_max);
  if (reply) {
    KALE_CHECK(!reply->choices.empty() && std::ssize(reply->choices) <= choices_max,
               "one choice or more, and no more than asked for");
    KALE_CHECK(reply->prompt_tokens >= 0, "tokens are counted from 0");
    for (const Choice& choice : reply->choices)
      KALE_CHECK(is_valid_utf8(choice.text) && choice.new_tokens >= 0, "texts are UTF-8");
  } else {
    KALE_CHECK(reply.error().code == Code::kCorrupt || reply.error().code == Code::kRejected,
               "the classes that chat_reply.h names");
    KALE_CHECK(is_valid_utf8(reply.error().message), "messages are UTF-8");
    KALE_CHECK(reply.error().message.size() < 2 * http::kServerTextBytesMax, "messages are short");
  }
  return 0;
}
