// One token more for each of several texts, on a CPU in float32: what Decoder::hidden() and
// logits() do, with matrices packed once, queries, keys and values of one product, gate and up of
// one, and attention that reads the cache where it lies. Little is left to dispatch.
// Threads  logits() only reads the network
// Units    B texts, H width; values are those of the decoder but for the order of rounding
#pragma once

#include <memory>
#include <vector>

#include "kale/networks/decoder.h"
#include "kale/networks/product.h"

namespace kale {

class TokenStep {
 public:
  // For texts that began as `embeddings` [B, T, H]; none where their device, type or the width of
  // heads does not suit.
  static std::unique_ptr<const TokenStep> make(const Decoder& decoder,
                                               const at::Tensor& embeddings);

  // tokens [B], begins [B]: the first place of each text in the cache, which grows by one token.
  // -> [B, vocabulary]
  at::Tensor logits(const at::Tensor& tokens, const at::Tensor& begins, KvCache& cache) const;

 private:
  struct Block {
    PackedMatrix qkv, out, gate_up, down;
  };
  TokenStep(const Decoder& decoder, std::int64_t rows);
  // qkv [B, (heads + 2 kv_heads) * head width] -> [B, heads * head width]
  at::Tensor attend(std::size_t layer, const at::Tensor& qkv, const at::Tensor& begins,
                    const Decoder::Rotation& turn, KvCache& cache) const;

  const Decoder& decoder_;
  std::vector<Block> blocks_;
  PackedMatrix head_;
};

}  // namespace kale
