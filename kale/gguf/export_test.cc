#include "kale/gguf/export.h"

#include <ggml.h>
#include <gguf.h>
#include <gtest/gtest.h>

#include <cstring>

#include "kale/gguf/folder_fake.h"
#include "kale/io/temp_folder.h"

namespace kale {
namespace {

namespace fs = std::filesystem;

// A file as llama.cpp reads it, with its values.
class Written {
 public:
  explicit Written(const fs::path& path) {
    file_ = gguf_init_from_file(path.c_str(), {.no_alloc = false, .ctx = &tensors_});
    KALE_CHECK(file_ != nullptr, path.string());
  }
  ~Written() {
    gguf_free(file_);
    ggml_free(tensors_);
  }
  Written(const Written&) = delete;
  Written& operator=(const Written&) = delete;

  std::string text(const char* key) const {
    auto at = gguf_find_key(file_, key);
    return at < 0 ? "" : gguf_get_val_str(file_, at);
  }
  std::int64_t number(const char* key) const {
    auto at = gguf_find_key(file_, key);
    return at < 0 ? -1 : gguf_get_val_u32(file_, at);
  }
  bool flag(const char* key) const { return gguf_get_val_bool(file_, gguf_find_key(file_, key)); }
  bool has(const char* key) const { return gguf_find_key(file_, key) >= 0; }
  const ggml_tensor* tensor(const char* name) const { return ggml_get_tensor(tensors_, name); }
  std::vector<float> values(const char* name) const {
    const ggml_tensor* found = tensor(name);
    KALE_CHECK(found != nullptr && found->type == GGML_TYPE_F32, name);
    std::vector<float> values(static_cast<std::size_t>(ggml_nelements(found)));
    std::memcpy(values.data(), found->data, 4 * values.size());
    return values;
  }

