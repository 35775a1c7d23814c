#include "kale/describe/words.h"

#include <algorithm>
#include <array>
#include <utility>

#include "kale/text/utf8.h"
#include "kale/text/words.h"

namespace kale::describe {

Words words_of(std::string_view text) {
  std::string normal = normal_form(text);
  std::ranges::replace(normal, '-', ' ');
  Words found;
  for (std::string_view word : kale::words(normal)) found.emplace_back(word);
  return found;
}

std::optional<std::string> take_quotes(std::string_view text, std::vector<std::string>& quotes) {
  static constexpr std::array<std::string_view, 4> kMarks{"\"", "\u201C", "\u201D", "\u201E"};
  std::string outside;
  std::string quote;
  bool open = false;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t mark = 0;
    for (std::string_view candidate : kMarks)
      if (text.substr(i).starts_with(candidate)) mark = candidate.size();
    if (mark > 0) {
      if (open) quotes.push_back(std::exchange(quote, {}));
      open = !open;
      i += mark;
      continue;
    }
    (open ? quote : outside) += text[i++];
  }
  if (open) return std::nullopt;
  return outside;
}

}  // namespace kale::describe
