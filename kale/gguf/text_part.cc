#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <utility>

#include "kale/gguf/parts.h"
#include "kale/models/activation_names.h"

namespace kale {

Error refused(const std::string& file, std::string_view key, std::string_view value,
              std::string_view what, std::string_view cure) {
  return {Code::kBadConfig,
          fmt::format("{}: key {} is {}, where llama.cpp {}; {}", file, key, value, what, cure)};
}

std::string quoted(Activation activation) { return fmt::format("\"{}\"", name_of(activation)); }

void add_weights(GgufFile& file, LlavaWeights& weights, const std::string& name,
                 const std::string& source, std::vector<std::int64_t> shape, bool exact) {
  weights.claim(source, shape);
  file.add({name, std::move(shape), exact, [&weights, source] { return weights.read(source); }});
}

namespace {

constexpr std::string_view kOtherStudent =
    "serve the folder itself with vLLM or transformers, or train a student without it";

Status check_text(const DecoderConfig& config, const std::string& path) {
  if (config.activation != Activation::kSilu) {
    return refused(path, "text_config.hidden_act", quoted(config.activation),
                   "computes \"silu\" only", kOtherStudent);
  }
  bool qwen = config.form == DecoderForm::kQwen2;
  if (qwen && config.rope.stretch) {
    return refused(path, "text_config.rope_parameters.rope_type", "\"llama3\"",
                   "knows it for model_type llama only", kOtherStudent);
  }
  if (qwen && config.head_width * config.heads != config.width) {
    return refused(path, "text_config.head_dim", std::to_string(config.head_width),
                   "wants num_attention_heads * head_dim to be hidden_size for qwen2",
                   kOtherStudent);
  }
  return {};
}

void set_keys(GgufFile& file, const DecoderConfig& config) {
  const std::string arch = config.form == DecoderForm::kLlama ? "llama" : "qwen2";
  file.set("general.architecture", arch);
  file.set(arch + ".vocab_size", config.vocabulary);
  file.set(arch + ".context_length", config.positions);
  file.set(arch + ".embedding_length", config.width);
  file.set(arch + ".block_count", config.layers);
  file.set(arch + ".feed_forward_length", config.mlp_width);
  file.set(arch + ".attention.head_count", config.heads);
  file.set(arch + ".attention.head_count_kv", config.kv_heads);
  file.set(arch + ".attention.key_length", config.head_width);
  file.set(arch + ".attention.value_length", config.head_width);
  file.set(arch + ".attention.layer_norm_rms_epsilon", config.epsilon);
  file.set(arch + ".rope.dimension_count", config.head_width);
  file.set(arch + ".rope.freq_base", config.rope.theta);
}

// Llama's graph turns numbers 2i and 2i + 1 of a head together, transformers i and i + half: rows
// of each head are woven. rows [heads * width, columns]
std::vector<float> weave(std::vector<float> rows, std::int64_t heads, std::int64_t width) {
  std::vector<float> woven(rows.size());
  const std::int64_t columns = std::ssize(rows) / (heads * width), half = width / 2;
  for (std::int64_t row = 0; row < heads * width; ++row) {
    std::int64_t head = row / width, place = row % width;
    std::int64_t from = head * width + (place % 2) * half + place / 2;
    std::copy_n(rows.begin() + from * columns, columns, woven.begin() + row * columns);
  }
  return woven;
}

// By how much each pair of a head turns slower; 1 for the fast ones.
std::vector<float> turning(const Rope& rope, std::int64_t width) {
  const RopeStretch& s = *rope.stretch;
  std::vector<float> factors;
  for (std::int64_t i = 0; i < width; i += 2) {
    double exponent = static_cast<double>(i) / static_cast<double>(width);
    double length = 2 * std::numbers::pi * std::pow(rope.theta, exponent);
    double share = (static_cast<double>(s.original_positions) / length - s.low_frequency_factor) /
                   (s.high_frequency_factor - s.low_frequency_factor);
    share = std::clamp(share, 0.0, 1.0);
    factors.push_back(static_cast<float>(1 / ((1 - share) / s.factor + share)));
  }
  return factors;
}

// Lives shorter than the file: what the file keeps refers to weights and config, never to it.
class TextPart {
 public:
  TextPart(GgufFile& file, LlavaWeights& weights, const DecoderConfig& config)
      : file_(file), weights_(weights), config_(config) {}

