#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "kale/core/check.h"
#include "kale/networks/reading.h"

namespace kale {
namespace {

constexpr float kNever = -1e9F;  // a score that no beam has

struct Beam {
  std::vector<std::int64_t> tokens;
  float score = kNever;   // sum of the tokens' log-probabilities; of an ended one over its length
  std::int64_t from = 0;  // which beam it goes on from
};

// The beams of one text. The rules are those of transformers with early_stopping = False.
class Hypotheses {
 public:
  Hypotheses(const DecoderConfig& config, std::int64_t beams, double length_penalty)
      : config_(config), penalty_(length_penalty), running_(static_cast<std::size_t>(beams)) {
    running_.front().score = 0;  // all begin alike, so only one counts
  }

  const std::vector<Beam>& running() const { return running_; }
  bool open() const { return open_; }
  const std::vector<std::int64_t>& best() const { return ended_.front().tokens; }

  // Candidates best first, more than twice as many as beams end on an end token at the most;
  // `last`: all end here.
  void step(const std::vector<Beam>& candidates, bool last) {
    std::vector<Beam> next, ending;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      const Beam& candidate = candidates[i];
      bool ends = last || is_end(config_, candidate.tokens.back());
      if (!ends && next.size() < running_.size()) next.push_back(candidate);
      // Only what is among the best may end; the others stand in for those that do.
      if (ends && i < running_.size()) ending.push_back(candidate);
    }
    auto length = static_cast<float>(candidates.front().tokens.size());
    auto divisor = std::pow(length, static_cast<float>(penalty_));
    if (open_) {
      for (Beam& beam : ending) {
        beam.score /= divisor;
        ended_.push_back(std::move(beam));
      }
      std::stable_sort(ended_.begin(), ended_.end(),
                       [](const Beam& l, const Beam& r) { return l.score > r.score; });
      if (ended_.size() > running_.size()) ended_.resize(running_.size());
    }
    if (last) return;
    KALE_CHECK(next.size() == running_.size(), "as many candidates go on as there are beams");
    running_ = std::move(next);
    // Closed when not even the best beam would now be better than the worst that has ended.
    bool full = ended_.size() == running_.size();
    if (full && running_.front().score / divisor <= ended_.back().score) open_ = false;
  }

 private:
  const DecoderConfig& config_;
  double penalty_;
  std::vector<Beam> running_, ended_;
  bool open_ = true;
};

// The `count` likeliest ways to go on, of all the text's beams. scores [beams, vocabulary]
std::vector<Beam> candidates_of(const at::Tensor& scores, const std::vector<Beam>& running,
                                std::int64_t count) {
  std::int64_t vocabulary = scores.size(1);
  auto [values, places] = scores.reshape({-1}).topk(count);
  at::Tensor value = values.to(at::kCPU), place = places.to(at::kCPU);
  std::vector<Beam> candidates;
  for (std::int64_t i = 0; i < count; ++i) {
    std::int64_t at = place.data_ptr<std::int64_t>()[i];
    std::int64_t from = at / vocabulary;
    Beam beam{.tokens = running[static_cast<std::size_t>(from)].tokens,
              .score = value.data_ptr<float>()[i],
              .from = from};
    beam.tokens.push_back(at % vocabulary);
    candidates.push_back(std::move(beam));
  }
  return candidates;
}

at::Tensor padded(const std::vector<Hypotheses>& texts, std::int64_t padding) {
  std::size_t longest = 0;
  for (const Hypotheses& text : texts) longest = std::max(longest, text.best().size());
  at::Tensor all =
      at::full({std::ssize(texts), static_cast<std::int64_t>(longest)}, padding, at::kLong);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    auto* row = all.data_ptr<std::int64_t>() + i * longest;
    std::copy(texts[i].best().begin(), texts[i].best().end(), row);
  }
  return all;
}

}  // namespace

at::Tensor generate_beams(Reading& reading, const DecoderConfig& config, std::int64_t beams,
                          std::int64_t new_tokens_max, double length_penalty) {
  std::int64_t B = reading.logits().size(0);
  at::Device device = reading.logits().device();
  // As many as can end, and as many as there are beams to go on.
  std::int64_t count = std::max<std::int64_t>(2, 1 + std::ssize(config.eos_tokens)) * beams;
  KALE_CHECK(count <= config.vocabulary * beams, "no more beams than tokens");
  std::vector<Hypotheses> texts(static_cast<std::size_t>(B),
                                Hypotheses(config, beams, length_penalty));
  reading.repeat(beams);
  for (std::int64_t step = 1;; ++step) {
    bool last = step == new_tokens_max;
    at::Tensor scores = reading.logits().to(at::kFloat).log_softmax(-1);
    std::vector<std::int64_t> tokens, order;
    std::vector<float> before;
    for (const Hypotheses& text : texts) {
      for (const Beam& beam : text.running()) before.push_back(beam.score);
    }
    scores = scores + at::tensor(before).to(device).unsqueeze(1);
    for (std::int64_t i = 0; i < B; ++i) {
      Hypotheses& text = texts[static_cast<std::size_t>(i)];
      text.step(candidates_of(scores.narrow(0, i * beams, beams), text.running(), count), last);
      for (const Beam& beam : text.running()) {
        tokens.push_back(beam.tokens.empty() ? 0 : beam.tokens.back());
        order.push_back(i * beams + beam.from);
      }
    }
    bool open = std::any_of(texts.begin(), texts.end(), [](const auto& t) { return t.open(); });
    if (last || !open) break;
    reading.reorder(at::tensor(order).to(device));
    reading.read(at::tensor(tokens).to(device));
  }
  return padded(texts, padding_of(config)).to(device);
}

}  // namespace kale
