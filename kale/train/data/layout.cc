#include "kale/train/data/layout.h"

#include <string>

#include "kale/text/alt_text.h"

namespace kale {

std::vector<std::int64_t> prompt_tokens(const Layout& layout, const LayoutOptions& options,
                                        std::string_view alt_text) {
  std::vector<std::int64_t> tokens;
  if (layout.begin_token >= 0) tokens.push_back(layout.begin_token);
  tokens.insert(tokens.end(), static_cast<std::size_t>(layout.image_tokens), layout.image_token);
  // In one piece, as whoever asks the student tokenises it.
  const std::string shown = shown_alt_text(alt_text, options.alt_text_chars_max);
  const std::vector<std::int64_t> text = layout.encode(shown + "\n");
  tokens.insert(tokens.end(), text.begin(), text.end());
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
