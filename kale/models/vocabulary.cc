#include "kale/models/vocabulary.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <unordered_set>
#include <utility>

namespace kale {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kValueCharsInErrors = 200;
constexpr std::string_view kQwen2Split =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|)"
    R"(\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr std::string_view kLlama3Split =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|)"
    R"(\s*[\r\n]+|\s+(?!\S)|\s+)";

// Null where the key is absent or null.
const Json* find(const Json& json, std::string_view key) {
  if (!json.is_object()) return nullptr;
  auto found = json.find(key);
  return found == json.end() || found->is_null() ? nullptr : &*found;
}

std::string text(const Json& json, std::string_view key) {
  const Json* found = find(json, key);
  return found && found->is_string() ? found->get<std::string>() : "";
}

bool flag(const Json& json, std::string_view key, bool otherwise) {
  const Json* found = find(json, key);
  return found && found->is_boolean() ? found->get<bool>() : otherwise;
}

bool is_byte_level(const Json& step, bool splits) {
  return text(step, "type") == "ByteLevel" && !flag(step, "add_prefix_space", true) &&
         flag(step, "use_regex", true) == splits;
}

// The pattern of a step that cuts texts where it matches; empty for any other step.
std::string pattern_of(const Json& step) {
  const Json* pattern = find(step, "pattern");
  bool cuts = text(step, "type") == "Split" && text(step, "behavior") == "Isolated" &&
              !flag(step, "invert", false) && pattern;
  return cuts ? text(*pattern, "Regex") : "";
}

