#include <fmt/format.h>

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "kale/models/activation_names.h"
#include "kale/models/config.h"

namespace kale {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kValueCharsInErrors = 40;
constexpr std::size_t kEosTokensMax = 64;

// One JSON object of the file; the first thing that does not fit is kept in status().
class Reader : public ConfigVisitor {
 public:
  Reader(const Json& json, std::string_view file, std::string prefix = "")
      : json_(json), file_(file), prefix_(std::move(prefix)) {}

  void key(std::string_view name, std::int64_t& value, std::int64_t min,
           std::int64_t max) override {
    const Json* found = find(name);
    if (found == nullptr) return;
    bool fits = found->is_number_integer() &&
                !(found->is_number_unsigned() &&
                  found->get<std::uint64_t>() > static_cast<std::uint64_t>(max));
    if (fits && found->get<std::int64_t>() >= min && found->get<std::int64_t>() <= max) {
      value = found->get<std::int64_t>();
    } else {
      refuse(name, *found, fmt::format("a whole number from {} to {}", min, max));
    }
  }
  void key(std::string_view name, double& value) override {
    const Json* found = find(name);
    if (found == nullptr) return;
    if (!found->is_number() || !std::isfinite(found->get<double>())) {
      return refuse(name, *found, "a number");
    }
    value = found->get<double>();
  }
  void key(std::string_view name, bool& value) override {
    const Json* found = find(name);
    if (found == nullptr) return;
    if (!found->is_boolean()) return refuse(name, *found, "true or false");
    value = found->get<bool>();
  }
  void key(std::string_view name, Activation& value) override {
    std::string text = this->text(name, "");
    if (text.empty()) return;
    auto known = activation_of(text);
    if (!known) return refuse(name, text, activation_names());
    value = *known;
  }

  // The text under `name`, or `otherwise` where there is none.
  std::string text(std::string_view name, std::string otherwise) {
    const Json* found = find(name);
    if (found == nullptr) return otherwise;
    if (found->is_string()) return found->get<std::string>();
    refuse(name, *found, "a text");
    return otherwise;
  }
  // Null where the key is absent or null.
  const Json* find(std::string_view name) const {
    auto found = json_.find(name);
    return found == json_.end() || found->is_null() ? nullptr : &*found;
  }
  // An object below this one; an empty one where it is absent.
  Reader inside(std::string_view name) {
    static const Json kEmpty = Json::object();
    const Json* found = find(name);
    if (found != nullptr && !found->is_object()) refuse(name, *found, "an object");
    bool usable = found != nullptr && found->is_object();
    return Reader(usable ? *found : kEmpty, file_, fmt::format("{}{}.", prefix_, name));
  }
  void refuse(std::string_view name, const Json& value, std::string_view expected) {
    if (error_) return;
    std::string shown = value.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (shown.size() > kValueCharsInErrors) shown = shown.substr(0, kValueCharsInErrors) + "...";
    error_ = Error{Code::kBadConfig,
                   fmt::format("{}: key {}{} is {}, where kale knows {}; correct the key if it is "
                               "wrong, else take another checkpoint",
                               file_, prefix_, name, shown, expected)};
  }
  Status status() const { return error_ ? Status(*error_) : Status(); }

