#include "kale/student/companions.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "kale/models/plain_chat.h"
#include "kale/models/vocabulary.h"

namespace kale {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;

constexpr int kBicubic = 3;  // of PIL.Image.Resampling

Json added_token(std::string_view content, std::int64_t number) {
  return {{"id", number},    {"content", content},  {"single_word", false}, {"lstrip", false},
          {"rstrip", false}, {"normalized", false}, {"special", true}};
}

Json number_or_null(std::int64_t token) { return token < 0 ? Json() : Json(token); }

Json ends_of(const DecoderConfig& text) {
  return text.eos_tokens.size() == 1 ? Json(text.eos_tokens.front()) : Json(text.eos_tokens);
}

Json tokenizer_config(const BpeVocabulary& vocabulary, const DecoderConfig& text) {
  auto token = [&](std::int64_t number) {
    return number < 0 ? Json() : Json(vocabulary.tokens[static_cast<std::size_t>(number)]);
  };
  std::int64_t begins = vocabulary.begins.value_or(text.bos_token);
  std::int64_t pad = text.pad_token < 0 ? text.eos_tokens.front() : text.pad_token;
  return {{"tokenizer_class", "PreTrainedTokenizerFast"},
          {"bos_token", token(begins)},
          {"eos_token", token(text.eos_tokens.front())},
          {"pad_token", token(pad)},
          {"additional_special_tokens", {kImageToken}},
          {"image_token", kImageToken},
          {"clean_up_tokenization_spaces", false},
          {"padding_side", "left"},
          {"model_max_length", text.positions}};
}

Json processor_config(const LlavaConfig& config) {
  bool full = config.feature_select == FeatureSelect::kFull;
  return {{"processor_class", "LlavaProcessor"},
          {"image_token", kImageToken},
          {"num_additional_image_tokens", config.vision.class_tokens()},
          {"patch_size", config.vision.patch_side},
          {"vision_feature_select_strategy", full ? "full" : "default"}};
}

Json picture_json(const PictureConfig& pictures) {
  Json size = {{"shortest_edge", pictures.height}};
  if (pictures.width != 0) size = {{"height", pictures.height}, {"width", pictures.width}};
  return {{"image_processor_type", "LlavaImageProcessor"},
          {"processor_class", "LlavaProcessor"},
          {"do_convert_rgb", true},
          {"do_pad", pictures.pad_square},
          {"do_resize", true},
          {"size", size},
          {"resample", kBicubic},
          {"do_center_crop", pictures.crop},
          {"crop_size", {{"height", pictures.crop_height}, {"width", pictures.crop_width}}},
          {"do_rescale", true},
          {"rescale_factor", pictures.scale},
          {"do_normalize", true},
          {"image_mean", pictures.mean},
          {"image_std", pictures.deviation}};
}

Json generation_config(const DecoderConfig& text, std::int64_t new_tokens_max) {
  std::int64_t pad = text.pad_token < 0 ? text.eos_tokens.front() : text.pad_token;
  return {{"bos_token_id", number_or_null(text.bos_token)},
          {"eos_token_id", ends_of(text)},
          {"pad_token_id", pad},
          {"do_sample", false},
          {"max_new_tokens", new_tokens_max}};
}

Status check(const Companions& companions, const BpeVocabulary& vocabulary,
             const std::string& name) {
  auto misfit = [&](const std::string& what, std::string_view cure) {
    return Error{Code::kBadConfig, fmt::format("{}: {}; {}", name, what, cure)};
  };
  const LlavaConfig& config = companions.config;
  if (config.image_token != companions.tokenizer.image) {
    return misfit(fmt::format("\"{}\" is token {}, and the student's image_token_index is {}",
                              kImageToken, companions.tokenizer.image, config.image_token),
                  "make the student with the tokeniser's number");
  }
  if (config.text.vocabulary < std::ssize(vocabulary.tokens)) {
    return misfit(fmt::format("{} tokens, and the student's embedding has {} rows",
                              vocabulary.tokens.size(), config.text.vocabulary),
                  "give the embedding a row for each");
  }
  if (config.text.eos_tokens.empty()) {
    return misfit("the student has no eos_token_id", "name the token that ends a reply");
  }
  std::vector<std::int64_t> named = config.text.eos_tokens;
  if (config.text.bos_token >= 0) named.push_back(config.text.bos_token);
  if (config.text.pad_token >= 0) named.push_back(config.text.pad_token);
  for (std::int64_t token : named) {
    if (token < 0 || token >= std::ssize(vocabulary.tokens)) {
      return misfit(fmt::format("the student's config names token {}, which is none", token),
                    "correct bos_token_id, eos_token_id or pad_token_id");
    }
  }
  return {};
}

}  // namespace

Result<StudentTokenizer> student_tokenizer(Disk& disk, const fs::path& folder) {
  const fs::path path = folder / "tokenizer.json";
  StudentTokenizer made;
  KALE_TRY(made.json, disk.read(path, kTokenizerBytesMax));
  KALE_TRY(auto vocabulary, read_vocabulary(made.json, path.string()));
  made.tokens = std::ssize(vocabulary.tokens);
  auto numbers = vocabulary.numbers();
  auto found = numbers.find(std::string(kImageToken));
  if (found != numbers.end()) {
    made.image = found->second;
    if (vocabulary.kinds[static_cast<std::size_t>(made.image)] == TokenKind::kControl) return made;
    return Error{Code::kBadConfig,
                 fmt::format("{}: \"{}\" is an ordinary token there, so words of a text would be "
                             "pictures; set \"special\" to true in added_tokens",
                             path.string(), kImageToken)};
  }
  Json json = Json::parse(made.json);
  made.image = made.tokens++;
  made.added = true;
  if (!json["added_tokens"].is_array()) json["added_tokens"] = Json::array();
  json["added_tokens"].push_back(added_token(kImageToken, made.image));
  made.json = json.dump(2) + "\n";
  return made;
}

PictureConfig student_pictures(const VisionConfig& vision) {
  PictureConfig pictures;
  pictures.pad_square = true;
  pictures.height = static_cast<int>(vision.image_side);
  pictures.crop_height = pictures.crop_width = pictures.height;
  if (vision.form == TowerForm::kSiglip) pictures.mean = pictures.deviation = {0.5, 0.5, 0.5};
  return pictures;
}

Status check_companions(const Companions& companions, const std::string& where) {
  KALE_TRY(auto vocabulary, read_vocabulary(companions.tokenizer.json, where));
  return check(companions, vocabulary, where);
}

Status write_companions(Disk& disk, const fs::path& folder, const Companions& companions) {
  const fs::path path = folder / "tokenizer.json";
  KALE_TRY(auto vocabulary, read_vocabulary(companions.tokenizer.json, path.string()));
  KALE_OK(check(companions, vocabulary, path.string()));
  const DecoderConfig& text = companions.config.text;
  KALE_OK(disk.make_folders(folder));
  auto write = [&](const char* name, const Json& json) {
    return write_whole_file(disk, folder / name, json.dump(2) + "\n");
  };
  KALE_OK(write_whole_file(disk, path, companions.tokenizer.json));
  KALE_OK(write_whole_file(disk, folder / "chat_template.jinja", kPlainChat));
  KALE_OK(write("tokenizer_config.json", tokenizer_config(vocabulary, text)));
  KALE_OK(write("processor_config.json", processor_config(companions.config)));
  KALE_OK(write("preprocessor_config.json", picture_json(companions.pictures)));
  return write("generation_config.json", generation_config(text, companions.new_tokens_max));
}

}  // namespace kale
