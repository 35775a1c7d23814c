#include "kale/engines/llama/chat.h"

#include <fmt/format.h>
#include <llama.h>

#include <optional>
#include <utility>

#include "kale/models/plain_chat.h"

namespace kale::llama {
namespace {

constexpr std::string_view kMark = "KALESTANDIN";
constexpr int kNoMessage = -1;

int last_of_user(const std::vector<Message>& messages) {
  for (std::size_t i = messages.size(); i-- > 0;)
    if (messages[i].role == "user") return static_cast<int>(i);
  KALE_CHECK(false, "a prompt with pictures has a message of the user");
  return kNoMessage;
}

void place(std::vector<PicturePart> pictures, PromptTokens& prompt) {
  for (PicturePart& part : pictures) {
    prompt.tokens.insert(prompt.tokens.end(), part.markup.begin(), part.markup.end());
    if (part.cells == 0) continue;
    std::size_t at = prompt.tokens.size();
    prompt.tokens.insert(prompt.tokens.end(), static_cast<std::size_t>(part.cells), kPictureCell);
    prompt.pictures.push_back({at, std::move(part)});
  }
}

std::vector<Piece> plain_pieces(std::size_t messages) {
  std::vector<Piece> pieces;
  for (std::size_t i = 0; i < messages; ++i) pieces.push_back({{}, static_cast<int>(i)});
  return pieces;
}

}  // namespace

std::size_t PromptTokens::position(std::size_t index) const {
  std::size_t position = index;
  for (const PlacedCells& cells : pictures)
    if (cells.at < index)
      position -= static_cast<std::size_t>(cells.part.cells - cells.part.positions);
  return position;
}

PlacedCells* PromptTokens::picture_at(std::size_t index) {
  for (PlacedCells& cells : pictures)
    if (cells.at == index) return &cells;
  return nullptr;
}

std::string stand_in(std::size_t message) { return fmt::format("{}{}END", kMark, message); }

Result<std::vector<Piece>> cut_at_stand_ins(std::string_view rendered, std::size_t messages) {
  std::vector<Piece> pieces;
  for (std::size_t i = 0; i < messages; ++i) {
    std::string mark = stand_in(i);
    std::size_t at = rendered.find(mark);
    if (at == std::string_view::npos)
      return Error{Code::kBadConfig,
                   fmt::format("the chat template leaves out or moves message {} of {}; set "
                               "chat_template to one that fits, or join the messages",
                               i + 1, messages)};
    if (at > 0) pieces.push_back({rendered.substr(0, at)});
    pieces.push_back({{}, static_cast<int>(i)});
    rendered.remove_prefix(at + mark.size());
  }
  if (!rendered.empty()) pieces.push_back({rendered});
  return pieces;
}

Chat::Chat(const llama_vocab* vocab, std::string source)
    : vocab_(vocab),
      source_(std::move(source)),
      plain_(source_ == kPlainChat || source_ == kPlainChatName) {}

Result<Chat> Chat::make(const llama_vocab* vocab, std::string source) {
  Chat chat(vocab, std::move(source));
  if (chat.plain_) return chat;
  KALE_TRY(auto rendered, chat.render({{"user", ""}}));
  return chat;
}

Result<std::string> Chat::render(const std::vector<Message>& messages) const {
  std::vector<std::string> contents;
  for (std::size_t i = 0; i < messages.size(); ++i) contents.push_back(stand_in(i));
  std::vector<llama_chat_message> chat;
  for (std::size_t i = 0; i < messages.size(); ++i)
    chat.push_back({messages[i].role.c_str(), contents[i].c_str()});
  auto apply = [&](char* out, std::size_t bytes) {
    return llama_chat_apply_template(source_.c_str(), chat.data(), chat.size(), true, out,
                                     static_cast<std::int32_t>(bytes));
  };
  std::int32_t bytes = apply(nullptr, 0);
  if (bytes < 0)
    return Error{Code::kBadConfig,
                 "its chat template is none that llama.cpp recognises; set chat_template to a name "
                 "it knows, for example chatml or llama3"};
  std::string rendered(static_cast<std::size_t>(bytes) + 1, '\0');
  apply(rendered.data(), rendered.size());
  rendered.resize(static_cast<std::size_t>(bytes));
  return rendered;
}

void Chat::append(std::string_view text, bool control, std::vector<Token>& tokens) const {
  std::vector<Token> some(text.size() + 2);
  auto count = llama_tokenize(vocab_, text.data(), static_cast<std::int32_t>(text.size()),
                              some.data(), static_cast<std::int32_t>(some.size()), false, control);
  if (count < 0) {  // more tokens than bytes: byte tokens of a normalising vocabulary
    some.resize(static_cast<std::size_t>(-count));
    count = llama_tokenize(vocab_, text.data(), static_cast<std::int32_t>(text.size()), some.data(),
                           static_cast<std::int32_t>(some.size()), false, control);
  }
  KALE_CHECK(count >= 0, "llama_tokenize wants more room than it asked for");
  tokens.insert(tokens.end(), some.begin(), some.begin() + count);
}

// A content with its line's end is one text: some vocabularies join a full stop and a line's end.
void Chat::append_content(const Message& message, std::vector<Token>& tokens) const {
  if (!plain_) return append(message.content, false, tokens);
  if (message.role != "assistant") {
    return append(message.content + std::string(kPlainChatEnd), false, tokens);
  }
  append(message.content, false, tokens);
  tokens.push_back(llama_vocab_eos(vocab_));
}

Result<PromptTokens> Chat::tokens(const Prompt& prompt, std::string_view begins_with,
                                  std::vector<PicturePart> pictures) const {
  std::string rendered;
  std::vector<Piece> pieces = plain_pieces(prompt.messages.size());
  if (!plain_) {
    KALE_TRY(rendered, render(prompt.messages));
    KALE_TRY(pieces, cut_at_stand_ins(rendered, prompt.messages.size()));
  }
  PromptTokens result;
  std::vector<Token>& tokens = result.tokens;
  std::optional<std::size_t> shared;
  const int shows = pictures.empty() ? kNoMessage : last_of_user(prompt.messages);
  Token bos = llama_vocab_get_add_bos(vocab_) ? llama_vocab_bos(vocab_) : LLAMA_TOKEN_NULL;
  for (const Piece& piece : pieces) {
    if (piece.message < 0) {
      append(piece.markup, true, tokens);
      continue;
    }
    bool is_own = piece.message >= prompt.shared_messages || piece.message == shows;
    if (is_own && !shared) shared = tokens.size();
    if (piece.message == shows) place(std::move(pictures), result);
    append_content(prompt.messages[static_cast<std::size_t>(piece.message)], tokens);
  }
  if (!shared) shared = tokens.size();
  append(begins_with, false, tokens);
  bool wants_bos = bos != LLAMA_TOKEN_NULL && (tokens.empty() || tokens.front() != bos);
  if (wants_bos) {
    tokens.insert(tokens.begin(), bos);
    for (PlacedCells& cells : result.pictures) ++cells.at;
  }
  KALE_CHECK(!tokens.empty(), "a prompt without tokens");
  if (tokens.back() == kPictureCell)
    return Error{Code::kBadConfig,
                 "its chat template ends with the picture, so nothing asks for a reply; set "
                 "chat_template to one that opens the assistant's turn"};
  // Of the last token the logits are wanted, so it is always computed.
  result.shared = std::min(*shared + (wants_bos ? 1 : 0), tokens.size() - 1);
  if (prompt.shared_messages == 0) result.shared = 0;
  return result;
}

}  // namespace kale::llama
