// Texts out of a decoder: several at once, padded at the left, with a cache of keys and values.
// Greedy, nucleus (arXiv 1904.09751) and beams; greedy and beams give the tokens of transformers.
// Limits   GenerateOptions::new_tokens_max, and the room that the cache takes
// Threads  belongs to one caller; the network is only read
// Units    tokens; a text that has ended goes on in padding
#pragma once

#include <cstdint>

#include "kale/networks/decoder.h"

namespace kale {

struct GenerateOptions {
  std::int64_t new_tokens_max = 128;
  double temperature = 0;     // 0: the likeliest token
  double top_p = 1;           // draws from the likeliest tokens that together weigh this much
  std::uint64_t seed = 0;     // text i draws from (seed, i), whatever its company
  std::int64_t beams = 1;     // over 1: that many texts are followed at once, and none is drawn
  double length_penalty = 1;  // of beams: scores are divided by length to this power
};

// Until every text has met one of the config's end tokens.
// embeddings [B, T, H], mask bool [B, T], false for padding at the left -> [B, new tokens], an end
// token included, padding (pad_token, else the first end token, else 0) behind it.
at::Tensor generate(const Decoder& decoder, const at::Tensor& embeddings, const at::Tensor& mask,
                    const GenerateOptions& options);

// logits [B, vocabulary], uniform [B] in [0, 1) -> tokens [B], each drawn by its number.
at::Tensor pick_nucleus(const at::Tensor& logits, double temperature, double top_p,
                        const at::Tensor& uniform);

}  // namespace kale