 private:
  ggml_context* tensors_ = nullptr;
  gguf_context* file_ = nullptr;
};

class Export : public testing::Test {
 protected:
  Result<Exported> run(FakeFolder& folder, const std::string& type = "f32") {
    folder.fill();
    return run_as_it_is(folder, type);
  }
  Result<Exported> run_as_it_is(const FakeFolder& folder, const std::string& type = "f32") {
    folder.write(temp_.path() / "bird");
    return export_gguf(
        real_disk(), {.folder = temp_.path() / "bird", .out = temp_.path() / "out", .type = type});
  }
  // Nothing is written where something is refused.
  std::string refusal(FakeFolder folder, const std::string& type = "f32") {
    folder.fill();
    return refusal_as_it_is(folder, type);
  }
  std::string refusal_as_it_is(const FakeFolder& folder, const std::string& type = "f32") {
    auto done = run_as_it_is(folder, type);
    EXPECT_FALSE(fs::exists(temp_.path() / "out")) << "files in spite of an error";
    return done ? "" : done.error().message;
  }
  TempFolder temp_;
};

TEST_F(Export, FilesBearNameAndTypeAndTheKeysOfTheirGraphs) {
  FakeFolder folder;
  auto done = run(folder);
  ASSERT_TRUE(done) << describe_error(done.error());
  EXPECT_EQ(done->model.filename(), "bird-f32.gguf");
  EXPECT_EQ(done->projector.filename(), "mmproj-bird-f32.gguf");
  Written model(done->model), projector(done->projector);
  EXPECT_EQ(model.text("general.architecture"), "llama");
  EXPECT_EQ(model.number("llama.attention.head_count_kv"), 2);
  EXPECT_EQ(model.number("llama.rope.dimension_count"), 8);
  EXPECT_EQ(model.text("tokenizer.ggml.pre"), "gpt-2");
  EXPECT_EQ(model.number("tokenizer.ggml.eos_token_id"), 260);
  EXPECT_FALSE(model.has("tokenizer.ggml.bos_token_id"));
  EXPECT_FALSE(model.flag("tokenizer.ggml.add_bos_token"));
  EXPECT_EQ(projector.text("general.architecture"), "clip");
  EXPECT_EQ(projector.text("clip.projector_type"), "mlp");
  EXPECT_FALSE(projector.flag("clip.use_gelu")) << "quick GELU is neither";
  EXPECT_EQ(projector.number("clip.vision.block_count"), 2);
  EXPECT_TRUE(projector.has("clip.vision.feature_layer"));
  EXPECT_EQ(projector.tensor("v.post_ln.weight"), nullptr) << "the rows come before that norm";
  EXPECT_EQ(projector.tensor("v.patch_embd.weight")->ne[3], 32);
}

TEST_F(Export, BlocksBehindTheLookedAtLayerAreLeftOut) {
  FakeFolder folder;
  folder.config.feature_layer = -2;
  auto done = run(folder);
  ASSERT_TRUE(done) << describe_error(done.error());
  Written projector(done->projector);
  EXPECT_EQ(projector.number("clip.vision.block_count"), 1);
  EXPECT_NE(projector.tensor("v.blk.0.ln1.weight"), nullptr);
  EXPECT_EQ(projector.tensor("v.blk.1.ln1.weight"), nullptr);
}

TEST_F(Export, LlamasHeadsAreWovenAndQwensAreNot) {
  FakeFolder llama, qwen(TowerForm::kSiglip, DecoderForm::kQwen2);
  auto done = run(llama);
  ASSERT_TRUE(done) << describe_error(done.error());
  auto held = llama.values.at("language_model.model.layers.0.self_attn.k_proj.weight");
  auto woven = Written(done->model).values("blk.0.attn_k.weight");
  // Rows 0, 4, 1, 5, .. of a head of eight, and the second head's behind them.
  for (auto [row, from] : {std::pair{0, 0}, {1, 4}, {2, 1}, {7, 7}, {8, 8}, {9, 12}}) {
    EXPECT_EQ(woven[static_cast<std::size_t>(row) * 32 + 3],
              held[static_cast<std::size_t>(from) * 32 + 3])
        << row;
  }
  EXPECT_EQ(Written(done->model).values("blk.0.attn_v.weight"),
            llama.values.at("language_model.model.layers.0.self_attn.v_proj.weight"));
  done = run(qwen);
  ASSERT_TRUE(done) << describe_error(done.error());
  EXPECT_EQ(Written(done->model).values("blk.0.attn_q.weight"),
            qwen.values.at("language_model.model.layers.0.self_attn.q_proj.weight"));
}

TEST_F(Export, AProjectorOfOneMatrixIsWrittenAsADifference) {
  FakeFolder folder(TowerForm::kSiglip);
  folder.config.projector_activation = Activation::kNone;
  auto done = run(folder);
  ASSERT_TRUE(done) << describe_error(done.error());
  Written projector(done->projector);
  EXPECT_EQ(projector.text("clip.projector_type"), "janus_pro");
  auto first = projector.values("mm.0.weight"), second = projector.values("mm.1.weight");
  auto held = folder.values.at("multi_modal_projector.linear_1.weight");
  ASSERT_EQ(first.size(), 2 * held.size());
  EXPECT_EQ(first[5], held[5]);
  EXPECT_EQ(first[held.size() + 5], -held[5]);
  held = folder.values.at("multi_modal_projector.linear_2.weight");
  EXPECT_EQ(second[64 + 1], held[32 + 1]) << "rows of twice the width";
  EXPECT_EQ(second[64 + 32 + 1], -held[32 + 1]);
}

TEST_F(Export, TypesAreThoseAskedForAndVectorsStayF32) {
  FakeFolder folder;
  auto done = run(folder, "q8_0");
  ASSERT_TRUE(done) << describe_error(done.error());
  EXPECT_EQ(done->projector.filename(), "mmproj-bird-f16.gguf");
  Written model(done->model), projector(done->projector);
  EXPECT_EQ(model.tensor("blk.0.ffn_up.weight")->type, GGML_TYPE_Q8_0);
  EXPECT_EQ(model.tensor("blk.0.attn_norm.weight")->type, GGML_TYPE_F32);
  EXPECT_EQ(projector.tensor("v.blk.0.ffn_up.weight")->type, GGML_TYPE_F16);
  EXPECT_EQ(projector.tensor("v.blk.0.ffn_up.bias")->type, GGML_TYPE_F32);
  EXPECT_EQ(projector.tensor("v.position_embd.weight")->type, GGML_TYPE_F32);
  done = run(folder, "f16");
  ASSERT_TRUE(done) << describe_error(done.error());
  EXPECT_EQ(Written(done->model).tensor("token_embd.weight")->type, GGML_TYPE_F16);
}

TEST_F(Export, NumbersBeyondF16AreRefusedThereAndTakenAsF32) {
  FakeFolder folder;
  folder.fill();
  folder.values["language_model.model.layers.0.mlp.up_proj.weight"][7] = 1e6F;
  auto done = run_as_it_is(folder, "f16");
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().message.find("blk.0.ffn_up.weight holds 1000000"), std::string::npos)
      << done.error().message;
  EXPECT_FALSE(fs::exists(temp_.path() / "out/bird-f16.gguf"));
  EXPECT_TRUE(run_as_it_is(folder, "f32"));
  folder.values["language_model.model.layers.0.mlp.up_proj.weight"][7] = std::nanf("");
  EXPECT_FALSE(run_as_it_is(folder, "f32"));
}

TEST_F(Export, ATiedOutputLayerIsNotWritten) {
  FakeFolder folder;
  folder.config.text.tied = true;
  auto done = run(folder);
  ASSERT_TRUE(done) << describe_error(done.error());
  EXPECT_EQ(Written(done->model).tensor("output.weight"), nullptr);
}

TEST_F(Export, NamesOfTransformers5AreRead) {
  FakeFolder folder;
  folder.fill();
  for (auto* held : {&folder.shapes}) {
    std::map<std::string, std::vector<std::int64_t>> renamed;
    for (const auto& [name, shape] : *held) {
      std::string to = name;
      for (auto [from, into] :
           {std::pair<std::string, std::string>{"language_model.model.", "model.language_model."},
            {"language_model.lm_head.", "lm_head."},
            {"vision_tower.vision_model.", "model.vision_tower."},
            {"multi_modal_projector.", "model.multi_modal_projector."}}) {
        if (name.starts_with(from)) to = into + name.substr(from.size());
      }
      folder.values[to] = folder.values.at(name);
      renamed[to] = shape;
    }
    *held = renamed;
  }
  auto done = run_as_it_is(folder);
  EXPECT_TRUE(done) << describe_error(done.error());
}

TEST_F(Export, WhatLlamaCppWouldComputeOtherwiseIsRefusedByItsKey) {
  auto names = [this](void (*change)(LlavaConfig&), const char* key,
                      TowerForm tower = TowerForm::kClip, DecoderForm text = DecoderForm::kLlama) {
    FakeFolder folder(tower, text);
    change(folder.config);
    std::string error = refusal(folder);
    EXPECT_NE(error.find("bird/config.json: key " + std::string(key)), std::string::npos)
        << key << ": " << error;
    EXPECT_NE(error.find("; "), std::string::npos) << "a cure: " << error;
  };
  names([](LlavaConfig& c) { c.vision.encoder.activation = Activation::kGelu; },
        "vision_config.hidden_act is \"gelu\"");
  names([](LlavaConfig& c) { c.projector_activation = Activation::kGelu; },
        "projector_hidden_act is \"gelu\"");
  names([](LlavaConfig& c) { c.projector_activation = Activation::kQuickGelu; },
        "projector_hidden_act is \"quick_gelu\"", TowerForm::kSiglip);
  names([](LlavaConfig& c) { c.vision.encoder.mlp_width = 32; },
        "vision_config.intermediate_size is 32");
  names([](LlavaConfig& c) { c.feature_select = FeatureSelect::kFull; },
        "vision_feature_select_strategy is \"full\"");
  names([](LlavaConfig& c) { c.feature_select = FeatureSelect::kDefault; },
        "vision_feature_select_strategy is \"default\"", TowerForm::kSiglip);
  names([](LlavaConfig& c) { c.feature_layer = 0; }, "vision_feature_layer is 0");
  names([](LlavaConfig& c) { c.text.activation = Activation::kGeluTanh; },
        "text_config.hidden_act is \"gelu_pytorch_tanh\"");
  names([](LlavaConfig& c) { c.text.rope.stretch.emplace(); }, "text_config.rope_parameters",
        TowerForm::kSiglip, DecoderForm::kQwen2);
  names([](LlavaConfig& c) { c.text.eos_tokens = {1, 2, 3, 4}; }, "text_config.eos_token_id");
  names([](LlavaConfig& c) { c.text.eos_tokens = {266}; }, "text_config.eos_token_id is 266");
  names([](LlavaConfig& c) { c.text.vocabulary = 262; }, "text_config.vocab_size is 262");
  EXPECT_NE(refusal(FakeFolder(), "q4").find("f32, f16, q8_0"), std::string::npos);
}

TEST_F(Export, ATowerOfOneWidthIsFineWithoutAClassToken) {
  FakeFolder folder(TowerForm::kSiglip);
  folder.config.vision.encoder.mlp_width = folder.config.vision.encoder.width;
  EXPECT_TRUE(run(folder));
}

TEST_F(Export, TensorsThatDoNotFitAreNamed) {
  const std::string name = "multi_modal_projector.linear_2.weight";
  FakeFolder folder;
  folder.fill();
  FakeFolder missing = folder, other = folder, extra = folder;
  missing.shapes.erase(name);
  EXPECT_NE(refusal_as_it_is(missing).find(name), std::string::npos);
  other.shapes[name] = {64, 16};
  EXPECT_NE(refusal_as_it_is(other).find(name + " is [64, 16]"), std::string::npos);
  extra.shapes["multi_modal_projector.linear_3.weight"] = {1};
  extra.values["multi_modal_projector.linear_3.weight"] = {1};
  EXPECT_NE(refusal_as_it_is(extra).find("linear_3"), std::string::npos);
}

}  // namespace
}  // namespace kale
