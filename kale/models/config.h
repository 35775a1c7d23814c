// What a network looks like, as config.json of a Hugging Face checkpoint tells: CLIP and SigLIP
// (vision towers and dual encoders), Llama and Qwen2 (decoders), LLaVA (a tower, a projector and a
// decoder). Every key is named once, in visit(), for reading and for writing.
// Format   config.json as transformers 4 and 5 write it; keys that are absent have its defaults
// Errors   kBadConfig, naming file, key and cure, for what these networks cannot be
// Threads  plain values
// Units    sides in px; widths, heads and layers are counts
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kale/core/result.h"

namespace kale {

enum class Activation { kGelu, kGeluTanh, kQuickGelu, kSilu, kNone };
enum class TowerForm { kClip, kSiglip };
enum class DecoderForm { kLlama, kQwen2 };
enum class FeatureSelect { kDefault, kFull };  // without or with token 0

inline constexpr std::int64_t kWidthMax = 1 << 16;
inline constexpr std::int64_t kLayersMax = 1 << 10;
inline constexpr std::int64_t kVocabularyMax = 1 << 24;
inline constexpr std::int64_t kPositionsMax = 1 << 24;
inline constexpr std::int64_t kSidePxMax = 1 << 14;

class ConfigVisitor {
 public:
  virtual ~ConfigVisitor() = default;
  virtual void key(std::string_view name, std::int64_t& value, std::int64_t min,
                   std::int64_t max) = 0;
  virtual void key(std::string_view name, double& value) = 0;
  virtual void key(std::string_view name, bool& value) = 0;
  virtual void key(std::string_view name, Activation& value) = 0;
};

// The blocks that vision towers and text towers share.
struct EncoderConfig {
  std::int64_t width = 0;
  std::int64_t mlp_width = 0;
  std::int64_t layers = 12;
  std::int64_t heads = 0;
  Activation activation = Activation::kQuickGelu;
  double epsilon = 1e-5;

  void visit(ConfigVisitor& v) {
    v.key("hidden_size", width, 1, kWidthMax);
    v.key("intermediate_size", mlp_width, 1, kWidthMax);
    v.key("num_hidden_layers", layers, 1, kLayersMax);
    v.key("num_attention_heads", heads, 1, kWidthMax);
    v.key("hidden_act", activation);
    v.key("layer_norm_eps", epsilon);
  }
};

struct VisionConfig {
  TowerForm form = TowerForm::kClip;
  EncoderConfig encoder;
  std::int64_t image_side = 224;
  std::int64_t patch_side = 32;
  std::int64_t channels = 3;
  std::int64_t projection_width = 512;  // CLIP's tower carries the dual encoder's
  bool pooling_head = true;             // SigLIP's attention pooling

  explicit VisionConfig(TowerForm kind = TowerForm::kClip);
  std::int64_t grid() const { return image_side / patch_side; }
  std::int64_t class_tokens() const { return form == TowerForm::kClip ? 1 : 0; }
  std::int64_t tokens() const { return grid() * grid() + class_tokens(); }

  void visit(ConfigVisitor& v) {
    encoder.visit(v);
    v.key("image_size", image_side, 1, kSidePxMax);
    v.key("patch_size", patch_side, 1, kSidePxMax);
    v.key("num_channels", channels, 1, 16);
    if (form == TowerForm::kClip) v.key("projection_dim", projection_width, 1, kWidthMax);
    if (form == TowerForm::kSiglip) v.key("vision_use_head", pooling_head);
  }
};

struct TextTowerConfig {
  TowerForm form = TowerForm::kClip;
  EncoderConfig encoder;
  std::int64_t vocabulary = 0;
  std::int64_t positions = 0;
  std::int64_t projection_width = 0;  // 0: SigLIP's width
  // CLIP pools at the first of these; 2, an old mistake of published files, means the largest id.
  std::int64_t eos_token = 49407;

  explicit TextTowerConfig(TowerForm kind = TowerForm::kClip);
  void complete();  // puts numbers where 0 stands for a default

  void visit(ConfigVisitor& v) {
    encoder.visit(v);
    v.key("vocab_size", vocabulary, 1, kVocabularyMax);
    v.key("max_position_embeddings", positions, 1, kPositionsMax);
    v.key("eos_token_id", eos_token, 0, kVocabularyMax);
    if (form == TowerForm::kSiglip) v.key("projection_size", projection_width, 0, kWidthMax);
    if (form == TowerForm::kClip) v.key("projection_dim", projection_width, 1, kWidthMax);
  }
};

struct DualConfig {
  TowerForm form = TowerForm::kClip;
  VisionConfig vision;
  TextTowerConfig text;
  std::int64_t projection_width = 512;  // CLIP only
  double logit_scale = 2.6592;          // CLIP only: where training begins

