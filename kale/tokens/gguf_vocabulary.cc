#include "kale/tokens/gguf_vocabulary.h"

#include <fmt/format.h>
#include <gguf.h>
#include <llama.h>

#include <algorithm>

#include "kale/core/check.h"

namespace kale {
namespace {

std::int32_t type_of(TokenKind kind) {
  switch (kind) {
    case TokenKind::kNormal:
      return LLAMA_TOKEN_TYPE_NORMAL;
    case TokenKind::kControl:
      return LLAMA_TOKEN_TYPE_CONTROL;
    case TokenKind::kWord:
      return LLAMA_TOKEN_TYPE_USER_DEFINED;
    case TokenKind::kUnused:
      return LLAMA_TOKEN_TYPE_UNUSED;
  }
  KALE_CHECK(false, "a kind of token without a type");
  return LLAMA_TOKEN_TYPE_UNDEFINED;
}

void set_texts(gguf_context& file, const char* key, const std::vector<std::string>& texts) {
  std::vector<const char*> pointers;
  pointers.reserve(texts.size());
  for (const std::string& text : texts) pointers.push_back(text.c_str());
  gguf_set_arr_str(&file, key, pointers.data(), pointers.size());
}

}  // namespace

void set_vocabulary(gguf_context& file, const BpeVocabulary& vocabulary, std::int64_t rows) {
  std::vector<std::string> tokens = vocabulary.tokens;
  tokens.resize(std::max(tokens.size(), static_cast<std::size_t>(rows)));
  std::vector<std::int32_t> types;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    bool used = i < vocabulary.kinds.size() && vocabulary.kinds[i] != TokenKind::kUnused;
    types.push_back(type_of(used ? vocabulary.kinds[i] : TokenKind::kUnused));
    if (!used) tokens[i] = fmt::format("[PAD{}]", i);  // every number needs a text of its own
  }
  gguf_set_val_str(&file, "tokenizer.ggml.model", "gpt2");
  gguf_set_val_str(&file, "tokenizer.ggml.pre", vocabulary.split.c_str());
  set_texts(file, "tokenizer.ggml.tokens", tokens);
  gguf_set_arr_data(&file, "tokenizer.ggml.token_type", GGUF_TYPE_INT32, types.data(),
                    types.size());
  set_texts(file, "tokenizer.ggml.merges", vocabulary.merges);
  gguf_set_val_bool(&file, "tokenizer.ggml.add_bos_token", vocabulary.begins.has_value());
  if (vocabulary.begins) {
    gguf_set_val_u32(&file, "tokenizer.ggml.bos_token_id",
                     static_cast<std::uint32_t>(*vocabulary.begins));
  }
}

}  // namespace kale
