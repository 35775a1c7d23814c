// Texts -> tokens and back, as the tokenizer.json of a Hugging Face folder says. A text is only
// ever text: "<image>" or "<|im_end|>" in a web page's words are characters, never the special
// token. Special tokens are put between texts by number, see id_of().
// Errors   those of kale/models/vocabulary.h and the disk's; kNotBuilt without llama.cpp
// Threads  const after open(); safe from many threads
// Units    texts in UTF-8, tokens by number
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kale/core/result.h"
#include "kale/io/disk.h"

namespace kale {

class Tokenizer {
 public:
  // Reads folder/tokenizer.json.
  static Result<std::unique_ptr<Tokenizer>> open(Disk& disk, const std::filesystem::path& folder);
  ~Tokenizer();
  Tokenizer(const Tokenizer&) = delete;
  Tokenizer& operator=(const Tokenizer&) = delete;

  // No token is put before or behind the text's own.
  std::vector<std::int64_t> encode(std::string_view text) const;
  // Special tokens, and numbers that are no token's, are left out; bytes that are not UTF-8 become
  // U+FFFD.
  std::string decode(std::span<const std::int64_t> tokens) const;

  // One more than the largest number; a network's embedding may have rows beyond.
  std::int64_t size() const;
  // Of a token as tokenizer.json writes it: "<image>", "<|im_end|>".
  std::optional<std::int64_t> id_of(std::string_view token) const;
  // The token that the model wants before every text, as the file's post_processor says.
  std::optional<std::int64_t> begins() const;

 private:
  struct State;
  explicit Tokenizer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace kale
