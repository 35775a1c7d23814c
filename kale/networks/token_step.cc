#include "kale/networks/token_step.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "kale/core/check.h"
#include "kale/networks/shape.h"

namespace kale {
namespace {

constexpr std::int64_t kLanes = 16;
using Lanes [[gnu::vector_size(kLanes * sizeof(float))]] = float;

#ifdef __x86_64__
#define KALE_WIDE __attribute__((target_clones("avx512f", "arch=haswell", "default")))
#else
#define KALE_WIDE
#endif

// One head of one text: keys and values [count, width], width a multiple of kLanes; scores has room
// for `count`.
struct Head {
  const float *query, *keys, *values;
  float *scores, *out;
  std::int64_t count, width;
};

// scores = softmax(keys * query / sqrt(width)); out = scores * values
KALE_WIDE void attend_head(const Head& h) {
  float most = -INFINITY;
  const float scale = 1.0F / std::sqrt(static_cast<float>(h.width));
  for (std::int64_t i = 0; i < h.count; ++i) {
    const float* key = h.keys + i * h.width;
    Lanes sums{};
    for (std::int64_t j = 0; j < h.width; j += kLanes) {
      Lanes k, q;
      std::memcpy(&k, key + j, sizeof(k));
      std::memcpy(&q, h.query + j, sizeof(q));
      sums += k * q;
    }
    float sum = 0;
    for (std::int64_t j = 0; j < kLanes; ++j) sum += sums[j];
    h.scores[i] = sum * scale;
    most = std::max(most, h.scores[i]);
  }
  float total = 0;
  for (std::int64_t i = 0; i < h.count; ++i) {
    h.scores[i] = std::exp(h.scores[i] - most);
    total += h.scores[i];
  }
  for (std::int64_t j = 0; j < h.width; j += kLanes) {
    Lanes sums{};
    for (std::int64_t i = 0; i < h.count; ++i) {
      Lanes v;
      std::memcpy(&v, h.values + i * h.width + j, sizeof(v));
      sums += v * h.scores[i];
    }
    sums /= total;
    std::memcpy(h.out + j, &sums, sizeof(sums));
  }
}

void rotate(const float* x, const float* cosine, const float* sine, std::int64_t width, float* to) {
  const std::int64_t half = width / 2;
  for (std::int64_t i = 0; i < half; ++i) {
    to[i] = x[i] * cosine[i] - x[i + half] * sine[i];
    to[i + half] = x[i + half] * cosine[i + half] + x[i] * sine[i + half];
  }
}

// Matrices one below the other, and their biases, with zeros for those that have none.
PackedMatrix joined(const std::vector<const Linear*>& parts, std::int64_t rows) {
  std::vector<at::Tensor> weights, biases;
  bool has_bias = false;
  for (const Linear* part : parts) {
    weights.push_back(part->weight);
    has_bias |= part->bias.defined();
    biases.push_back(part->bias.defined() ? part->bias : at::zeros({part->weight.size(0)}));
  }
  return {at::cat(weights), has_bias ? at::cat(biases) : at::Tensor(), rows};
}

}  // namespace

std::unique_ptr<const TokenStep> TokenStep::make(const Decoder& decoder,
                                                 const at::Tensor& embeddings) {
  const bool suits = suits_onednn(embeddings) && suits_onednn(decoder.embedding_) &&
                     decoder.config_.head_width % kLanes == 0;
  if (!suits) return nullptr;
  return std::unique_ptr<const TokenStep>(new TokenStep(decoder, embeddings.size(0)));
}

TokenStep::TokenStep(const Decoder& decoder, std::int64_t rows)
    : decoder_(decoder), head_(decoder.head(), {}, rows) {
  for (const DecoderBlock& b : decoder.layers_) {
    blocks_.push_back({joined({&b.q_proj, &b.k_proj, &b.v_proj}, rows), joined({&b.o_proj}, rows),
                       joined({&b.gate_proj, &b.up_proj}, rows), joined({&b.down_proj}, rows)});
  }
}

at::Tensor TokenStep::attend(std::size_t layer, const at::Tensor& qkv, const at::Tensor& begins,
                             const Decoder::Rotation& turn, KvCache& cache) const {
  const DecoderConfig& config = decoder_.config_;
  const std::int64_t B = qkv.size(0), width = config.head_width, heads = config.heads;
  const std::int64_t kv_heads = config.kv_heads, group = heads / kv_heads;
  const std::int64_t room = cache.keys[layer].size(2), now = cache.tokens;
  KALE_SHAPE(qkv, {B, (heads + 2 * kv_heads) * width});
  KALE_SHAPE(cache.keys[layer], {B, kv_heads, room, width});
  KALE_CHECK(now < room, "room for a token more");
  at::Tensor seen = at::empty({B, heads * width}, qkv.options());
  const float* rows = qkv.const_data_ptr<float>();
  const float* cosine = turn.cosine.const_data_ptr<float>();
  const float* sine = turn.sine.const_data_ptr<float>();
  const auto* first = begins.const_data_ptr<std::int64_t>();
  float* keys = cache.keys[layer].data_ptr<float>();
  float* values = cache.values[layer].data_ptr<float>();
  float* out = seen.data_ptr<float>();
  at::parallel_for(0, B * kv_heads, 1, [&](std::int64_t begin, std::int64_t end) {
    std::vector<float> query(static_cast<std::size_t>(width));
    std::vector<float> scores(static_cast<std::size_t>(now + 1));
    for (std::int64_t i = begin; i < end; ++i) {
      const std::int64_t b = i / kv_heads, kv = i % kv_heads, from = first[b];
      const float *row = rows + b * (heads + 2 * kv_heads) * width, *c = cosine + b * width,
                  *s = sine + b * width;
      float *k = keys + i * room * width, *v = values + i * room * width;
      rotate(row + (heads + kv) * width, c, s, width, k + now * width);
      std::memcpy(v + now * width, row + (heads + kv_heads + kv) * width,
                  static_cast<std::size_t>(width) * sizeof(float));
      for (std::int64_t head = kv * group; head < (kv + 1) * group; ++head) {
        rotate(row + head * width, c, s, width, query.data());
        attend_head({.query = query.data(),
                     .keys = k + from * width,
                     .values = v + from * width,
                     .scores = scores.data(),
                     .out = out + (b * heads + head) * width,
                     .count = now + 1 - from,
                     .width = width});
      }
    }
  });
  return seen;
}

at::Tensor TokenStep::logits(const at::Tensor& tokens, const at::Tensor& begins,
                             KvCache& cache) const {
  const DecoderConfig& config = decoder_.config_;
  at::Tensor x = decoder_.embed(tokens.unsqueeze(1)).squeeze(1);  // [B, H]
  const Decoder::Rotation turn =
      decoder_.rotation((cache.tokens - begins).unsqueeze(1), x.options());  // [B, 1, 1, width]
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    const Block& packed = blocks_[i];
    const DecoderBlock& b = decoder_.layers_[i];
    const at::Tensor qkv = packed.qkv(b.input_layernorm(x, config.epsilon));
    x = packed.out(attend(i, qkv, begins, turn, cache)).add_(x);
    const auto gate_up = packed.gate_up(b.post_attention_layernorm(x, config.epsilon)).chunk(2, -1);
    x = packed.down(activate(config.activation, gate_up[0]) * gate_up[1]).add_(x);
  }
  ++cache.tokens;
  return head_(decoder_.norm_(x, config.epsilon));
}

}  // namespace kale
