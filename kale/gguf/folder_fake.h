// A small student's folder: every tensor holds its own numbers. Made of config.json's names alone.
#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "kale/io/disk.h"
#include "kale/models/config.h"
#include "kale/models/safetensors.h"
#include "kale/models/vocabulary_fake.h"

namespace kale {

struct FakeFolder {
  LlavaConfig config;
  std::map<std::string, std::vector<std::int64_t>> shapes;
  std::map<std::string, std::vector<float>> values;

  explicit FakeFolder(TowerForm tower = TowerForm::kClip, DecoderForm text = DecoderForm::kLlama) {
    bool clip = tower == TowerForm::kClip;
    config.vision = VisionConfig(tower);
    config.vision.encoder = {.width = 32, .mlp_width = 48, .layers = 2, .heads = 2};
    config.vision.encoder.activation = clip ? Activation::kQuickGelu : Activation::kGeluTanh;
    config.vision.image_side = 16;
    config.vision.patch_side = 8;
    config.vision.pooling_head = false;
    config.text = DecoderConfig(text);
    config.text.vocabulary = 266;
    config.text.width = 32;
    config.text.mlp_width = 64;
    config.text.layers = 1;
    config.text.heads = 4;
    config.text.kv_heads = 2;
    config.text.head_width = 8;
    config.text.positions = 64;
    config.text.bos_token = -1;
    config.text.eos_tokens = {260};
    config.image_token = 261;
    config.feature_layer = -1;
    config.feature_select = clip ? FeatureSelect::kDefault : FeatureSelect::kFull;
    config.projector_activation = Activation::kGeluTanh;
  }

  void fill() {
    shapes.clear();
    values.clear();
    fill_tower();
    fill_decoder();
    linear("multi_modal_projector.linear_1", config.text.width, config.vision.encoder.width,
           config.projector_bias);
    linear("multi_modal_projector.linear_2", config.text.width, config.text.width,
           config.projector_bias);
    int number = 0;
    for (const auto& [name, shape] : shapes) {
      std::int64_t count = 1;
      for (std::int64_t side : shape) count *= side;
      auto& held = values[name];
      for (std::int64_t i = 0; i < count; ++i)
        held.push_back(static_cast<float>(number) + static_cast<float>(i) / 8192);
      ++number;
    }
  }

  void write(const std::filesystem::path& folder) const {
    std::map<std::string, Tensor, std::less<>> tensors;
    for (const auto& [name, shape] : shapes) {
      const auto& held = values.at(name);
      tensors[name] = {.dtype = "F32",
                       .shape = shape,
                       .bytes = {reinterpret_cast<const char*>(held.data()), 4 * held.size()}};
    }
    auto put = [&](const char* name, const std::string& text) {
      KALE_CHECK(write_whole_file(real_disk(), folder / name, text).has_value(), name);
    };
    KALE_CHECK(real_disk().make_folders(folder).has_value(), "a folder can be made");
    KALE_CHECK(
        write_safetensors(real_disk(), folder / "model.safetensors", tensors, {}).has_value(),
        "weights can be written");
    put("config.json", write_config(config));
    put("tokenizer.json", fake_vocabulary().dump());
    put("preprocessor_config.json",
        R"({"image_processor_type": "LlavaImageProcessor", "do_pad": true,
            "size": {"shortest_edge": 16}, "crop_size": {"height": 16, "width": 16}})");
  }

 private:
  void linear(const std::string& name, std::int64_t out, std::int64_t in, bool bias) {
    shapes[name + ".weight"] = {out, in};
    if (bias) shapes[name + ".bias"] = {out};
  }
  void norm(const std::string& name, std::int64_t width) {
    shapes[name + ".weight"] = {width};
    shapes[name + ".bias"] = {width};
  }
  void fill_tower() {
    const VisionConfig& v = config.vision;
    const std::int64_t D = v.encoder.width;
    const std::string tower = "vision_tower.vision_model.";
    shapes[tower + "embeddings.patch_embedding.weight"] = {D, 3, v.patch_side, v.patch_side};
    shapes[tower + "embeddings.position_embedding.weight"] = {v.tokens(), D};
    if (v.form == TowerForm::kClip) {
      shapes[tower + "embeddings.class_embedding"] = {D};
      norm(tower + "pre_layrnorm", D);
    } else {
      shapes[tower + "embeddings.patch_embedding.bias"] = {D};
    }
    norm(tower + "post_layernorm", D);
    for (std::int64_t i = 0; i < v.encoder.layers; ++i) {
      const std::string block = fmt::format("{}encoder.layers.{}.", tower, i);
      for (const char* part : {"q_proj", "k_proj", "v_proj", "out_proj"})
        linear(block + "self_attn." + part, D, D, true);
      norm(block + "layer_norm1", D);
      norm(block + "layer_norm2", D);
      linear(block + "mlp.fc1", v.encoder.mlp_width, D, true);
      linear(block + "mlp.fc2", D, v.encoder.mlp_width, true);
    }
  }
  void fill_decoder() {
    const DecoderConfig& c = config.text;
    const std::string model = "language_model.model.";
    shapes[model + "embed_tokens.weight"] = {c.vocabulary, c.width};
    shapes[model + "norm.weight"] = {c.width};
    if (!c.tied) shapes["language_model.lm_head.weight"] = {c.vocabulary, c.width};
    for (std::int64_t i = 0; i < c.layers; ++i) {
      const std::string layer = fmt::format("{}layers.{}.", model, i);
      const std::int64_t wide = c.heads * c.head_width, narrow = c.kv_heads * c.head_width;
      shapes[layer + "input_layernorm.weight"] = {c.width};
      shapes[layer + "post_attention_layernorm.weight"] = {c.width};
      linear(layer + "self_attn.q_proj", wide, c.width, c.qkv_bias());
      linear(layer + "self_attn.k_proj", narrow, c.width, c.qkv_bias());
      linear(layer + "self_attn.v_proj", narrow, c.width, c.qkv_bias());
      linear(layer + "self_attn.o_proj", c.width, wide, false);
      linear(layer + "mlp.gate_proj", c.mlp_width, c.width, false);
      linear(layer + "mlp.up_proj", c.mlp_width, c.width, false);
      linear(layer + "mlp.down_proj", c.width, c.mlp_width, false);
    }
  }
};

}  // namespace kale
