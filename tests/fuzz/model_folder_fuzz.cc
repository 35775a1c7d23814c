// JSON files of a model's folder: the first byte says which reader takes the rest. Whatever is read
// must be whole: tokens that are told apart, a config that reads again as it is written.
#include <cstdint>
#include <string_view>

#include "kale/core/check.h"
#include "kale/models/config.h"
#include "kale/models/picture_config.h"
#include "kale/models/vocabulary.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view json(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] % 3 == 0) {
    auto vocabulary = kale::read_vocabulary(json, "tokenizer.json");
    if (!vocabulary) return 0;
    std::size_t used = 0;
    for (kale::TokenKind kind : vocabulary->kinds) used += kind != kale::TokenKind::kUnused ? 1 : 0;
    KALE_CHECK(vocabulary->numbers().size() == used, "every token has one number");
    KALE_CHECK(vocabulary->kinds.size() == vocabulary->tokens.size(), "every token has a kind");
  } else if (data[0] % 3 == 1) {
    auto config = kale::read_config(json, "config.json");
    if (!config) return 0;
    std::string written = kale::write_config(*config);
    auto again = kale::read_config(written, "written");
    KALE_CHECK(again && kale::write_config(*again) == written, "it reads as it was written");
  } else {
    auto pictures = kale::read_picture_config(json, "preprocessor_config.json");
    KALE_CHECK(!pictures || pictures->height > 0, "pictures have a height");
  }
  return 0;
}
