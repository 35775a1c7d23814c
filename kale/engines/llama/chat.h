// Messages -> tokens, by the chat template of the model. The template is rendered with stand-ins
// for the contents and cut there: markup is tokenised with control tokens, contents without, so
// that "<|im_end|>" in a web page's text is six odd characters and ends no turn. Pictures stand
// before the text of the user's last message; no text stands for one.
// Errors   kBadConfig for a template that is unknown or loses a message
// Threads  const after construction; safe from many threads
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kale/core/engine.h"
#include "kale/core/result.h"
#include "kale/engines/llama/projector.h"
#include "kale/engines/llama/sampler.h"

struct llama_vocab;

namespace kale::llama {

struct Piece {
  std::string_view markup;
  int message = -1;  // whose content stands here; -1: markup
};

// "message content stands here" for message i; nothing a template would trim or hold itself.
std::string stand_in(std::size_t message);
// Cuts what the template made of `messages` stand-ins. Views into `rendered`.
Result<std::vector<Piece>> cut_at_stand_ins(std::string_view rendered, std::size_t messages);

// Stands among the tokens for a cell of a picture.
inline constexpr Token kPictureCell = -1;

struct PlacedCells {
  std::size_t at = 0;  // its first cell's index among the tokens
  PicturePart part;
};

struct PromptTokens {
  std::vector<Token> tokens;  // one for each cell of the KV cache
  std::size_t shared = 0;     // leading tokens before the row's own first message or picture
  std::vector<PlacedCells> pictures;  // in order

  // Of the token `index`, as the model counts: parts of pictures may take fewer than they have
  // cells.
  std::size_t position(std::size_t index) const;
  // The part whose first cell is the token `index`; nullptr where that is text.
  PlacedCells* picture_at(std::size_t index);
};

class Chat {
 public:
  // `source` is a Jinja template that llama.cpp recognises, or the name it has for one; or that of
  // kale's students (kale/models/plain_chat.h), or "plain".
  static Result<Chat> make(const llama_vocab* vocab, std::string source);

  // `begins_with`: what the reply begins with, as text. `pictures`: those of the prompt, cut.
  Result<PromptTokens> tokens(const Prompt& prompt, std::string_view begins_with = {},
                              std::vector<PicturePart> pictures = {}) const;

 private:
  Chat(const llama_vocab* vocab, std::string source);
  Result<std::string> render(const std::vector<Message>& messages) const;
  void append(std::string_view text, bool control, std::vector<Token>& tokens) const;
  void append_content(const Message& message, std::vector<Token>& tokens) const;

  const llama_vocab* vocab_;
  std::string source_;
  bool plain_;
};

}  // namespace kale::llama
