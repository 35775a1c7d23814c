#include "kale/networks/generate.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <vector>

#include "kale/core/check.h"
#include "kale/core/rng.h"
#include "kale/networks/reading.h"
#include "kale/networks/shape.h"

namespace kale {
namespace {

// One stream of random numbers a text.
class Draws {
 public:
  Draws(std::uint64_t seed, std::int64_t rows) {
    for (std::int64_t i = 0; i < rows; ++i) {
      Rng mixed(seed ^ Rng(static_cast<std::uint64_t>(i)).next());
      rngs_.emplace_back(mixed.next());
    }
  }
  at::Tensor next() {
    at::Tensor uniform = at::empty({std::ssize(rngs_)}, at::kDouble);
    for (std::size_t i = 0; i < rngs_.size(); ++i) {
      uniform.data_ptr<double>()[i] = rngs_[i].uniform();
    }
    return uniform;
  }

 private:
  std::vector<Rng> rngs_;
};

at::Tensor ends(const at::Tensor& tokens, const std::vector<std::int64_t>& eos) {
  at::Tensor ended = at::zeros_like(tokens, at::kBool);
  for (std::int64_t token : eos) ended = ended.logical_or(tokens.eq(token));
  return ended;
}

}  // namespace

at::Tensor pick_nucleus(const at::Tensor& logits, double temperature, double top_p,
                        const at::Tensor& uniform) {
  KALE_SHAPE(uniform, {logits.size(0)});
  at::Tensor weights = (logits.to(at::kDouble) / temperature).softmax(-1);
  auto [sorted, tokens] = weights.sort(-1, /*descending=*/true);
  at::Tensor sums = sorted.cumsum(-1);
  at::Tensor kept = (sums - sorted).lt(top_p).sum(-1, /*keepdim=*/true).clamp_min(1);  // [B, 1]
  at::Tensor all = sums.gather(-1, kept - 1);
  at::Tensor place = sums.le(uniform.to(logits.device()).unsqueeze(1) * all).sum(-1, true);
  return tokens.gather(-1, at::minimum(place, kept - 1)).squeeze(-1);
}

at::Tensor generate(const Decoder& decoder, const at::Tensor& embeddings, const at::Tensor& mask,
                    const GenerateOptions& options) {
  at::NoGradGuard no_grad;
  const DecoderConfig& config = decoder.decoder_config();
  KALE_CHECK(options.new_tokens_max > 0, "room for a token");
  Reading reading(decoder, embeddings, mask, options.new_tokens_max);
  if (options.beams > 1) {
    return generate_beams(reading, config, options.beams, options.new_tokens_max,
                          options.length_penalty);
  }
  std::int64_t B = embeddings.size(0);
  Draws draws(options.seed, B);
  at::Tensor ended = at::zeros({B}, mask.options());
  std::vector<at::Tensor> texts;
  while (true) {
    at::Tensor next = options.temperature > 0 ? pick_nucleus(reading.logits(), options.temperature,
                                                             options.top_p, draws.next())
                                              : reading.logits().argmax(-1);
    next = next.masked_fill(ended, padding_of(config));
    texts.push_back(next);
    ended = ended.logical_or(ends(next, config.eos_tokens));
    if (std::ssize(texts) == options.new_tokens_max || ended.all().item<bool>()) break;
    reading.read(next);
  }
  return at::stack(texts, 1);
}

}  // namespace kale
