#include <nlohmann/json.hpp>
#include <type_traits>

#include "kale/models/activation_names.h"
#include "kale/models/config.h"

namespace kale {
namespace {

using Json = nlohmann::ordered_json;

class Writer : public ConfigVisitor {
 public:
  void key(std::string_view name, std::int64_t& value, std::int64_t, std::int64_t) override {
    set(name, value);
  }
  void key(std::string_view name, double& value) override { set(name, value); }
  void key(std::string_view name, bool& value) override { set(name, value); }
  void key(std::string_view name, Activation& value) override { set(name, name_of(value)); }

  template <class T>
  void set(std::string_view name, const T& value) {
    json[std::string(name)] = value;
  }
  // Architecture first, for whoever reads the file.
  void begin(std::string_view architecture, std::string_view type) {
    set("architectures", Json::array({architecture}));
    set("model_type", type);
  }
  Json json = Json::object();
};

// A visit() takes its struct as one to fill, so each function below has a copy of its own.
Json json_of(VisionConfig config) {
  Writer w;
  bool clip = config.form == TowerForm::kClip;
  w.begin(clip ? "CLIPVisionModel" : "SiglipVisionModel",
          clip ? "clip_vision_model" : "siglip_vision_model");
  config.visit(w);
  return w.json;
}

Json json_of(TextTowerConfig config) {
  config.complete();
  Writer w;
  bool clip = config.form == TowerForm::kClip;
  w.begin(clip ? "CLIPTextModel" : "SiglipTextModel",
          clip ? "clip_text_model" : "siglip_text_model");
  config.visit(w);
  return w.json;
}

Json json_of(DualConfig config) {
  Writer w;
  bool clip = config.form == TowerForm::kClip;
  w.begin(clip ? "CLIPModel" : "SiglipModel", clip ? "clip" : "siglip");
  config.visit(w);
  w.set("text_config", json_of(config.text));
  w.set("vision_config", json_of(config.vision));
  return w.json;
}

// Both spellings: transformers 4 and llama.cpp's converter read rope_theta, 5 rope_parameters.
void write_rope(Writer& w, const Rope& rope) {
  Json parameters = {{"rope_type", "default"}, {"rope_theta", rope.theta}};
  if (rope.stretch) {
    parameters = {{"rope_type", "llama3"},
                  {"rope_theta", rope.theta},
                  {"factor", rope.stretch->factor},
                  {"low_freq_factor", rope.stretch->low_frequency_factor},
                  {"high_freq_factor", rope.stretch->high_frequency_factor},
                  {"original_max_position_embeddings", rope.stretch->original_positions}};
  }
  w.set("rope_theta", rope.theta);
  if (rope.stretch) w.set("rope_scaling", parameters);
  w.set("rope_parameters", parameters);
}

Json json_of(DecoderConfig config) {
  config.complete();
  Writer w;
  bool llama = config.form == DecoderForm::kLlama;
  w.begin(llama ? "LlamaForCausalLM" : "Qwen2ForCausalLM", llama ? "llama" : "qwen2");
  config.visit(w);
  write_rope(w, config.rope);
  auto token = [&](std::string_view name, std::int64_t id) {
    w.set(name, id < 0 ? Json() : Json(id));
  };
  token("bos_token_id", config.bos_token);
  token("pad_token_id", config.pad_token);
  if (config.eos_tokens.empty()) {
    w.set("eos_token_id", Json());
  } else if (config.eos_tokens.size() == 1) {
    w.set("eos_token_id", config.eos_tokens.front());
  } else {
    w.set("eos_token_id", config.eos_tokens);
  }
  return w.json;
}

Json json_of(LlavaConfig config) {
  Writer w;
  w.begin("LlavaForConditionalGeneration", "llava");
  config.visit(w);
  w.set("vision_feature_select_strategy",
        config.feature_select == FeatureSelect::kFull ? "full" : "default");
  w.set("image_seq_length", config.image_tokens());
  w.set("tie_word_embeddings", config.text.tied);
  w.set("vision_config", json_of(config.vision));
  w.set("text_config", json_of(config.text));
  return w.json;
}

}  // namespace

std::string write_config(const NetworkConfig& config) {
  return std::visit([](const auto& one) { return json_of(one); }, config).dump(2) + "\n";
}

}  // namespace kale
