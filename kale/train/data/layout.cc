#include "kale/train/data/layout.h"

#include <algorithm>
#include <string>

namespace kale {

std::vector<std::int64_t> prompt_tokens(const Layout& layout, const LayoutOptions& options,
                                        std::string_view alt_text) {
  std::vector<std::int64_t> tokens;
  if (layout.begin_token >= 0) tokens.push_back(layout.begin_token);
  tokens.insert(tokens.end(), static_cast<std::size_t>(layout.image_tokens), layout.image_token);
  // In one piece, as whoever asks the student tokenises it.
  std::vector<std::int64_t> text = layout.encode(std::string(alt_text) + "\n");
  tokens.insert(tokens.end(), text.begin(), text.end());
  if (const std::int64_t over = std::ssize(text) - 1 - options.alt_text_tokens_max; over > 0) {
    tokens.resize(tokens.size() - static_cast<std::size_t>(over) - 1);
    std::vector<std::int64_t> newline = layout.encode("\n");
    tokens.insert(tokens.end(), newline.begin(), newline.end());
  }
  return tokens;
}

Example lay_out(const Layout& layout, const LayoutOptions& options, std::string_view alt_text,
                std::string_view caption) {
  Example example{.tokens = prompt_tokens(layout, options, alt_text)};
  example.prompt = std::ssize(example.tokens);
  std::vector<std::int64_t> text = layout.encode(caption);
  const bool whole = std::ssize(text) <= options.caption_tokens_max;
  if (!whole) text.resize(static_cast<std::size_t>(options.caption_tokens_max));
  example.tokens.insert(example.tokens.end(), text.begin(), text.end());
  if (whole) example.tokens.push_back(layout.end_token);
  return example;
}

}  // namespace kale
