// The byte-level BPE vocabulary of a Hugging Face folder, as tokenizer.json tells it: all that
// llama.cpp wants to know of one. The splits that it knows are recognised by their JSON.
// Format   tokenizer.json of `tokenizers`, merges in both notations ("a b" and ["a", "b"])
// Errors   kBadConfig, naming file, key and cure, for what is another kind of tokeniser; kCorrupt
//          for tokens that contradict each other
// Threads  plain values
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "kale/core/result.h"

namespace kale {

inline constexpr std::int64_t kTokenizerBytesMax = 128 << 20;
inline constexpr std::int64_t kTokensMax = 1 << 20;

enum class TokenKind {
  kNormal,   // made of bytes
  kControl,  // special: never found in a text
  kWord,     // added and not special: found in a text as it stands
  kUnused,   // a number without a token
};

struct BpeVocabulary {
  std::vector<std::string> tokens;  // by number; bytes as the letters that GPT-2 has for them
  std::vector<TokenKind> kinds;
  std::vector<std::string> merges;     // "a b", the first ones first
  std::string split;                   // llama.cpp's name: gpt-2, smollm, qwen2 or llama-bpe
  bool nfc = false;                    // texts are normalised first
  std::optional<std::int64_t> begins;  // the token that every text begins with

  std::unordered_map<std::string, std::int64_t> numbers() const;
};

// `name` is for messages.
Result<BpeVocabulary> read_vocabulary(std::string_view json, std::string_view name);

}  // namespace kale