  void add() {
    const DecoderConfig& c = config_;
    const std::string model = "language_model.model.";
    plain("token_embd.weight", model + "embed_tokens.weight", {c.vocabulary, c.width});
    plain("output_norm.weight", model + "norm.weight", {c.width});
    if (c.tied) {
      weights_.leave_out("language_model.lm_head.");
    } else {
      plain("output.weight", "language_model.lm_head.weight", {c.vocabulary, c.width});
    }
    if (c.rope.stretch) {
      file_.add(
          {"rope_freqs.weight", {c.head_width / 2}, true, [&c]() -> Result<std::vector<float>> {
             return turning(c.rope, c.head_width);
           }});
    }
    for (std::int64_t i = 0; i < c.layers; ++i) add_layer(i);
  }

 private:
  void add_layer(std::int64_t index) {
    const DecoderConfig& c = config_;
    const std::string to = fmt::format("blk.{}.", index);
    const std::string from = fmt::format("language_model.model.layers.{}.", index);
    const std::int64_t wide = c.heads * c.head_width, narrow = c.kv_heads * c.head_width;
    const bool llama = c.form == DecoderForm::kLlama;
    plain(to + "attn_norm.weight", from + "input_layernorm.weight", {c.width});
    plain(to + "ffn_norm.weight", from + "post_attention_layernorm.weight", {c.width});
    linear(to + "attn_q", from + "self_attn.q_proj", wide, c.width, c.qkv_bias(),
           llama ? c.heads : 0);
    linear(to + "attn_k", from + "self_attn.k_proj", narrow, c.width, c.qkv_bias(),
           llama ? c.kv_heads : 0);
    linear(to + "attn_v", from + "self_attn.v_proj", narrow, c.width, c.qkv_bias());
    linear(to + "attn_output", from + "self_attn.o_proj", c.width, wide, c.attention_bias);
    linear(to + "ffn_gate", from + "mlp.gate_proj", c.mlp_width, c.width, c.mlp_bias);
    linear(to + "ffn_up", from + "mlp.up_proj", c.mlp_width, c.width, c.mlp_bias);
    linear(to + "ffn_down", from + "mlp.down_proj", c.width, c.mlp_width, c.mlp_bias);
  }
  void plain(const std::string& name, const std::string& source, std::vector<std::int64_t> shape) {
    add_weights(file_, weights_, name, source, std::move(shape));
  }
  // `woven_heads`: 0 where the rows stay as they are.
  void linear(const std::string& name, const std::string& source, std::int64_t out, std::int64_t in,
              bool bias, std::int64_t woven_heads = 0) {
    auto add = [&](const std::string& part, std::vector<std::int64_t> shape) {
      if (woven_heads == 0) return plain(name + part, source + part, std::move(shape));
      weights_.claim(source + part, shape);
      auto read = [&weights = weights_, woven_heads, width = config_.head_width,
                   from = source + part]() -> Result<std::vector<float>> {
        KALE_TRY(auto rows, weights.read(from));
        return weave(std::move(rows), woven_heads, width);
      };
      file_.add({name + part, std::move(shape), false, read});
    };
    add(".weight", {out, in});
    if (bias) add(".bias", {out});
  }

  GgufFile& file_;
  LlavaWeights& weights_;
  const DecoderConfig& config_;
};

}  // namespace

Status add_text(GgufFile& file, LlavaWeights& weights, const DecoderConfig& config,
                const std::string& config_path) {
  KALE_OK(check_text(config, config_path));
  set_keys(file, config);
  TextPart(file, weights, config).add();
  return {};
}

}  // namespace kale
