#include "kale/gguf/export.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "kale/gguf/parts.h"
#include "kale/llama_log/llama_log.h"
#include "kale/models/folder.h"
#include "kale/models/vocabulary.h"
#include "kale/tokens/gguf_vocabulary.h"

namespace kale {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::json;

constexpr std::array<std::pair<std::string_view, WeightType>, 3> kTypes = {
    {{"f32", WeightType::kF32}, {"f16", WeightType::kF16}, {"q8_0", WeightType::kQ8_0}}};

Result<WeightType> type_named(const std::string& name) {
  for (auto [known, type] : kTypes) {
    if (known == name) return type;
  }
  return Error{Code::kBadConfig,
               fmt::format("--type {}: no such type; known: f32, f16, q8_0", name)};
}

Result<LlavaConfig> llava_config(Disk& disk, const fs::path& folder) {
  auto config = load_config(disk, folder);
  if (!config) return std::move(config).error();
  if (auto* llava = std::get_if<LlavaConfig>(&*config)) return std::move(*llava);
  return Error{Code::kBadConfig,
               fmt::format("{}: key model_type is not \"llava\"; only students of that form are "
                           "exported, others convert with llama.cpp's convert_hf_to_gguf.py",
                           (folder / "config.json").string())};
}

// The template of chat_template.jinja, else of tokenizer_config.json; empty for none.
Result<std::string> chat_template(Disk& disk, const fs::path& folder) {
  fs::path path = folder / "chat_template.jinja";
  KALE_TRY(auto own, disk.stat(path));
  if (own) return disk.read(path, kConfigBytesMax);
  path = folder / "tokenizer_config.json";
  KALE_TRY(auto info, disk.stat(path));
  if (!info) return std::string();
  KALE_TRY(auto text, disk.read(path, kConfigBytesMax));
  Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) {
    return Error{Code::kCorrupt,
                 fmt::format("{}: no JSON object; download the file again", path.string())};
  }
  auto found = json.find("chat_template");
  bool is_text = found != json.end() && found->is_string();
  return is_text ? found->get<std::string>() : std::string();
}

// The tokens that llama.cpp must know by their role: it ends replies at these.
Status set_special(GgufFile& file, const BpeVocabulary& vocabulary, const DecoderConfig& config,
                   const std::string& path) {
  constexpr std::array<std::string_view, 3> kEnds = {"eos", "eot", "eom"};
  if (config.eos_tokens.empty() || config.eos_tokens.size() > kEnds.size()) {
    return refused(path, "text_config.eos_token_id",
                   fmt::format("{} tokens", config.eos_tokens.size()), "knows one to three",
                   "name the tokens that end a reply");
  }
  auto set = [&](std::string_view role, std::int64_t token) -> Status {
    if (token < 0 || token >= config.vocabulary) {
      return refused(path, fmt::format("text_config.{}_token_id", role), std::to_string(token),
                     fmt::format("has {} tokens", config.vocabulary), "correct the key");
    }
    file.set(fmt::format("tokenizer.ggml.{}_token_id", role), token);
    return {};
  };
  for (std::size_t i = 0; i < config.eos_tokens.size(); ++i) {
    KALE_OK(set(kEnds[i], config.eos_tokens[i]));
  }
  if (config.pad_token >= 0) KALE_OK(set("padding", config.pad_token));
  if (config.bos_token >= 0 && !vocabulary.begins) KALE_OK(set("bos", config.bos_token));
  return {};
}

Status write_model(Disk& disk, const ExportOptions& options, WeightType type,
                   const LlavaConfig& config, LlavaWeights& weights, GgufFile& vision,
                   Exported& exported) {
  const std::string path = (options.folder / "config.json").string();
  const fs::path tokenizer = options.folder / "tokenizer.json";
  GgufFile text(type);
  KALE_OK(add_text(text, weights, config.text, path));
  KALE_OK(weights.check());

  KALE_TRY(auto json, disk.read(tokenizer, kTokenizerBytesMax));
  KALE_TRY(auto vocabulary, read_vocabulary(json, tokenizer.string()));
  if (std::ssize(vocabulary.tokens) > config.text.vocabulary) {
    return refused(path, "text_config.vocab_size", std::to_string(config.text.vocabulary),
                   fmt::format("needs a row for each of the {} tokens of {}",
                               vocabulary.tokens.size(), tokenizer.string()),
                   "train with an embedding of that size, or take the tokenizer.json that belongs "
                   "to the weights");
  }
  set_vocabulary(text.keys(), vocabulary, config.text.vocabulary);
  KALE_OK(set_special(text, vocabulary, config.text, path));
  KALE_TRY(auto chat, chat_template(disk, options.folder));
  if (chat.empty()) {
    exported.notes.push_back(
        "the folder has no chat template, so llama-server takes its own default; name one with "
        "--chat-template, and in kale's recipes with chat_template");
  } else {
    text.set("tokenizer.chat_template", chat);
  }
  if (vocabulary.nfc) {
    exported.notes.push_back(
        "the tokeniser composes accents first (NFC), which llama.cpp leaves to its caller: texts "
        "with accents in parts get other tokens there");
  }
  KALE_OK(disk.make_folders(options.out));
  KALE_OK(vision.write(disk, exported.projector));
  return text.write(disk, exported.model);
}

}  // namespace

Result<Exported> export_gguf(Disk& disk, const ExportOptions& options) {
  begin_llama();
  KALE_TRY(auto type, type_named(options.type));
  KALE_TRY(auto config, llava_config(disk, options.folder));
  KALE_TRY(auto pictures, load_picture_config(disk, options.folder));
  KALE_TRY(auto weights, LlavaWeights::open(disk, options.folder));

  std::string name = options.name;
  if (name.empty()) name = fs::absolute(options.folder / "").parent_path().filename().string();
  const bool whole = type == WeightType::kF32;
  Exported exported;
  exported.model = options.out / fmt::format("{}-{}.gguf", name, options.type);
  exported.projector = options.out / fmt::format("mmproj-{}-{}.gguf", name, whole ? "f32" : "f16");

  GgufFile vision(whole ? WeightType::kF32 : WeightType::kF16);
  KALE_OK(add_vision(vision, weights, config, pictures, (options.folder / "config.json").string(),
                     exported.notes));
  KALE_OK(write_model(disk, options, type, config, weights, vision, exported));
  return exported;
}

}  // namespace kale