// The letter that stands for a byte, as GPT-2 gave it: itself where it can be seen, else one from
// U+0100 on.
std::string letter_of(int byte) {
  auto visible = [](int b) {
    return (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || (b >= 0xAE && b <= 0xFF);
  };
  int code = byte;
  if (!visible(byte)) {
    code = 0x100;
    for (int b = 0; b < byte; ++b) code += visible(b) ? 0 : 1;
  }
  if (code < 0x80) return {static_cast<char>(code)};
  return {static_cast<char>(0xC0 | (code >> 6)), static_cast<char>(0x80 | (code & 0x3F))};
}

class VocabularyReader {
 public:
  VocabularyReader(const Json& json, std::string_view file) : json_(json), file_(file) {}

  Result<BpeVocabulary> read() {
    const Json* model = find(json_, "model");
    const Json* type = model ? find(*model, "type") : nullptr;
    if (!type || *type != "BPE") return refuse("model.type", type ? *type : Json(), "BPE");
    KALE_OK(read_split(*model));
    KALE_OK(read_normalizer());
    KALE_OK(read_tokens(*model));
    KALE_OK(read_added());
    KALE_OK(check_bytes());
    KALE_OK(read_merges(*model));
    KALE_OK(read_beginning());
    return std::move(made_);
  }

 private:
  Error refuse(std::string_view key, const Json& value, std::string_view known) const {
    std::string shown = value.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (shown.size() > kValueCharsInErrors) shown = shown.substr(0, kValueCharsInErrors) + "...";
    return {Code::kBadConfig,
            fmt::format("{}: key {} is {}, where kale knows {}; take a model whose tokeniser is "
                        "byte-level BPE as of GPT-2, SmolLM2, Qwen2 or Llama 3",
                        file_, key, shown, known)};
  }
  Error corrupt(std::string what) const {
    return {Code::kCorrupt, fmt::format("{}: {}; download the file again", file_, what)};
  }

  Status read_split(const Json& model) {
    const Json* step = find(json_, "pre_tokenizer");
    made_.split = step ? split_of(*step) : "";
    if (made_.split.empty()) {
      return refuse(
          "pre_tokenizer", step ? *step : Json(),
          "ByteLevel alone (GPT-2), with Digits before it (SmolLM2), or with the Split of "
          "Qwen2 or Llama 3");
    }
    // llama.cpp looks whole words up before it merges for Llama 3 only.
    bool whole_words = flag(model, "ignore_merges", false);
    if (whole_words != (made_.split == "llama-bpe")) {
      return refuse("model.ignore_merges", whole_words, "true for Llama 3's split, else false");
    }
    for (const char* key : {"continuing_subword_prefix", "end_of_word_suffix"}) {
      if (!text(model, key).empty()) return refuse(key, model[key], "none");
    }
    if (flag(model, "byte_fallback", false)) return refuse("model.byte_fallback", true, "false");
    if (find(model, "dropout") && model["dropout"] != 0) {
      return refuse("model.dropout", model["dropout"], "none");
    }
    const Json* decoder = find(json_, "decoder");
    if (!decoder || text(*decoder, "type") != "ByteLevel") {
      return refuse("decoder", decoder ? *decoder : Json(), "ByteLevel");
    }
    return {};
  }

  static std::string split_of(const Json& step) {
    if (is_byte_level(step, true)) return "gpt-2";
    const Json* steps = find(step, "pretokenizers");
    if (text(step, "type") != "Sequence" || !steps || !steps->is_array() || steps->size() != 2) {
      return "";
    }
    const Json& first = (*steps)[0];
    const Json& second = (*steps)[1];
    if (text(first, "type") == "Digits" && flag(first, "individual_digits", false)) {
      return is_byte_level(second, true) ? "smollm" : "";
    }
    if (!is_byte_level(second, false)) return "";
    std::string pattern = pattern_of(first);
    if (pattern == kQwen2Split) return "qwen2";
    return pattern == kLlama3Split ? "llama-bpe" : "";
  }

  Status read_normalizer() {
    const Json* normalizer = find(json_, "normalizer");
    made_.nfc = normalizer && text(*normalizer, "type") == "NFC";
    const Json* parts = normalizer ? find(*normalizer, "normalizers") : nullptr;
    bool nothing = !normalizer || (parts && parts->is_array() && parts->empty());
    if (!nothing && !made_.nfc) return refuse("normalizer", *normalizer, "none and NFC");
    return {};
  }

  Status read_tokens(const Json& model) {
    const Json* vocabulary = find(model, "vocab");
    if (!vocabulary || !vocabulary->is_object()) return corrupt("model.vocab is no object");
    for (const auto& [token, number] : vocabulary->items()) {
      KALE_OK(add(token, number, TokenKind::kNormal));
    }
    return {};
  }

  Status read_added() {
    const Json* added = find(json_, "added_tokens");
    if (!added) return {};
    if (!added->is_array()) return corrupt("added_tokens is no list");
    for (const Json& one : *added) {
      std::string content = text(one, "content");
      for (const char* key : {"single_word", "lstrip", "rstrip"}) {
        if (flag(one, key, false)) {
          return refuse(fmt::format("added_tokens \"{}\" {}", content, key), true, "false");
        }
      }
      if (content.empty()) return corrupt("a token of added_tokens has no content");
      bool special = flag(one, "special", false);
      KALE_OK(
          add(content, one.value("id", Json()), special ? TokenKind::kControl : TokenKind::kWord));
    }
    return {};
  }

  Status add(const std::string& token, const Json& number, TokenKind kind) {
    if (!number.is_number_unsigned() || number.get<std::uint64_t>() >= kTokensMax) {
      return corrupt(fmt::format("token \"{}\" has the number {}, none from 0 to {}", token,
                                 number.dump(), kTokensMax - 1));
    }
    if (token.empty()) return corrupt("a token is empty");
    auto at = number.get<std::size_t>();
    auto [known, is_new] = numbers_.try_emplace(token, at);
    if (!is_new && known->second != at) {
      return corrupt(fmt::format("token \"{}\" has two numbers", token));
    }
    if (at >= made_.tokens.size()) {
      made_.tokens.resize(at + 1);
      made_.kinds.resize(at + 1, TokenKind::kUnused);
    }
    if (!made_.tokens[at].empty() && made_.tokens[at] != token) {
      return corrupt(
          fmt::format("tokens \"{}\" and \"{}\" have one number", made_.tokens[at], token));
    }
    made_.tokens[at] = token;
    made_.kinds[at] = kind;
    return {};
  }

  // Then every text has tokens, and an unknown one cannot come up.
  Status check_bytes() {
    for (int byte = 0; byte < 256; ++byte) {
      if (numbers_.contains(letter_of(byte))) continue;
      return Error{Code::kBadConfig,
                   fmt::format("{}: model.vocab has no token for the byte {}; train the tokeniser "
                               "with ByteLevel's whole alphabet, or take another model",
                               file_, byte)};
    }
    return {};
  }

  Status read_merges(const Json& model) {
    const Json* merges = find(model, "merges");
    if (!merges || !merges->is_array()) return corrupt("model.merges is no list");
    made_.merges.reserve(merges->size());
    for (const Json& merge : *merges) {
      std::string joined;
      if (merge.is_string()) joined = merge.get<std::string>();
      if (merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string()) {
        joined = merge[0].get<std::string>() + " " + merge[1].get<std::string>();
      }
      std::size_t blank = joined.find(' ');
      std::string product = joined;
      if (blank != std::string::npos) product.erase(blank, 1);
      if (blank == std::string::npos || !numbers_.contains(product)) {
        return corrupt(fmt::format("merge {} joins no two tokens into one",
                                   merge.dump(-1, ' ', false, Json::error_handler_t::replace)));
      }
      made_.merges.push_back(std::move(joined));
    }
    return {};
  }

  // A post-processor that puts one token before a text; others put none.
  Status read_beginning() {
    const Json* post = find(json_, "post_processor");
    if (!post) return {};
    std::vector<const Json*> steps = {post};
    if (text(*post, "type") == "Sequence") {
      steps.clear();
      const Json* inner = find(*post, "processors");
      if (!inner || !inner->is_array()) return refuse_post(*post);
      for (const Json& step : *inner) steps.push_back(&step);
    }
    for (const Json* step : steps) {
      if (text(*step, "type") == "ByteLevel") continue;
      if (text(*step, "type") != "TemplateProcessing") return refuse_post(*post);
      const Json* single = find(*step, "single");
      if (!single || !single->is_array()) return refuse_post(*post);
      for (std::size_t i = 0; i < single->size(); ++i) {
        const Json* special = find((*single)[i], "SpecialToken");
        if (!special) continue;
        auto found = numbers_.find(text(*special, "id"));
        if (i != 0 || found == numbers_.end()) return refuse_post(*post);
        made_.begins = static_cast<std::int64_t>(found->second);
      }
    }
    return {};
  }
  Error refuse_post(const Json& post) const {
    return refuse("post_processor", post,
                  "none, ByteLevel, and TemplateProcessing with one token before the text");
  }

  const Json& json_;
  const std::string file_;
  BpeVocabulary made_;
  std::unordered_map<std::string, std::size_t> numbers_;
};

}  // namespace

std::unordered_map<std::string, std::int64_t> BpeVocabulary::numbers() const {
  std::unordered_map<std::string, std::int64_t> numbers;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (kinds[i] != TokenKind::kUnused) numbers[tokens[i]] = static_cast<std::int64_t>(i);
  }
  return numbers;
}

Result<BpeVocabulary> read_vocabulary(std::string_view json, std::string_view name) {
  Json parsed = Json::parse(json, nullptr, false);
  if (!parsed.is_object()) {
    return Error{Code::kCorrupt, fmt::format("{}: no JSON object; download the file again", name)};
  }
  return VocabularyReader(parsed, name).read();
}

}  // namespace kale
