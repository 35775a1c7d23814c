#include "kale/engines/http/chat_body.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "kale/engines/http/picture.h"

namespace kale::http {
namespace {

using nlohmann::json;

constexpr std::array<const char*, 4> kOurs{"messages", "model", "n", "stream"};
constexpr std::array<const char*, 2> kOfTheStep{"temperature", "seed"};

bool is_web_url(std::string_view url) {
  return url.starts_with("http://") || url.starts_with("https://");
}

json messages_of(const Prompt& prompt) {
  json messages = json::array();
  for (const Message& message : prompt.messages)
    messages.push_back({{"role", message.role}, {"content", message.content}});
  return messages;
}

json picture_part(std::string url) {
  return {{"type", "image_url"}, {"image_url", {{"url", std::move(url)}}}};
}

// Fields at their neutral value are left out: servers differ in which they know.
void add_decoding(json& body, const Decoding& decoding) {
  body["temperature"] = decoding.temperature;
  body["max_tokens"] = decoding.new_tokens_max;
  body["seed"] = sent_seed(decoding.seed, 0);
  if (decoding.top_p < 1) body["top_p"] = decoding.top_p;
  if (decoding.top_k > 0) body["top_k"] = decoding.top_k;
  if (decoding.repetition_penalty != 1) body["repetition_penalty"] = decoding.repetition_penalty;
  if (!decoding.stop.empty()) body["stop"] = decoding.stop;
  if (decoding.candidates > 1) body["n"] = decoding.candidates;
}

}  // namespace

std::uint64_t sent_seed(std::uint64_t seed, int candidate) {
  return (seed + static_cast<std::uint64_t>(candidate)) & 0x7fffffff;
}

Result<ChatBody> ChatBody::make(BodyOptions options, std::string_view extra_fields) {
  ChatBody body;
  body.options_ = std::move(options);
  if (extra_fields.empty()) return body;
  json extra = json::parse(extra_fields, nullptr, false);
  if (!extra.is_object())
    return Error{
        Code::kBadConfig,
        fmt::format("body: \"{}\" is no JSON object, such as {{\"min_p\": 0.05}}", extra_fields)};
  for (const char* name : kOurs)
    if (extra.contains(name))
      return Error{Code::kBadConfig, fmt::format("body: {} is set by kale; take it out", name)};
  for (const char* name : kOfTheStep)
    if (extra.contains(name) && !extra[name].is_null())
      return Error{Code::kBadConfig,
                   fmt::format("body: {} is set by the step that asks; take it out here, or make "
                               "it null where the server does not know it",
                               name)};
  body.extra_fields_ = extra_fields;
  return body;
}

Result<std::string> ChatBody::text(const Prompt& prompt, const Decoding& decoding) const {
  json body{{"model", options_.model}, {"messages", messages_of(prompt)}};
  KALE_OK(add_pictures(body["messages"], prompt));
  add_decoding(body, decoding);
  if (!extra_fields_.empty()) body.merge_patch(json::parse(extra_fields_, nullptr, false));
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

Status ChatBody::add_pictures(json& messages, const Prompt& prompt) const {
  if (prompt.images.empty() && prompt.image_urls.empty()) return {};
  if (!options_.sees_images)
    return Error{Code::kBadConfig,
                 "a step sends pictures, and the http engine is not told that "
                 "its model sees them; set sees_images to true"};
  if (!prompt.image_urls.empty() && !options_.sends_urls)
    return Error{Code::kBadConfig,
                 "a step sends URLs of pictures, and the server is not said to fetch them; set "
                 "image_url to url"};
  json parts = json::array();
  for (const PixelsPtr& pixels : prompt.images) {
    KALE_TRY(std::string uri, jpeg_data_uri(*pixels, options_.jpeg_quality));
    parts.push_back(picture_part(std::move(uri)));
  }
  for (const std::string& url : prompt.image_urls) {
    if (!is_web_url(url))
      return Error{Code::kRejected,
                   fmt::format("\"{}\" is no http or https URL of a picture", url)};
    parts.push_back(picture_part(url));
  }
  auto last = std::find_if(messages.rbegin(), messages.rend(),
                           [](const json& message) { return message["role"] == "user"; });
  KALE_CHECK(last != messages.rend(), "a prompt with pictures has a message of the user");
  parts.push_back({{"type", "text"}, {"text", (*last)["content"]}});
  (*last)["content"] = std::move(parts);
  return {};
}

}  // namespace kale::http