  explicit DualConfig(TowerForm kind = TowerForm::kClip) : form(kind), vision(kind), text(kind) {}

  void visit(ConfigVisitor& v) {
    if (form == TowerForm::kSiglip) return;
    v.key("projection_dim", projection_width, 1, kWidthMax);
    v.key("logit_scale_init_value", logit_scale);
  }
};

// Llama 3's stretch of the slow frequencies.
struct RopeStretch {
  double factor = 8;
  double low_frequency_factor = 1;
  double high_frequency_factor = 4;
  std::int64_t original_positions = 8192;
};

struct Rope {
  double theta = 10000;
  std::optional<RopeStretch> stretch;
};

struct DecoderConfig {
  DecoderForm form = DecoderForm::kLlama;
  std::int64_t vocabulary = 32000;
  std::int64_t width = 4096;
  std::int64_t mlp_width = 11008;
  std::int64_t layers = 32;
  std::int64_t heads = 32;
  std::int64_t kv_heads = 0;    // 0: as many as heads
  std::int64_t head_width = 0;  // 0: width / heads
  std::int64_t positions = 2048;
  Activation activation = Activation::kSilu;
  double epsilon = 1e-6;
  bool tied = false;  // the output layer is the embedding
  bool attention_bias = false;
  bool mlp_bias = false;
  Rope rope;                             // key rope_parameters, or rope_theta with rope_scaling
  std::vector<std::int64_t> eos_tokens;  // key eos_token_id: a number or a list
  std::int64_t bos_token = -1;           // -1: none
  std::int64_t pad_token = -1;

  explicit DecoderConfig(DecoderForm kind = DecoderForm::kLlama);

  void visit(ConfigVisitor& v) {
    v.key("vocab_size", vocabulary, 1, kVocabularyMax);
    v.key("hidden_size", width, 1, kWidthMax);
    v.key("intermediate_size", mlp_width, 1, kWidthMax * 4);
    v.key("num_hidden_layers", layers, 1, kLayersMax);
    v.key("num_attention_heads", heads, 1, kWidthMax);
    v.key("num_key_value_heads", kv_heads, 0, kWidthMax);
    v.key("head_dim", head_width, 0, kWidthMax);
    v.key("max_position_embeddings", positions, 1, kPositionsMax);
    v.key("hidden_act", activation);
    v.key("rms_norm_eps", epsilon);
    v.key("tie_word_embeddings", tied);
    if (form == DecoderForm::kLlama) v.key("attention_bias", attention_bias);
    if (form == DecoderForm::kLlama) v.key("mlp_bias", mlp_bias);
  }
  void complete();  // puts numbers where 0 stands for a default
  bool qkv_bias() const { return form == DecoderForm::kQwen2 || attention_bias; }
};

struct LlavaConfig {
  VisionConfig vision;
  DecoderConfig text;
  std::int64_t image_token = 32000;
  std::int64_t feature_layer = -2;                         // index into the tower's hidden states
  FeatureSelect feature_select = FeatureSelect::kDefault;  // key vision_feature_select_strategy
  Activation projector_activation = Activation::kGelu;     // kNone: a projector of one matrix
  bool projector_bias = true;

  LlavaConfig();
  // How many rows a picture takes in the text.
  std::int64_t image_tokens() const {
    return vision.tokens() - (feature_select == FeatureSelect::kDefault ? 1 : 0);
  }
  // How many of the tower's blocks run.
  std::int64_t vision_blocks() const {
    return feature_layer >= 0 ? feature_layer : vision.encoder.layers + 1 + feature_layer;
  }

  void visit(ConfigVisitor& v) {
    v.key("image_token_index", image_token, 0, kVocabularyMax);
    v.key("vision_feature_layer", feature_layer, -kLayersMax, kLayersMax);
    v.key("projector_hidden_act", projector_activation);
    v.key("multimodal_projector_bias", projector_bias);
  }
};

using NetworkConfig = std::variant<VisionConfig, DecoderConfig, DualConfig, LlavaConfig>;

// `name` is for messages.
Result<NetworkConfig> read_config(std::string_view json, std::string_view name);
// What transformers loads without code of its own.
std::string write_config(const NetworkConfig& config);

}  // namespace kale
