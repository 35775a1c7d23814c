#include "kale/evaluate/overlap/overlap.h"

#include <fmt/format.h>

#include "kale/evaluate/overlap/gram_scores.h"
#include "kale/evaluate/overlap/meteor.h"
#include "kale/evaluate/overlap/parallel.h"
#include "kale/evaluate/overlap/rouge.h"

namespace kale {
namespace {

constexpr std::size_t kCandidatesPerPart = 256;

Status check(std::span<const Candidate> candidates) {
  if (candidates.size() > kCandidatesMax)
    return Error{Code::kLimit, fmt::format("{} captions, at most {} are scored together",
                                           candidates.size(), kCandidatesMax)};
  for (const Candidate& candidate : candidates) {
    if (candidate.references.empty())
      return Error{Code::kBadConfig,
                   fmt::format("caption '{}' has no references; give at least one, or leave it out",
                               candidate.id)};
    if (candidate.references.size() > kReferencesMax)
      return Error{Code::kLimit,
                   fmt::format("caption '{}' has {} references, at most {}", candidate.id,
                               candidate.references.size(), kReferencesMax)};
    std::size_t longest = candidate.caption.size();
    for (const std::string& reference : candidate.references)
      longest = std::max(longest, reference.size());
    if (longest > kCaptionBytesMax)
      return Error{Code::kLimit,
                   fmt::format("caption '{}' or a reference of it has {} bytes, at most {}",
                               candidate.id, longest, kCaptionBytesMax)};
  }
  return {};
}

struct Counts {
  BleuCounts bleu;
  MeteorCounts meteor;
};

}  // namespace

Result<OverlapReport> score_overlap(std::span<const Candidate> candidates,
                                    const OverlapOptions& options) {
  KALE_OK(check(candidates));
  OverlapReport report;
  if (candidates.empty()) return report;
  const NumberedTexts texts(candidates, options.threads);
  const DocumentFrequencies frequencies(texts, options.threads);

  report.captions.resize(candidates.size());
  std::vector<Counts> counts(candidates.size());
  const std::size_t parts = (candidates.size() + kCandidatesPerPart - 1) / kCandidatesPerPart;
  for_each_part(parts, options.threads, [&](std::size_t part) {
    GramScorer grams(frequencies, candidates.size());
    RougeScorer rouge;
    MeteorScorer meteor;
    const std::size_t end = std::min(candidates.size(), (part + 1) * kCandidatesPerPart);
    for (std::size_t i = part * kCandidatesPerPart; i < end; ++i) {
      const NumberedText& caption = texts.caption(i);
      const GramScores scores = grams.score(caption, texts.references(i));
      counts[i] = {scores.bleu, meteor.score(caption, texts.references(i))};
      report.captions[i] = {scores.bleu.scores(), rouge.score(caption, texts.references(i)),
                            scores.cider_d, counts[i].meteor.score()};
    }
  });

  Counts all;  // added up in the order of the captions, whatever thread made them
  for (std::size_t i = 0; i < counts.size(); ++i) {
    all.bleu.add(counts[i].bleu);
    all.meteor.add(counts[i].meteor);
    report.corpus.rouge_l += report.captions[i].rouge_l;
    report.corpus.cider_d += report.captions[i].cider_d;
  }
  const auto size = static_cast<double>(candidates.size());
  report.corpus.bleu = all.bleu.scores();
  report.corpus.meteor_exact = all.meteor.score();
  report.corpus.rouge_l /= size;
  report.corpus.cider_d /= size;
  return report;
}

}  // namespace kale
