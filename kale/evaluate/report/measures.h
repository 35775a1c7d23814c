// What is measured of captions: each measure a share or a mean, held as numerator and denominator
// of every caption, so that sums over any choice of captions are exact.
// Threads  free functions, safe
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kale/evaluate/judge/judge.h"
#include "kale/evaluate/overlap/overlap.h"
#include "kale/evaluate/report/captions.h"

namespace kale::evaluate {

struct Ratio {
  double numerator = 0;
  double denominator = 0;  // 0: the caption has nothing to be measured
};

enum class Good : std::uint8_t { kMore, kLess, kNeither };

struct MeasureInfo {
  std::string_view name;   // of the columns and the JSON
  std::string_view group;  // "errors", "facts", "names", "overlap", "form"
  std::string_view what;
  Good good = Good::kNeither;
  bool share = true;  // in percent; else a plain number
};
const std::vector<MeasureInfo>& measure_table();

// What is needed to measure one caption. A missing one has nothing to be measured: every
// denominator is 0.
struct Measured {
  const CaptionRow* row = nullptr;
  std::string_view caption;              // empty: missing
  std::optional<Judgement> judgement;    // nothing without truth
  std::optional<OverlapScores> overlap;  // nothing without references
};
std::vector<Ratio> measure(const Measured& measured);  // in the order of measure_table()

// Of all captions that are there together; no intervals, since they do not add up.
struct CorpusMeasures {
  std::int64_t captions = 0;  // missing ones aside
  std::int64_t words = 0;
  std::int64_t vocabulary = 0;
  std::vector<double> distinct_grams;  // share of distinct among all runs of 1 to 4 words
  std::int64_t captions_shared = 0;    // rows whose caption another row has too
  std::string most_shared;             // the caption that most rows have; empty where none repeats
  std::int64_t most_shared_rows = 0;
  std::optional<OverlapScores> overlap;  // BLEU and METEOR over the corpus
};
CorpusMeasures corpus_measures(const std::vector<Measured>& all);

// A sum over captions with its interval.
struct Interval {
  double value = 0, low = 0, high = 0;
  double numerator = 0, denominator = 0;
  std::int64_t captions = 0;  // that had something to be measured
};

// With fewer captions a difference is shown, but not called better or worse: resamples of a
// handful hold its like too seldom.
inline constexpr std::int64_t kClearCaptionsMin = 30;

struct Resampling {
  int resamples = 1000;
  std::uint64_t seed = 1;
  double level = 0.95;
};

// Percentile bootstrap over captions: the whole caption is drawn again, with all its claims.
// Nothing where no caption has the measure.
std::optional<Interval> interval_of(const std::vector<Ratio>& captions, const Resampling& how);
// Of the difference `b - a` on the same captions, drawn together; resamples in which either has
// nothing to be measured say nothing of it and are left out. `captions` is the lesser number of
// captions that have something to be measured.
std::optional<Interval> paired_difference(const std::vector<Ratio>& a, const std::vector<Ratio>& b,
                                          const Resampling& how);

}  // namespace kale::evaluate
