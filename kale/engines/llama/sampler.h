// Picks the next token from the model's logits. Pure: the draw depends on logits, decoding,
// candidate index and the reply so far, never on what else is in flight.
// Threads  a Sampler belongs to one reply
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kale/core/engine.h"
#include "kale/core/rng.h"

namespace kale::llama {

using Token = std::int32_t;

class Sampler {
 public:
  Sampler(const Decoding& decoding, int candidate);

  // logits [vocabulary] -> token. Temperature 0 takes the best (the lowest id among equals); else
  // temperature, top_k, top_p, in this order, then a draw. Tokens more than kReach temperatures
  // below the best are never drawn.
  Token pick(std::span<const float> logits, std::span<const Token> reply);

 private:
  struct Scored {
    float logit;
    Token token;
  };

  // Positive logits are divided, negative multiplied (Keskar et al. 2019, CTRL), once per token.
  std::span<const float> penalised(std::span<const float> logits, std::span<const Token> reply);
  void keep_top_k();
  double keep_top_p();  // returns the weight of what is left

  static constexpr double kReach = 20;  // e^-20 is 2e-9

  double temperature_;
  double top_p_;
  int top_k_;
  float penalty_;
  Rng rng_;
  std::vector<float> penalised_;
  std::vector<Scored> scored_;
  std::vector<double> weights_;
};

}  // namespace kale::llama
