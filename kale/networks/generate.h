// Texts out of a decoder: several at once, padded at the left, with a cache of keys and values.
// Limits   GenerateOptions::new_tokens_max, and the room that the cache takes
// Threads  belongs to one caller; the network is only read
// Units    tokens; a text that has ended goes on in padding
#pragma once

#include <cstdint>

#include "kale/networks/decoder.h"

namespace kale {

struct GenerateOptions {
  std::int64_t new_tokens_max = 128;
};

// The likeliest token each time, until every text has met one of the config's end tokens.
// embeddings [B, T, H], mask bool [B, T], false for padding at the left -> [B, new tokens], an end
// token included, padding (pad_token, else the first end token, else 0) behind it.
at::Tensor generate(const Decoder& decoder, const at::Tensor& embeddings, const at::Tensor& mask,
                    const GenerateOptions& options);

}  // namespace kale
