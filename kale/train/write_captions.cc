#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>

#include "kale/networks/generate.h"
#include "kale/train/validation.h"

namespace kale {
namespace {

struct Prompts {
  at::Tensor tokens;  // [B, T], padded at the left
  at::Tensor mask;    // bool [B, T]
};

Prompts side_by_side(const std::vector<std::vector<std::int64_t>>& prompts, std::int64_t padding) {
  std::int64_t T = 0;
  for (const auto& prompt : prompts) T = std::max(T, std::ssize(prompt));
  const std::int64_t B = std::ssize(prompts);
  Prompts out{at::full({B, T}, padding, at::kLong), at::zeros({B, T}, at::kBool)};
  for (std::int64_t i = 0; i < B; ++i) {
    const auto& prompt = prompts[static_cast<std::size_t>(i)];
    const std::int64_t n = std::ssize(prompt);
    out.tokens[i]
        .narrow(0, T - n, n)
        .copy_(at::from_blob(const_cast<std::int64_t*>(prompt.data()), {n}, at::kLong));
    out.mask[i].narrow(0, T - n, n).fill_(true);
  }
  return out;
}

}  // namespace

std::vector<std::string> write_captions(const Student& student, const LayoutOptions& layout,
                                        const std::vector<std::string>& alt_texts,
                                        const std::vector<float>& pixels,
                                        const Computing& computing) {
  at::NoGradGuard no_grad;
  const LlavaConfig& config = student.config();
  const Layout words = student.layout();
  std::vector<std::vector<std::int64_t>> prompts;
  for (const std::string& alt_text : alt_texts)
    prompts.push_back(prompt_tokens(words, layout, alt_text));
  const Prompts given = side_by_side(prompts, words.end_token);
  const std::int64_t B = std::ssize(alt_texts), S = config.vision.image_side;
  at::Tensor pictures = at::from_blob(const_cast<float*>(pixels.data()), {B, 3, S, S}, at::kFloat)
                            .to(computing.device);
  PrecisionScope scope(computing.precision, computing.device.type());
  const Llava& network = *student.network;
  const at::Tensor embeddings =
      network.embed(given.tokens.to(computing.device), network.image_features(pictures));
  const at::Tensor written = generate(network.text(), embeddings, given.mask.to(computing.device),
                                      {.new_tokens_max = layout.caption_tokens_max})
                                 .to(at::kCPU)
                                 .contiguous();
  std::vector<std::string> captions;
  const auto& ends = config.text.eos_tokens;
  for (std::int64_t i = 0; i < B; ++i) {
    const auto* first = written.const_data_ptr<std::int64_t>() + i * written.size(1);
    const auto* last = std::find_first_of(first, first + written.size(1), ends.begin(), ends.end());
    captions.push_back(student.tokenizer->decode({first, last}));
  }
  return captions;
}

}  // namespace kale
