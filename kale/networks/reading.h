// A decoder that has read a prompt, padded at the left, and goes on one token a text at a time.
// Threads  belongs to one caller
#pragma once

#include <memory>
#include <vector>

#include "kale/networks/token_step.h"

namespace kale {

class Reading {
 public:
  // Reads the prompts: embeddings [B, T, H], mask bool [B, T].
  Reading(const Decoder& decoder, const at::Tensor& embeddings, const at::Tensor& mask,
          std::int64_t new_tokens_max);

  const at::Tensor& logits() const { return logits_; }  // [B, vocabulary], of the next token
  void read(const at::Tensor& tokens);                  // [B]
  // Each text becomes `times` texts, one after the other.
  void repeat(std::int64_t times);
  // Row i goes on from row order[i], which has the same prompt.
  void reorder(const at::Tensor& order);

 private:
  void read_embeddings(const at::Tensor& embeddings);

  const Decoder& decoder_;
  std::int64_t prompt_;
  bool padded_;
  std::unique_ptr<const TokenStep> step_;  // none: the decoder reads token by token as any text
  KvCache cache_;
  at::Tensor seen_;       // bool [B, all tokens]
  at::Tensor positions_;  // [B, T], then [B, 1]
  at::Tensor begins_;     // [B], the first token that is no padding
  at::Tensor logits_;
};

// What stands behind the end of a text.
std::int64_t padding_of(const DecoderConfig& config);
bool is_end(const DecoderConfig& config, std::int64_t token);

// The config's beams, best first; see generate().
at::Tensor generate_beams(Reading& reading, const DecoderConfig& config, std::int64_t beams,
                          std::int64_t new_tokens_max, double length_penalty);

}  // namespace kale
