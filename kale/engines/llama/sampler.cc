#include "kale/engines/llama/sampler.h"

#include <algorithm>
#include <cmath>

#include "kale/core/check.h"

namespace kale::llama {
namespace {

Token best_of(std::span<const float> logits) {
  return static_cast<Token>(std::max_element(logits.begin(), logits.end()) - logits.begin());
}

// The seed is stirred first: SplitMix64 streams whose seeds lie near each other's steps overlap.
Rng seeded(std::uint64_t seed, int candidate) {
  return Rng(Rng(seed).next() + static_cast<std::uint64_t>(candidate));
}

}  // namespace

Sampler::Sampler(const Decoding& decoding, int candidate)
    : temperature_(decoding.temperature),
      top_p_(decoding.top_p),
      top_k_(decoding.top_k),
      penalty_(static_cast<float>(decoding.repetition_penalty)),
      rng_(seeded(decoding.seed, candidate)) {}

std::span<const float> Sampler::penalised(std::span<const float> logits,
                                          std::span<const Token> reply) {
  if (penalty_ == 1.0F || reply.empty()) return logits;
  penalised_.assign(logits.begin(), logits.end());
  for (Token token : reply) {
    float logit = logits[static_cast<std::size_t>(token)];
    penalised_[static_cast<std::size_t>(token)] = logit > 0 ? logit / penalty_ : logit * penalty_;
  }
  return penalised_;
}

void Sampler::keep_top_k() {
  auto likelier = [](const Scored& a, const Scored& b) {
    return a.logit != b.logit ? a.logit > b.logit : a.token < b.token;
  };
  if (top_k_ > 0 && static_cast<std::size_t>(top_k_) < scored_.size()) {
    auto end = scored_.begin() + top_k_;
    std::nth_element(scored_.begin(), end, scored_.end(), likelier);
    scored_.erase(end, scored_.end());
  }
  std::sort(scored_.begin(), scored_.end(), likelier);
}

double Sampler::keep_top_p() {
  weights_.clear();
  double total = 0;
  for (const Scored& scored : scored_) {
    weights_.push_back(std::exp((scored.logit - scored_.front().logit) / temperature_));
    total += weights_.back();
  }
  if (top_p_ >= 1) return total;
  double kept = 0;
  std::size_t count = 0;
  while (count < weights_.size() && (count == 0 || kept < top_p_ * total))
    kept += weights_[count++];
  weights_.resize(count);
  return kept;
}

Token Sampler::pick(std::span<const float> logits, std::span<const Token> reply) {
  KALE_CHECK(!logits.empty(), "a model without vocabulary");
  logits = penalised(logits, reply);
  Token best = best_of(logits);
  if (temperature_ <= 0) return best;
  auto least = logits[static_cast<std::size_t>(best)] - static_cast<float>(kReach * temperature_);
  scored_.clear();
  for (std::size_t i = 0; i < logits.size(); ++i)
    if (logits[i] >= least) scored_.push_back({logits[i], static_cast<Token>(i)});
  if (scored_.empty()) return best;  // the best is NaN: nothing compares with it
  keep_top_k();
  double draw = rng_.uniform() * keep_top_p();
  for (std::size_t i = 0; i < weights_.size(); ++i) {
    draw -= weights_[i];
    if (draw < 0) return scored_[i].token;
  }
  return scored_[weights_.size() - 1].token;
}

}  // namespace kale::llama
