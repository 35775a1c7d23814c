#include "kale/fuse/prompt.h"

#include <fmt/format.h>

#include "kale/text/utf8.h"

namespace kale {
namespace {

constexpr std::string_view kAltText = "{alt_text}";
constexpr std::string_view kDense = "{caption_dense}";
constexpr std::string_view kDenseFirst = "{caption_dense_first}";

Error bad(std::string why) {
  return Error{Code::kBadConfig, fmt::format("fusion prompt: {}", why)};
}

std::string_view role_line(std::string_view line) {
  line = trim(line);
  for (const std::string_view role : {"system", "user", "assistant"})
    if (line.size() == role.size() + 2 && line.front() == '[' && line.back() == ']' &&
        line.substr(1, role.size()) == role)
      return role;
  return {};
}

std::vector<Message> split_messages(std::string_view text) {
  std::vector<Message> messages;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (const std::string_view role = role_line(line); !role.empty()) {
      messages.push_back({std::string(role), ""});
      continue;
    }
    if (messages.empty()) messages.push_back({"user", ""});
    messages.back().content.append(line).append("\n");
  }
  for (auto& message : messages) message.content = std::string(trim(message.content));
  return messages;
}

bool holds_slot(std::string_view text) {
  return text.find(kAltText) != std::string_view::npos ||
         text.find(kDense) != std::string_view::npos ||
         text.find(kDenseFirst) != std::string_view::npos;
}

Status check_roles(const std::vector<Message>& messages) {
  if (messages.empty()) return bad("the file is empty; see kale/fuse/prompts/few_shot.txt");
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const bool from_model = i > 0 && messages[i - 1].role == "user";
    const std::string& role = messages[i].role;
    if (role == "system" && i == 0) continue;
    if (role != (from_model ? "assistant" : "user"))
      return bad(
          fmt::format("message {} is [{}]; turns go [system], then [user] and [assistant] "
                      "by turns",
                      i + 1, role));
    if (messages[i].content.empty()) return bad(fmt::format("message {} is empty", i + 1));
  }
  if (messages.back().role != "user") return bad("the last message must be [user], with the slots");
  return {};
}

}  // namespace

Result<FusePrompt> FusePrompt::parse(std::string_view file_text) {
  auto messages = split_messages(file_text);
  KALE_OK(check_roles(messages));
  FusePrompt prompt;
  const std::string last = std::move(messages.back().content);
  prompt.role_ = messages.back().role;
  messages.pop_back();
  for (const auto& message : messages)
    if (holds_slot(message.content)) return bad("only the last message may hold slots");
  prompt.examples_ = std::move(messages);

  prompt.first_sentence_ = last.find(kDenseFirst) != std::string::npos;
  const std::string_view dense = prompt.first_sentence_ ? kDenseFirst : kDense;
  const std::size_t alt_at = last.find(kAltText);
  const std::size_t dense_at = last.find(dense);
  if (alt_at == std::string::npos) return bad("the last message lacks {alt_text}");
  if (dense_at == std::string::npos)
    return bad("the last message lacks {caption_dense} or {caption_dense_first}");
  prompt.alt_text_first_ = alt_at < dense_at;
  const std::size_t first = std::min(alt_at, dense_at);
  const std::size_t first_end = first + (prompt.alt_text_first_ ? kAltText : dense).size();
  const std::size_t second = std::max(alt_at, dense_at);
  const std::size_t second_end = second + (prompt.alt_text_first_ ? dense : kAltText).size();
  prompt.parts_ = {last.substr(0, first), last.substr(first_end, second - first_end),
                   last.substr(second_end)};
  for (const auto& part : prompt.parts_)
    if (holds_slot(part)) return bad("each slot stands once, and only one of the dense ones");
  return prompt;
}

Prompt FusePrompt::fill(std::string_view alt_text, std::string_view dense) const {
  std::string content = parts_[0];
  content += alt_text_first_ ? alt_text : dense;
  content += parts_[1];
  content += alt_text_first_ ? dense : alt_text;
  content += parts_[2];
  Prompt prompt{.messages = examples_};
  prompt.shared_messages = static_cast<int>(examples_.size());
  prompt.messages.push_back({role_, std::move(content)});
  return prompt;
}

std::string FusePrompt::examples() const {
  std::string all;
  for (const auto& message : examples_)
    if (message.role != "system") all.append(message.content).append("\n");
  return all;
}

std::vector<std::string_view> FusePrompt::instructions() const {
  std::vector<std::string_view> all;
  for (const auto& message : examples_)
    if (message.role == "system") all.push_back(message.content);
  for (const auto& part : parts_) all.push_back(part);
  return all;
}

}  // namespace kale
