// Messages -> tokens, by the chat template of the model. The template is rendered with stand-ins
// for the contents and cut there: markup is tokenised with control tokens, contents without, so
// that "<|im_end|>" in a web page's text is six odd characters and ends no turn.
// Errors   kBadConfig for a template that is unknown or loses a message
// Threads  const after construction; safe from many threads
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kale/core/engine.h"
#include "kale/core/result.h"
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

struct PromptTokens {
  std::vector<Token> tokens;
  std::size_t shared = 0;  // leading tokens that stand before the first message of the row's own
};

class Chat {
 public:
  // `source` is a Jinja template that llama.cpp recognises, or the name it has for one.
  static Result<Chat> make(const llama_vocab* vocab, std::string source);

  // `begins_with`: what the reply begins with, as text.
  Result<PromptTokens> tokens(const Prompt& prompt, std::string_view begins_with = {}) const;

 private:
  Chat(const llama_vocab* vocab, std::string source);
  Result<std::string> render(const std::vector<Message>& messages) const;
  void append(std::string_view text, bool control, std::vector<Token>& tokens) const;

  const llama_vocab* vocab_;
  std::string source_;
};

}  // namespace kale::llama
