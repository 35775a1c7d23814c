#include "kale/engines/http/chat_reply.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "kale/engines/http/redact.h"
#include "kale/text/utf8.h"

namespace kale::http {
namespace {

using nlohmann::json;

Error corrupt(const char* why) { return {Code::kCorrupt, why}; }

// Brackets open at once, at most; those in strings do not count.
int nesting_depth(std::string_view text) {
  int depth = 0;
  int deepest = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      deepest = std::max(deepest, ++depth);
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return deepest;
}

// Discarded where the text is no JSON or too deep.
json parse_json(std::string_view text) {
  if (nesting_depth(text) > kDepthMax) return json(json::value_t::discarded);
  return json::parse(to_valid_utf8(text), nullptr, false);
}

// A number that fits, however large the server's is.
int count_in(const json& map, const char* name) {
  auto found = map.find(name);
  if (found == map.end() || !found->is_number()) return 0;
  auto number = found->get<double>();
  if (!(number > 0)) return 0;
  return static_cast<int>(std::min(number, static_cast<double>(std::numeric_limits<int>::max())));
}

// What nobody knows (content_filter, abort, error, ...) is no whole text.
Finish finish_of(const json& choice) {
  auto reason = choice.find("finish_reason");
  if (reason == choice.end() || reason->is_null()) return Finish::kStop;
  for (const char* whole : {"stop", "eos", "eos_token", "stop_sequence"})
    if (*reason == whole) return Finish::kStop;
  return *reason == "repetition" ? Finish::kRepetition : Finish::kLength;
}

// A content is a text, null, or a list of parts, of which those of text count.
Result<std::string> text_of(const json& content) {
  if (content.is_null()) return std::string();
  if (content.is_string()) return content.get<std::string>();
  if (!content.is_array()) return corrupt("a content that is no text");
  std::string text;
  for (const json& part : content) {
    if (part.is_string()) {
      text += part.get<std::string>();
      continue;
    }
    if (!part.is_object()) return corrupt("a part of a content that is no object");
    auto type = part.find("type");
    if (type != part.end() && *type != "text") continue;
    auto found = part.find("text");
    if (found == part.end() || !found->is_string()) return corrupt("a part without text");
    text += found->get<std::string>();
  }
  return text;
}

Result<Choice> choice_of(const json& choice) {
  if (!choice.is_object()) return corrupt("a choice that is no object");
  auto message = choice.find("message");
  if (message == choice.end() || !message->is_object())
    return corrupt("a choice without a message");
  auto content = message->find("content");
  if (content == message->end()) return corrupt("a message without a content");
  KALE_TRY(std::string text, text_of(*content));
  return Choice{.text = std::move(text), .finish = finish_of(choice)};
}

void spread_tokens(const json& reply, std::vector<Choice>& choices, int& prompt_tokens) {
  auto usage = reply.find("usage");
  if (usage == reply.end() || !usage->is_object()) return;
  prompt_tokens = count_in(*usage, "prompt_tokens");
  int tokens = count_in(*usage, "completion_tokens");
  int each = tokens / static_cast<int>(choices.size());
  for (Choice& choice : choices) choice.new_tokens = each;
  choices.front().new_tokens += tokens % static_cast<int>(choices.size());
}

// The message of {"error": {"message": "..."}} and its kin; empty where there is none.
std::string message_in(const json& answer) {
  if (!answer.is_object()) return {};
  for (const char* name : {"error", "detail", "message"}) {
    auto found = answer.find(name);
    if (found == answer.end()) continue;
    if (found->is_string()) return found->get<std::string>();
    if (found->is_object() && found->contains("message") && (*found)["message"].is_string())
      return (*found)["message"].get<std::string>();
  }
  return {};
}

bool is_error_object(const json& answer) {
  if (!answer.is_object()) return false;
  auto error = answer.find("error");
  return error != answer.end() && !error->is_null();
}

Result<Reply> reply_of(const json& answer, int choices_max) {
  if (!answer.is_object()) return corrupt("no JSON object");
  auto choices = answer.find("choices");
  if (choices == answer.end() || !choices->is_array() || choices->empty())
    return corrupt("no choices");
  Reply reply;
  for (const json& choice : *choices) {
    if (std::ssize(reply.choices) >= choices_max) break;
    KALE_TRY(Choice read, choice_of(choice));
    reply.choices.push_back(std::move(read));
  }
  spread_tokens(answer, reply.choices, reply.prompt_tokens);
  return reply;
}

}  // namespace

Result<Reply> parse_chat_reply(std::string_view body, int choices_max, std::string_view token) {
  json answer = parse_json(body);
  if (is_error_object(answer))
    return Error{Code::kRejected, "the server answers with an error: " + server_text(body, token)};
  auto reply = reply_of(answer, choices_max);
  if (reply) return reply;
  return Error{reply.error().code,
               fmt::format("the server's answer is no chat completion: {}. It begins: {}",
                           reply.error().message, server_text(body, token))};
}

std::optional<int> stated_status(std::string_view body) {
  if (body.find("\"error\"") == std::string_view::npos) return {};  // spares replies the parsing
  json answer = parse_json(body);
  if (!is_error_object(answer)) return {};
  const json& error = answer["error"];
  int code = error.is_object() ? count_in(error, "code") : 0;
  return code >= 400 && code < 600 ? code : 400;
}

std::string server_text(std::string_view body, std::string_view token) {
  std::string text = message_in(parse_json(body));
  if (text.empty()) text = body;
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 32 || c == 127) c = ' ';
  text = without_token(collapse_spaces(to_valid_utf8(text)), token);  // before it is cut
  if (text.size() <= kServerTextBytesMax) return text;
  text.resize(kServerTextBytesMax);
  while (!text.empty() && !is_valid_utf8(text)) text.pop_back();
  return text + "...";
}

}  // namespace kale::http
