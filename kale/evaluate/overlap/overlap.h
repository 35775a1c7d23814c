// How far captions overlap with reference captions: BLEU, ROUGE-L, CIDEr-D and METEOR's exact
// stage, equal to pycocoevalcap's on the same texts (docs/paper_map.md).
// Errors   kBadConfig names a caption without references; kLimit one over the limits below
// Threads  score_overlap() works on threads of its own and joins them; the same sums for any number
// Units    scores as pycocoevalcap gives them: 0 to 1, CIDEr-D 0 to 10
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "kale/core/result.h"

namespace kale {

inline constexpr std::size_t kCandidatesMax = 1'000'000'000;           // of one corpus
inline constexpr std::size_t kReferencesMax = 1000;                    // of one caption
inline constexpr std::size_t kCaptionBytesMax = std::size_t{1} << 20;  // of one text

struct Candidate {
  std::string id;                       // names the caption in errors
  std::string caption;                  // as written; it is tokenised here
  std::vector<std::string> references;  // at least one
};

struct OverlapScores {
  std::array<double, 4> bleu{};  // BLEU-1 to BLEU-4
  double rouge_l = 0;
  double cider_d = 0;
  double meteor_exact = 0;
};

struct OverlapReport {
  OverlapScores corpus;                 // BLEU and METEOR from sums over captions, the others means
  std::vector<OverlapScores> captions;  // in the order of the candidates
};

struct OverlapOptions {
  int threads = 1;
};

// Document frequencies come from the references of all candidates: CIDEr-D scores of one caption
// depend on the others.
Result<OverlapReport> score_overlap(std::span<const Candidate> candidates,
                                    const OverlapOptions& options = {});

}  // namespace kale
