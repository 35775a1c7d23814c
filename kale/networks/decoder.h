// A decoder language model in the forms of Llama and Qwen2: RMS norms, rotary positions, grouped
// queries, SwiGLU.
// Paper    Llama 2 (arXiv 2307.09288), Qwen2 (2407.10671), RoPE (2104.09864), GQA (2305.13245)
// Threads  forward functions only read the network; a KvCache belongs to one caller
// Units    tokens [B, T]; hidden rows [B, T, H]; logits [.., vocabulary]
#pragma once

#include <vector>

#include "kale/networks/layers.h"

namespace kale {

// Keys and values of what a decoder has read, in room made at once.
struct KvCache {
  // Room for `tokens_max` tokens of `rows` texts.
  KvCache(const DecoderConfig& config, std::int64_t rows, std::int64_t tokens_max,
          const at::TensorOptions& options);
  std::vector<at::Tensor> keys, values;  // a layer each: [B, kv_heads, tokens_max, head width]
  std::int64_t tokens = 0;               // filled so far
};

struct DecoderInput {
  at::Tensor embeddings;     // [B, T, H]
  at::Tensor mask;           // bool [B, tokens of the cache + T], false for padding; none for none
  at::Tensor positions;      // [B, T] or [1, T]; none: T numbers from the cache's tokens on
  KvCache* cache = nullptr;  // grows by T
};

// A sum and how many tokens it is over, so that losses of several batches or processes add up to
// the loss of one.
struct Loss {
  at::Tensor sum;  // float32, one number
  std::int64_t tokens = 0;
  at::Tensor mean() const;
};

struct DecoderBlock {
  RmsNorm input_layernorm, post_attention_layernorm;
  Linear q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj;
  void visit(const Scope& scope, const DecoderConfig& config);
};

class Decoder : public Network {
 public:
  explicit Decoder(DecoderConfig config);

  void visit(const Scope& scope) override;
  NetworkConfig config() const override { return config_; }
  const DecoderConfig& decoder_config() const { return config_; }

  // Whether backward computes the blocks' insides anew instead of keeping them (recompute.h).
  void set_recompute(bool on) { recomputes_ = on; }

  at::Tensor embed(const at::Tensor& tokens) const;    // [B, T] -> [B, T, H]
  at::Tensor hidden(const DecoderInput& input) const;  // -> [B, T, H], after the last norm
  at::Tensor last(const DecoderInput& input) const;    // -> [B, H], of each text's last token
  at::Tensor logits(const at::Tensor& hidden) const;   // [.., H] -> [.., vocabulary]
  // Cross-entropy of labels [B, T] one token ahead, where they are not kIgnored: for these alone
  // logits are made, and the last block's rows.
  Loss loss(const DecoderInput& input, const at::Tensor& labels) const;

  static constexpr std::int64_t kIgnored = -100;

 private:
  friend class TokenStep;  // reads the blocks
  const at::Tensor& head() const { return config_.tied ? embedding_ : head_.weight; }
  struct Rotation {
    at::Tensor cosine, sine;  // [B or 1, 1, T, head width]
  };
  Rotation rotation(const at::Tensor& positions, const at::TensorOptions& options) const;
  at::Tensor block(std::size_t layer, const at::Tensor& x, const Rotation& rotation,
                   const Attend& how, KvCache* cache, const at::Tensor& wanted) const;
  at::Tensor rows(const DecoderInput& input, const at::Tensor& wanted) const;

  DecoderConfig config_;
  bool recomputes_ = false;
  at::Tensor embedding_;  // [vocabulary, H]
  std::vector<DecoderBlock> layers_;
  RmsNorm norm_;
  Linear head_;  // [vocabulary, H]; none where it is the embedding
};

}  // namespace kale
