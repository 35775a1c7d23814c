#include "kale/evaluate/overlap/gram_scores.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace kale {
namespace {

// pycocoevalcap's, so that captions without any gram of a size score nearly nothing, not nothing.
constexpr double kBleuTiny = 1e-15;
constexpr double kBleuSmall = 1e-9;
constexpr double kCiderSigma = 6;  // words, of the penalty on lengths that differ
constexpr double kCiderScale = 10;

std::int64_t closest_length(std::int64_t words, std::span<const NumberedText> references) {
  std::int64_t closest = -1;
  for (const NumberedText& reference : references) {
    const auto length = static_cast<std::int64_t>(reference.words.size());
    const std::int64_t off = std::abs(length - words), off_before = std::abs(closest - words);
    if (closest < 0 || off < off_before || (off == off_before && length < closest))
      closest = length;
  }
  return closest;
}

// pycocoevalcap calls it length and counts pairs of words.
double pairs(std::size_t words) { return words < 2 ? 0 : static_cast<double>(words - 1); }

}  // namespace

void BleuCounts::add(const BleuCounts& other) {
  for (std::size_t i = 0; i < guessed.size(); ++i) {
    guessed[i] += other.guessed[i];
    correct[i] += other.correct[i];
  }
  words += other.words;
  reference_words += other.reference_words;
}

std::array<double, kGramWordsMax> BleuCounts::scores() const {
  std::array<double, kGramWordsMax> scores{};
  double product = 1;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    product *= (static_cast<double>(correct[i]) + kBleuTiny) /
               (static_cast<double>(guessed[i]) + kBleuSmall);
    scores[i] = std::pow(product, 1.0 / static_cast<double>(i + 1));
  }
  const double ratio = (static_cast<double>(words) + kBleuTiny) /
                       (static_cast<double>(reference_words) + kBleuSmall);
  if (ratio < 1)
    for (double& score : scores) score *= std::exp(1 - 1 / ratio);
  return scores;
}

GramScorer::GramScorer(const DocumentFrequencies& frequencies, std::size_t candidates)
    : frequencies_(frequencies), log_candidates_(std::log(static_cast<double>(candidates))) {}

void GramScorer::weigh(const GramCounts& counts, Vector& out) const {
  out.weights.clear();
  out.norms.fill(0);
  for (const CountedGram& gram : counts.grams()) {
    const double documents = std::max(1.0, static_cast<double>(frequencies_.of(gram)));
    out.weights.push_back(log_candidates_ - std::log(documents));
    const double weight = gram.count * out.weights.back();
    out.norms[static_cast<std::size_t>(gram.size - 1)] += weight * weight;
  }
  for (double& norm : out.norms) norm = std::sqrt(norm);
}

double GramScorer::similarity(const std::vector<std::int32_t>& in_reference,
                              double length_difference) const {
  std::array<double, kGramWordsMax> products{};
  for (std::size_t i = 0; i < in_reference.size(); ++i) {
    if (in_reference[i] == 0) continue;
    const CountedGram& gram = caption_.grams()[i];
    const double weight = caption_vector_.weights[i];
    const double ours = gram.count * weight, theirs = in_reference[i] * weight;
    products[static_cast<std::size_t>(gram.size - 1)] += std::min(ours, theirs) * theirs;
  }
  const double penalty =
      std::exp(-(length_difference * length_difference) / (2 * kCiderSigma * kCiderSigma));
  double sum = 0;
  for (std::size_t i = 0; i < products.size(); ++i) {
    const double norms = caption_vector_.norms[i] * reference_vector_.norms[i];
    sum += (norms != 0 ? products[i] / norms : products[i]) * penalty;
  }
  return sum / kGramWordsMax;
}

GramScores GramScorer::score(const NumberedText& caption,
                             std::span<const NumberedText> references) {
  caption_.count(caption.words);
  weigh(caption_, caption_vector_);
  in_any_.assign(caption_.grams().size(), 0);
  in_reference_.resize(caption_.grams().size());
  GramScores scores;
  for (const NumberedText& reference : references) {
    reference_.count(reference.words);
    weigh(reference_, reference_vector_);
    for (std::size_t i = 0; i < in_reference_.size(); ++i) {
      in_reference_[i] = reference_.count_of(caption_.grams()[i]);
      in_any_[i] = std::max(in_any_[i], in_reference_[i]);
    }
    scores.cider_d +=
        similarity(in_reference_, pairs(caption_.words()) - pairs(reference_.words()));
  }
  scores.cider_d *= kCiderScale / static_cast<double>(references.size());

  const auto words = static_cast<std::int64_t>(caption_.words());
  for (int i = 0; i < kGramWordsMax; ++i)
    scores.bleu.guessed[static_cast<std::size_t>(i)] = std::max<std::int64_t>(0, words - i);
  for (std::size_t i = 0; i < in_any_.size(); ++i) {
    const CountedGram& gram = caption_.grams()[i];
    scores.bleu.correct[static_cast<std::size_t>(gram.size - 1)] +=
        std::min(gram.count, in_any_[i]);
  }
  scores.bleu.words = words;
  scores.bleu.reference_words = closest_length(words, references);
  return scores;
}

}  // namespace kale
