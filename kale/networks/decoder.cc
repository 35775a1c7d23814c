#include "kale/networks/decoder.h"

#include <ATen/ATen.h>

#include <numbers>

#include "kale/core/check.h"
#include "kale/networks/product.h"
#include "kale/networks/recompute.h"
#include "kale/networks/shape.h"

namespace kale {
namespace {

// How fast each pair of a head's numbers turns, in radians a token. [head width / 2]
at::Tensor frequencies(const DecoderConfig& config) {
  auto d = config.head_width;
  at::Tensor frequency =
      1.0 / at::pow(config.rope.theta, at::arange(0, d, 2, at::kFloat) / static_cast<double>(d));
  if (!config.rope.stretch) return frequency;
  // Slow pairs turn slower by `factor`, fast ones stay, those between are mixed.
  const RopeStretch& s = *config.rope.stretch;
  auto positions = static_cast<double>(s.original_positions);
  at::Tensor length = 2 * std::numbers::pi / frequency;
  at::Tensor share = (positions / length - s.low_frequency_factor) /
                     (s.high_frequency_factor - s.low_frequency_factor);
  share = share.clamp(0, 1);
  return (1 - share) * frequency / s.factor + share * frequency;
}

at::Tensor rotate(const at::Tensor& x, const at::Tensor& cosine, const at::Tensor& sine) {
  auto halves = x.chunk(2, -1);
  return x * cosine + at::cat({-halves[1], halves[0]}, -1) * sine;
}

// -> bool [B, 1, T, keys]: no key after the query, none of padding. A query sees itself whatever
// the padding: a row that sees nothing would become NaN.
at::Tensor causal_mask(const at::Tensor& real, std::int64_t T, std::int64_t before) {
  std::int64_t B = real.size(0), keys = before + T;
  KALE_SHAPE(real, {B, keys});
  at::Tensor key = at::arange(keys, real.options().dtype(at::kLong));
  at::Tensor query = key.narrow(0, before, T).unsqueeze(1);
  at::Tensor seen = (key <= query).logical_and(real.to(at::kBool).view({B, 1, 1, keys}));
  return seen.logical_or(key == query);
}

}  // namespace

KvCache::KvCache(const DecoderConfig& config, std::int64_t rows, std::int64_t tokens_max,
                 const at::TensorOptions& options) {
  for (std::int64_t i = 0; i < config.layers; ++i) {
    auto room = [&] {
      return at::empty({rows, config.kv_heads, tokens_max, config.head_width}, options);
    };
    keys.push_back(room());
    values.push_back(room());
  }
}

at::Tensor Loss::mean() const {
  KALE_CHECK(tokens > 0, "a loss over at least one label");
  return sum / tokens;
}

void DecoderBlock::visit(const Scope& scope, const DecoderConfig& config) {
  std::int64_t H = config.width;
  std::int64_t queries = config.heads * config.head_width;
  std::int64_t keys = config.kv_heads * config.head_width;
  input_layernorm.visit(scope / "input_layernorm", H);
  Scope attention = scope / "self_attn";
  q_proj.visit(attention / "q_proj", H, queries, config.qkv_bias());
  k_proj.visit(attention / "k_proj", H, keys, config.qkv_bias());
  v_proj.visit(attention / "v_proj", H, keys, config.qkv_bias());
  o_proj.visit(attention / "o_proj", queries, H, config.attention_bias);
  post_attention_layernorm.visit(scope / "post_attention_layernorm", H);
  Scope mlp = scope / "mlp";
  gate_proj.visit(mlp / "gate_proj", H, config.mlp_width, config.mlp_bias);
  up_proj.visit(mlp / "up_proj", H, config.mlp_width, config.mlp_bias);
  down_proj.visit(mlp / "down_proj", config.mlp_width, H, config.mlp_bias);
}

Decoder::Decoder(DecoderConfig config) : config_(std::move(config)) { config_.complete(); }

void Decoder::visit(const Scope& scope) {
  Scope model = scope / "model";
  std::int64_t H = config_.width;
  (model / "embed_tokens").tensor("weight", embedding_, {config_.vocabulary, H}, Init::kNormal);
  layers_.resize(static_cast<std::size_t>(config_.layers));
  for (std::size_t i = 0; i < layers_.size(); ++i) layers_[i].visit(model / "layers" / i, config_);
  norm_.visit(model / "norm", H);
  if (!config_.tied) head_.visit(scope / "lm_head", H, config_.vocabulary, false);
}

at::Tensor Decoder::embed(const at::Tensor& tokens) const {
  KALE_SHAPE(tokens, {kAnySize, kAnySize});
  // The padding's embedding does not learn, as in transformers.
  return at::embedding(embedding_, tokens, config_.pad_token);
}

Decoder::Rotation Decoder::rotation(const at::Tensor& positions,
                                    const at::TensorOptions& options) const {
  at::Tensor angle = positions.to(at::kFloat).unsqueeze(-1) *
                     frequencies(config_).to(positions.device());  // [B or 1, T, width / 2]
  angle = at::cat({angle, angle}, -1).unsqueeze(1);
  return {angle.cos().to(options), angle.sin().to(options)};
}

at::Tensor Decoder::block(std::size_t layer, const at::Tensor& x, const Rotation& turn,
                          const Attend& how, KvCache* cache, const at::Tensor& wanted) const {
  const DecoderBlock& b = layers_[layer];
  std::int64_t T = x.size(1);
  at::Tensor normed = b.input_layernorm(x, config_.epsilon);
  at::Tensor q = rotate(split_heads(b.q_proj(normed), config_.heads), turn.cosine, turn.sine);
  at::Tensor k = rotate(split_heads(b.k_proj(normed), config_.kv_heads), turn.cosine, turn.sine);
  at::Tensor v = split_heads(b.v_proj(normed), config_.kv_heads);
  if (cache != nullptr) {
    cache->keys[layer].narrow(2, cache->tokens, T).copy_(k);
    cache->values[layer].narrow(2, cache->tokens, T).copy_(v);
    k = cache->keys[layer].narrow(2, 0, cache->tokens + T);
    v = cache->values[layer].narrow(2, 0, cache->tokens + T);
  }
  at::Tensor seen = join_heads(attend(q, k, v, how)), rest = x;
  if (wanted.defined()) {
    seen = seen.reshape({-1, seen.size(2)}).index_select(0, wanted);
    rest = x.reshape({-1, x.size(2)}).index_select(0, wanted);
  }
  at::Tensor y = rest + b.o_proj(seen);
  normed = b.post_attention_layernorm(y, config_.epsilon);
  at::Tensor gate = activate(config_.activation, b.gate_proj(normed));
  return y + b.down_proj(gate * b.up_proj(normed));
}

at::Tensor Decoder::hidden(const DecoderInput& input) const { return rows(input, {}); }

at::Tensor Decoder::last(const DecoderInput& input) const {
  const std::int64_t B = input.embeddings.size(0), T = input.embeddings.size(1);
  return rows(
      input,
      at::arange(1, B + 1, at::TensorOptions(at::kLong).device(input.embeddings.device())) * T - 1);
}

// hidden(), or of its rows, numbered text by text, those `wanted` alone: [N, H]. The last block
// computes of the others what their attention takes, and neither its output nor the MLP.
at::Tensor Decoder::rows(const DecoderInput& input, const at::Tensor& wanted) const {
  at::Tensor x = input.embeddings;
  std::int64_t B = x.size(0), T = x.size(1);
  KALE_SHAPE(x, {B, T, config_.width});
  std::int64_t before = input.cache == nullptr ? 0 : input.cache->tokens;
  at::Tensor positions = input.positions;
  if (!positions.defined()) {
    positions = at::arange(before, before + T, x.options().dtype(at::kLong)).unsqueeze(0);
  }
  Rotation turn = rotation(positions, x.options());
  // Without padding nothing need be masked one by one: all queries at once, or the newest alone.
  Attend how;
  if (input.mask.defined() || (before > 0 && T > 1)) {
    at::Tensor real =
        input.mask.defined() ? input.mask : at::ones({B, before + T}, x.options().dtype(at::kBool));
    how.mask = causal_mask(real, T, before);
  } else {
    how.causal = before == 0;
  }
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const at::Tensor picked = i + 1 == layers_.size() ? wanted : at::Tensor();
    if (recomputes_ && input.cache == nullptr) {
      x = recompute(x, weights_of(layers_[i], config_),
                    [this, i, turn, how, picked](const at::Tensor& in) {
                      return block(i, in, turn, how, nullptr, picked);
                    });
    } else {
      x = block(i, x, turn, how, input.cache, picked);
    }
  }
  if (input.cache != nullptr) input.cache->tokens += T;
  return norm_(x, config_.epsilon);
}

at::Tensor Decoder::logits(const at::Tensor& hidden) const { return product(hidden, head(), {}); }

Loss Decoder::loss(const DecoderInput& input, const at::Tensor& labels) const {
  std::int64_t B = labels.size(0), T = labels.size(1);
  KALE_SHAPE(input.embeddings, {B, T, config_.width});
  at::Tensor next = at::constant_pad_nd(labels.narrow(1, 1, T - 1), {0, 1}, kIgnored).reshape({-1});
  at::Tensor kept = next.ne(kIgnored).nonzero().squeeze(1);  // [tokens], of B * T
  at::Tensor sum = at::cross_entropy_loss(logits(rows(input, kept)).to(at::kFloat),
                                          next.index_select(0, kept), {}, at::Reduction::Sum);
  return {sum, kept.size(0)};
}

}  // namespace kale
