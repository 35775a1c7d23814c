// The tokenizer of captions: any bytes end in tokens without two blanks side by side, and what was
// tokenized holds no more bytes than its input can be worth.
#include <cstdint>
#include <string_view>

#include "kale/core/check.h"
#include "kale/evaluate/overlap/ptb_tokenizer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string line = kale::ptb_tokenized(text, text);
  KALE_CHECK(line.find("  ") == std::string::npos, "an empty token");
  KALE_CHECK(line.empty() || (line.front() != ' ' && line.back() != ' '), "a blank at an end");
  KALE_CHECK(line.size() <= 6 * size, "more text than there was");
  return 0;
}