 private:
  const Json& json_;
  std::string file_;
  std::string prefix_;
  std::optional<Error> error_;
};

void check_same(Reader& r, std::string_view name, double only) {
  double value = only;
  r.key(name, value);
  if (value != only) r.refuse(name, value, fmt::format("{} only", only));
}

void check_heads(Reader& r, std::int64_t width, std::int64_t heads) {
  if (width % heads != 0) {
    r.refuse("num_attention_heads", heads, fmt::format("divisors of hidden_size {}", width));
  }
}

Result<VisionConfig> read_vision(Reader r, VisionConfig config) {
  config.visit(r);
  check_same(r, "attention_dropout", 0);
  check_heads(r, config.encoder.width, config.encoder.heads);
  if (config.patch_side > config.image_side) {
    r.refuse("patch_size", config.patch_side,
             fmt::format("at most image_size {}", config.image_side));
  }
  KALE_OK(r.status());
  return config;
}

Result<TextTowerConfig> read_text_tower(Reader r, TowerForm form) {
  TextTowerConfig config(form);
  config.visit(r);
  check_same(r, "attention_dropout", 0);
  check_heads(r, config.encoder.width, config.encoder.heads);
  KALE_OK(r.status());
  config.complete();
  return config;
}

// transformers 5 writes rope_parameters; 4 writes rope_theta and, beside it, rope_scaling.
Rope read_rope(Reader& r, Status& status) {
  Rope rope;
  r.key("rope_theta", rope.theta);
  for (std::string_view key : {"rope_scaling", "rope_parameters"}) {
    if (r.find(key) == nullptr) continue;
    Reader inside = r.inside(key);
    inside.key("rope_theta", rope.theta);
    check_same(inside, "partial_rotary_factor", 1);
    std::string type = inside.text("rope_type", inside.text("type", "default"));
    if (type == "llama3") {
      RopeStretch& stretch = rope.stretch.emplace();
      inside.key("factor", stretch.factor);
      inside.key("low_freq_factor", stretch.low_frequency_factor);
      inside.key("high_freq_factor", stretch.high_frequency_factor);
      inside.key("original_max_position_embeddings", stretch.original_positions, 1, kPositionsMax);
    } else if (type != "default") {
      inside.refuse("rope_type", type, "default and llama3");
    }
    if (status) status = inside.status();
  }
  if (!(rope.theta > 0)) r.refuse("rope_theta", rope.theta, "numbers over 0");
  return rope;
}

std::vector<std::int64_t> read_eos(Reader& r, std::vector<std::int64_t> otherwise) {
  const Json* found = r.find("eos_token_id");
  if (found == nullptr) return otherwise;
  if (found->is_array() && found->size() <= kEosTokensMax) {
    std::vector<std::int64_t> tokens;
    for (const Json& token : *found) {
      if (!token.is_number_integer()) {
        r.refuse("eos_token_id", *found, "whole numbers");
        return otherwise;
      }
      tokens.push_back(token.get<std::int64_t>());
    }
    return tokens;
  }
  std::int64_t one = 0;
  r.key("eos_token_id", one, 0, kVocabularyMax);
  return {one};
}

Result<DecoderConfig> read_decoder(Reader r, DecoderForm form) {
  DecoderConfig config(form);
  config.visit(r);
  check_same(r, "attention_dropout", 0);
  bool slides = false;
  r.key("use_sliding_window", slides);
  if (slides) r.refuse("use_sliding_window", slides, "false only");
  Status inner;
  config.rope = read_rope(r, inner);
  config.eos_tokens = read_eos(r, config.eos_tokens);
  r.key("bos_token_id", config.bos_token, -1, kVocabularyMax);
  r.key("pad_token_id", config.pad_token, -1, kVocabularyMax);
  KALE_OK(inner);
  if (config.head_width == 0) check_heads(r, config.width, config.heads);
  config.complete();
  if (config.head_width % 2 != 0) r.refuse("head_dim", config.head_width, "even numbers");
  if (config.heads % config.kv_heads != 0) {
    r.refuse("num_key_value_heads", config.kv_heads,
             fmt::format("divisors of num_attention_heads {}", config.heads));
  }
  KALE_OK(r.status());
  return config;
}

Result<DualConfig> read_dual(Reader r, TowerForm form) {
  DualConfig config(form);
  config.visit(r);
  KALE_OK(r.status());
  KALE_TRY(config.vision, read_vision(r.inside("vision_config"), config.vision));
  KALE_TRY(config.text, read_text_tower(r.inside("text_config"), form));
  KALE_OK(r.status());
  return config;
}

std::optional<DecoderForm> decoder_form(std::string_view type) {
  if (type == "llama") return DecoderForm::kLlama;
  if (type == "qwen2") return DecoderForm::kQwen2;
  return std::nullopt;
}

Result<LlavaConfig> read_llava(Reader r) {
  LlavaConfig config;
  config.visit(r);
  r.key("image_token_id", config.image_token, 0, kVocabularyMax);
  std::string strategy = r.text("vision_feature_select_strategy", "default");
  if (strategy != "default" && strategy != "full") {
    r.refuse("vision_feature_select_strategy", strategy, "default and full");
  }
  config.feature_select = strategy == "full" ? FeatureSelect::kFull : FeatureSelect::kDefault;

  Reader vision = r.inside("vision_config");
  std::string tower = vision.text("model_type", "clip_vision_model");
  if (tower == "siglip_vision_model") config.vision = VisionConfig(TowerForm::kSiglip);
  if (tower != "siglip_vision_model" && tower != "clip_vision_model") {
    vision.refuse("model_type", tower, "clip_vision_model and siglip_vision_model");
  }
  Reader text = r.inside("text_config");
  std::string type = text.text("model_type", "llama");
  auto form = decoder_form(type);
  if (!form) text.refuse("model_type", type, "llama and qwen2");
  for (const Reader* reader : {&r, &vision, &text}) KALE_OK(reader->status());

  KALE_TRY(config.vision, read_vision(vision, config.vision));
  KALE_TRY(config.text, read_decoder(text, *form));
  // Written at the top, in the text's part, or in both.
  bool tied = false;
  r.key("tie_word_embeddings", tied);
  config.text.tied = config.text.tied || tied;
  if (config.vision_blocks() < 0 || config.vision_blocks() > config.vision.encoder.layers) {
    r.refuse("vision_feature_layer", config.feature_layer,
             fmt::format("layers of a tower with {}", config.vision.encoder.layers));
  }
  if (config.image_token >= config.text.vocabulary) {
    r.refuse("image_token_index", config.image_token,
             fmt::format("tokens below vocab_size {}", config.text.vocabulary));
  }
  KALE_OK(r.status());
  return config;
}

}  // namespace

Result<NetworkConfig> read_config(std::string_view json, std::string_view name) {
  Json parsed = Json::parse(json, nullptr, false);
  if (!parsed.is_object()) {
    return Error{Code::kBadConfig,
                 fmt::format("{}: no JSON object; download the checkpoint again", name)};
  }
  Reader r(parsed, name);
  if (const Json* found = r.find("quantization_config")) {
    r.refuse("quantization_config", *found, "checkpoints of F32, F16 or BF16 only");
  }
  std::string type = r.text("model_type", "");
  KALE_OK(r.status());
  auto widen = [](auto config) -> Result<NetworkConfig> {
    if (!config) return std::move(config).error();
    return NetworkConfig(std::move(*config));
  };
  if (auto form = decoder_form(type)) return widen(read_decoder(r, *form));
  if (type == "llava") return widen(read_llava(r));
  if (type == "clip") return widen(read_dual(r, TowerForm::kClip));
  if (type == "siglip") return widen(read_dual(r, TowerForm::kSiglip));
  if (type == "clip_vision_model") return widen(read_vision(r, VisionConfig(TowerForm::kClip)));
  if (type == "siglip_vision_model") {
    return widen(read_vision(r, VisionConfig(TowerForm::kSiglip)));
  }
  r.refuse("model_type", type,
           "clip, clip_vision_model, siglip, siglip_vision_model, llama, qwen2 and llava");
  return r.status().error();
}

}  // namespace kale
