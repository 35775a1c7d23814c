// A small tokenizer.json, whole enough to be read.
#pragma once

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>

namespace kale {

// GPT-2's letter for a byte, worked out on its own.
inline std::string fake_letter(int byte) {
  int others = 0;
  for (int b = 0; b <= 255; ++b) {
    bool visible = (b > 32 && b < 127) || (b > 160 && b != 173);
    int code = visible ? b : 256 + others++;
    if (b != byte) continue;
    if (code < 128) return std::string(1, static_cast<char>(code));
    return {static_cast<char>(0xC0 + code / 64), static_cast<char>(0x80 + code % 64)};
  }
  return "";
}

// All bytes, "he", "ll", " w" and "hell", then <|end|> (special), <image> (special), <b> (not).
inline nlohmann::json fake_vocabulary() {
  using Json = nlohmann::json;
  Json vocabulary = Json::object();
  for (int byte = 0; byte < 256; ++byte) vocabulary[fake_letter(byte)] = byte;
  std::string blank = fake_letter(' ');
  vocabulary["he"] = 256;
  vocabulary["ll"] = 257;
  vocabulary[blank + "w"] = 258;
  vocabulary["hell"] = 259;
  Json added = Json::array();
  auto add = [&](int id, const char* content, bool special) {
    added.push_back({{"id", id},
                     {"content", content},
                     {"single_word", false},
                     {"lstrip", false},
                     {"rstrip", false},
                     {"normalized", false},
                     {"special", special}});
  };
  add(260, "<|end|>", true);
  add(261, "<image>", true);
  add(262, "<b>", false);
  return {
      {"version", "1.0"},
      {"normalizer", nullptr},
      {"pre_tokenizer", {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", true}}},
      {"post_processor", nullptr},
      {"decoder", {{"type", "ByteLevel"}}},
      {"added_tokens", added},
      {"model",
       {{"type", "BPE"},
        {"vocab", vocabulary},
        {"merges", {"h e", "l l", blank + " w", "he ll"}}}}};
}

}  // namespace kale
