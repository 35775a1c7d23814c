#include "kale/networks/generate.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <vector>

#include "kale/core/check.h"
#include "kale/networks/shape.h"

namespace kale {
namespace {

at::Tensor ends(const at::Tensor& tokens, const std::vector<std::int64_t>& eos) {
  at::Tensor ended = at::zeros_like(tokens, at::kBool);
  for (std::int64_t token : eos) ended = ended.logical_or(tokens.eq(token));
  return ended;
}

std::int64_t padding_of(const DecoderConfig& config) {
  if (config.pad_token >= 0) return config.pad_token;
  return config.eos_tokens.empty() ? 0 : config.eos_tokens.front();
}

}  // namespace

at::Tensor generate(const Decoder& decoder, const at::Tensor& embeddings, const at::Tensor& mask,
                    const GenerateOptions& options) {
  at::NoGradGuard no_grad;
  const DecoderConfig& config = decoder.decoder_config();
  std::int64_t B = embeddings.size(0), T = embeddings.size(1);
  KALE_SHAPE(embeddings, {B, T, config.width});
  KALE_SHAPE(mask, {B, T});
  KALE_CHECK(options.new_tokens_max > 0, "room for a token");
  bool padded = !mask.all().item<bool>();
  KvCache cache(config, B, T + options.new_tokens_max, embeddings.options());
  // Positions count real tokens only, so that a text's do not depend on its company.
  at::Tensor positions = (mask.to(at::kLong).cumsum(1) - 1).clamp_min(0);
  at::Tensor seen = at::ones({B, T + options.new_tokens_max}, mask.options());
  seen.narrow(1, 0, T).copy_(mask);

  DecoderInput input{.embeddings = embeddings, .mask = {}, .positions = positions, .cache = &cache};
  at::Tensor ended = at::zeros({B}, mask.options());
  std::vector<at::Tensor> texts;
  for (std::int64_t i = 0; i < options.new_tokens_max; ++i) {
    if (padded) input.mask = seen.narrow(1, 0, cache.tokens + input.embeddings.size(1));
    at::Tensor rows = decoder.hidden(input);
    at::Tensor next = decoder.logits(rows.select(1, rows.size(1) - 1)).argmax(-1);  // [B]
    next = next.masked_fill(ended, padding_of(config));
    texts.push_back(next);
    ended = ended.logical_or(ends(next, config.eos_tokens));
    if (ended.all().item<bool>()) break;
    input.embeddings = decoder.embed(next.unsqueeze(1));
    input.positions = input.positions.narrow(1, input.positions.size(1) - 1, 1) + 1;
  }
  return at::stack(texts, 1);
}

}  // namespace kale
