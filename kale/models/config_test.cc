#include "kale/models/config.h"

#include <gtest/gtest.h>

namespace kale {
namespace {

std::string error_of(std::string_view json) {
  auto config = read_config(json, "folder/config.json");
  return config ? "" : config.error().message;
}

TEST(NetworkConfig, ReadsLlava15AsItIsPublishedWithMostKeysLeftOut) {
  auto config = read_config(R"({"model_type": "llava", "image_token_index": 32000,
      "projector_hidden_act": "gelu", "vision_feature_layer": -2,
      "vision_feature_select_strategy": "default",
      "text_config": {"model_type": "llama", "max_position_embeddings": 4096,
                      "rms_norm_eps": 1e-05, "vocab_size": 32064},
      "vision_config": {"model_type": "clip_vision_model", "hidden_size": 1024,
                        "image_size": 336, "intermediate_size": 4096, "num_attention_heads": 16,
                        "num_hidden_layers": 24, "patch_size": 14, "projection_dim": 768}})",
                            "config.json");
  ASSERT_TRUE(config) << describe_error(config.error());
  const auto& llava = std::get<LlavaConfig>(*config);
  EXPECT_EQ(llava.image_tokens(), 576);
  EXPECT_EQ(llava.vision_blocks(), 23);
  EXPECT_EQ(llava.vision.encoder.activation, Activation::kQuickGelu);
  EXPECT_EQ(llava.text.width, 4096);
  EXPECT_EQ(llava.text.kv_heads, 32);
  EXPECT_EQ(llava.text.head_width, 128);
  EXPECT_EQ(llava.text.eos_tokens, std::vector<std::int64_t>{2});
}

TEST(NetworkConfig, ReadsTheirRopeInBothSpellings) {
  for (const char* rope :
       {R"("rope_theta": 500000.0, "rope_scaling": {"rope_type": "llama3", "factor": 32})",
        R"("rope_parameters": {"rope_type": "llama3", "factor": 32, "rope_theta": 500000})"}) {
    auto config = read_config(std::string(R"({"model_type": "llama", )") + rope + "}", "c");
    ASSERT_TRUE(config) << rope;
    const Rope& read = std::get<DecoderConfig>(*config).rope;
    EXPECT_EQ(read.theta, 500000) << rope;
    ASSERT_TRUE(read.stretch) << rope;
    EXPECT_EQ(read.stretch->factor, 32) << rope;
    EXPECT_EQ(read.stretch->original_positions, 8192) << rope;
  }
}

TEST(NetworkConfig, WhatIsWrittenReadsAsItWas) {
  DecoderConfig qwen(DecoderForm::kQwen2);
  qwen.width = 896;
  qwen.heads = 14;
  qwen.kv_heads = 2;
  qwen.tied = true;
  qwen.rope.theta = 1e6;
  qwen.rope.stretch = RopeStretch{.factor = 4};
  qwen.eos_tokens = {5, 7};
  qwen.complete();
  LlavaConfig llava;
  llava.vision = VisionConfig(TowerForm::kSiglip);
  llava.vision.pooling_head = false;
  llava.text = qwen;
  llava.feature_layer = -1;
  llava.feature_select = FeatureSelect::kFull;
  llava.projector_activation = Activation::kNone;
  for (const NetworkConfig& config :
       {NetworkConfig(llava), NetworkConfig(qwen), NetworkConfig(DualConfig(TowerForm::kClip)),
        NetworkConfig(DualConfig(TowerForm::kSiglip)), NetworkConfig(llava.vision)}) {
    std::string written = write_config(config);
    auto read = read_config(written, "c");
    ASSERT_TRUE(read) << describe_error(read.error()) << written;
    EXPECT_EQ(read->index(), config.index());
    EXPECT_EQ(write_config(*read), written);
  }
}

TEST(NetworkConfig, NamesFileKeyValueAndCure) {
  std::string error = error_of(R"({"model_type": "llama", "hidden_size": "big"})");
  for (const char* part :
       {"folder/config.json", "hidden_size", "\"big\"", "whole number from 1", "correct the key"}) {
    EXPECT_NE(error.find(part), std::string::npos) << part << " in " << error;
  }
  error = error_of(R"({"model_type": "llava", "text_config": {"num_attention_heads": 7}})");
  EXPECT_NE(error.find("text_config.num_attention_heads is 7"), std::string::npos) << error;
}

TEST(NetworkConfig, RefusesWhatItWouldComputeWrongly) {
  EXPECT_NE(error_of(R"({"model_type": "mistral"})").find("qwen2"), std::string::npos);
  for (const char* json :
       {R"({"model_type": "qwen2", "use_sliding_window": true})",
        R"({"model_type": "llama", "rope_scaling": {"type": "yarn", "factor": 4}})",
        R"({"model_type": "llama", "rope_parameters": {"partial_rotary_factor": 0.5}})",
        R"({"model_type": "llama", "rope_theta": 0})",
        R"({"model_type": "llama", "attention_dropout": 0.1})",
        R"({"model_type": "llama", "hidden_act": "relu2"})",
        R"({"model_type": "llama", "num_key_value_heads": 5})",
        R"({"model_type": "llama", "num_hidden_layers": 18446744073709551615})",
        R"({"model_type": "llama", "num_hidden_layers": -1})",
        R"({"model_type": "llama", "head_dim": 33})",
        R"({"model_type": "llama", "eos_token_id": ["end"]})",
        R"({"model_type": "llama", "quantization_config": {"bits": 4}})",
        R"({"model_type": "clip_vision_model", "image_size": [224, 448]})",
        R"({"model_type": "clip_vision_model", "patch_size": 300})",
        R"({"model_type": "llava", "vision_feature_layer": [-2, -5]})",
        R"({"model_type": "llava", "vision_feature_layer": -26})",
        R"({"model_type": "llava", "vision_feature_select_strategy": "cls"})",
        R"({"model_type": "llava", "vision_config": {"model_type": "pixtral"}})",
        R"({"model_type": "llava", "vision_config": 7})",
        R"({"model_type": "llava", "image_token_index": 32000})",  // of 32,000 tokens
        R"({"hidden_size": 64})",
        R"([1, 2])",
        "{"}) {
    EXPECT_NE(error_of(json), "") << json;
  }
}

}  // namespace
}  // namespace kale
