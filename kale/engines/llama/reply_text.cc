#include "kale/engines/llama/reply_text.h"

#include <algorithm>
#include <utility>

namespace kale::llama {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

struct Range {
  unsigned char low, high;
};

// What the second byte of a sequence may be: no overlong forms, surrogates or code points beyond
// U+10FFFF (Unicode 15, table 3-7).
Range second_byte(unsigned char first) {
  switch (first) {
    case 0xE0:
      return {0xA0, 0xBF};
    case 0xED:
      return {0x80, 0x9F};
    case 0xF0:
      return {0x90, 0xBF};
    case 0xF4:
      return {0x80, 0x8F};
    default:
      return {0x80, 0xBF};
  }
}

// Bytes of the sequence that `first` begins; 0 where no sequence begins so.
std::size_t sequence_bytes(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return 2;
  if (first >= 0xE0 && first <= 0xEF) return 3;
  if (first >= 0xF0 && first <= 0xF4) return 4;
  return 0;
}

// How many bytes from `at` on belong to the sequence that begins there, as far as they are right.
std::size_t right_bytes(std::string_view text, std::size_t at, std::size_t wanted) {
  auto range = second_byte(static_cast<unsigned char>(text[at]));
  std::size_t right = 1;
  while (right < wanted && at + right < text.size()) {
    char c = text[at + right];
    auto byte = static_cast<unsigned char>(c);
    bool fits = right == 1 ? byte >= range.low && byte <= range.high : is_continuation(c);
    if (!fits) break;
    ++right;
  }
  return right;
}

}  // namespace

ReplyText::ReplyText(std::vector<std::string> stop) : stop_(std::move(stop)) {
  std::erase(stop_, "");
  for (const std::string& text : stop_) stop_bytes_max_ = std::max(stop_bytes_max_, text.size());
}

bool ReplyText::add(std::string_view bytes) {
  std::size_t from = text_.size() < stop_bytes_max_ ? 0 : text_.size() - stop_bytes_max_;
  text_.append(bytes);
  std::size_t end = std::string::npos;
  for (const std::string& text : stop_) end = std::min(end, text_.find(text, from));
  if (end == std::string::npos) return false;
  text_.resize(end);
  return true;
}

std::string ReplyText::take() {
  std::string out;
  for (std::size_t at = 0; at < text_.size();) {
    std::size_t wanted = sequence_bytes(static_cast<unsigned char>(text_[at]));
    std::size_t right = wanted == 0 ? 1 : right_bytes(text_, at, wanted);
    if (wanted != 0 && right == wanted) {
      out.append(text_, at, right);
    } else if (wanted == 0 || at + right < text_.size()) {
      out.append(kReplacement);
    }  // else torn by the end
    at += right;
  }
  text_.clear();
  return out;
}

bool ends_in_loop(std::span<const Token> tokens, std::size_t run_max, std::size_t times) {
  for (std::size_t run = 1; run <= run_max && run * times <= tokens.size(); ++run) {
    std::size_t wanted = std::max(run * times, kLoopTokensMin);
    if (wanted > tokens.size()) continue;
    auto tail = tokens.last(wanted);
    // A text repeats with period `run` where it equals itself moved by `run`.
    if (std::equal(tail.begin() + static_cast<std::ptrdiff_t>(run), tail.end(), tail.begin()))
      return true;
  }
  return false;
}

}  // namespace kale::llama
