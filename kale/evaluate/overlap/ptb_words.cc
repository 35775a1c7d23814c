#include "kale/evaluate/overlap/ptb_words.h"

#include <string>
#include <unordered_map>

#include "kale/core/check.h"
#include "kale/evaluate/overlap/ptb_chars.h"
#include "kale/evaluate/overlap/texts.h"
#include "kale/text/lists.h"

namespace kale::ptb {
namespace {

constexpr int kWordLengthMax = 16;

WordKind kind_named(std::string_view name) {
  if (name == "open") return kOpen;
  if (name == "title") return kTitle;
  if (name == "capital") return kCapital;
  if (name == "number") return kNumber;
  if (name == "starter") return kStarter;
  KALE_CHECK(name == "file", "unknown kind in kale/evaluate/overlap/ptb_words.txt");
  return kFileEnding;
}

std::unordered_map<std::string, unsigned> read_words() {
  std::unordered_map<std::string, unsigned> kinds;
  for (const std::string& line : list_lines(evaluate_overlap_texts::ptb_words)) {
    unsigned kind = 0;
    for (std::size_t begin = 0; begin < line.size();) {
      const std::size_t end = std::min(line.find(' ', begin), line.size());
      const std::string word = line.substr(begin, end - begin);
      if (begin == 0)
        kind = kind_named(word);
      else if (!word.empty())
        kinds[word] |= kind;
      begin = end + 1;
    }
  }
  return kinds;
}

}  // namespace

unsigned kinds_of_word(Place s, int length) {
  static const std::unordered_map<std::string, unsigned> kinds = read_words();
  if (length < 1 || length > kWordLengthMax) return 0;
  char lower[kWordLengthMax];
  for (int i = 0; i < length; ++i) {
    if (s[i] >= 0x80) return 0;
    lower[i] = static_cast<char>(is_ascii_capital(s[i]) ? s[i] + 32 : s[i]);
  }
  const auto found = kinds.find(std::string(lower, static_cast<std::size_t>(length)));
  return found == kinds.end() ? 0 : found->second;
}

}  // namespace kale::ptb
