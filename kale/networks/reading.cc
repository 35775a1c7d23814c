#include "kale/networks/reading.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "kale/core/check.h"
#include "kale/networks/shape.h"

namespace kale {

Reading::Reading(const Decoder& decoder, const at::Tensor& embeddings, const at::Tensor& mask,
                 std::int64_t new_tokens_max)
    : decoder_(decoder),
      prompt_(embeddings.size(1)),
      padded_(!mask.all().item<bool>()),
      cache_(decoder.decoder_config(), embeddings.size(0), prompt_ + new_tokens_max,
             embeddings.options().requires_grad(false)) {
  std::int64_t B = embeddings.size(0);
  KALE_SHAPE(embeddings, {B, prompt_, decoder.decoder_config().width});
  KALE_SHAPE(mask, {B, prompt_});
  // Positions count real tokens only, so that a text's do not depend on its company.
  positions_ = (mask.to(at::kLong).cumsum(1) - 1).clamp_min(0);
  seen_ = at::ones({B, prompt_ + new_tokens_max}, mask.options());
  seen_.narrow(1, 0, prompt_).copy_(mask);
  begins_ = mask.logical_not().sum(1);
  step_ = TokenStep::make(decoder, embeddings);
  read_embeddings(embeddings);
}

void Reading::read(const at::Tensor& tokens) {
  if (step_) {
    logits_ = step_->logits(tokens, begins_, cache_);
    return;
  }
  positions_ = positions_.narrow(1, positions_.size(1) - 1, 1) + 1;
  read_embeddings(decoder_.embed(tokens.unsqueeze(1)));
}

void Reading::read_embeddings(const at::Tensor& embeddings) {
  DecoderInput input{
      .embeddings = embeddings, .mask = {}, .positions = positions_, .cache = &cache_};
  if (padded_) input.mask = seen_.narrow(1, 0, cache_.tokens + embeddings.size(1));
  logits_ = decoder_.logits(decoder_.last(input));
}

void Reading::repeat(std::int64_t times) {
  auto widen = [&](at::Tensor& x) { x = x.repeat_interleave(times, 0); };
  for (at::Tensor& x : cache_.keys) widen(x);
  for (at::Tensor& x : cache_.values) widen(x);
  widen(seen_);
  widen(positions_);
  widen(begins_);
  widen(logits_);
}

// Rows of one prompt differ in what was generated alone.
void Reading::reorder(const at::Tensor& order) {
  std::int64_t generated = cache_.tokens - prompt_;
  if (generated == 0 || order.equal(at::arange(order.size(0), order.options()))) return;
  auto pick = [&](at::Tensor& x) {
    at::Tensor tail = x.narrow(2, prompt_, generated);
    tail.copy_(tail.index_select(0, order));
  };
  for (at::Tensor& x : cache_.keys) pick(x);
  for (at::Tensor& x : cache_.values) pick(x);
}

std::int64_t padding_of(const DecoderConfig& config) {
  if (config.pad_token >= 0) return config.pad_token;
  return config.eos_tokens.empty() ? 0 : config.eos_tokens.front();
}

bool is_end(const DecoderConfig& config, std::int64_t token) {
  const auto& ends = config.eos_tokens;
  return std::find(ends.begin(), ends.end(), token) != ends.end();
}

}  // namespace kale
