#include <algorithm>
#include <cmath>

#include "kale/core/check.h"
#include "kale/core/rng.h"
#include "kale/evaluate/report/measures.h"

namespace kale::evaluate {
namespace {

struct Sum {
  double numerator = 0, denominator = 0;
  void add(const Ratio& ratio) {
    numerator += ratio.numerator;
    denominator += ratio.denominator;
  }
  double value() const { return denominator > 0 ? numerator / denominator : 0; }
};

// Nearest rank.
double percentile(const std::vector<double>& sorted, double share) {
  const auto last = static_cast<double>(sorted.size() - 1);
  return sorted[static_cast<std::size_t>(std::lround(share * last))];
}

void set_bounds(Interval& interval, std::vector<double> drawn, double level) {
  std::sort(drawn.begin(), drawn.end());
  interval.low = percentile(drawn, (1 - level) / 2);
  interval.high = percentile(drawn, (1 + level) / 2);
}

// Captions without the measure can be left out of the draw: their share of a resample only makes
// the number of others vary.
std::vector<std::size_t> with_measure(const std::vector<Ratio>& captions) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < captions.size(); ++i)
    if (captions[i].denominator > 0) found.push_back(i);
  return found;
}

}  // namespace

std::optional<Interval> interval_of(const std::vector<Ratio>& captions, const Resampling& how) {
  const auto used = with_measure(captions);
  if (used.empty()) return std::nullopt;
  Sum all;
  for (const std::size_t i : used) all.add(captions[i]);
  Interval interval{
      all.value(), 0, 0, all.numerator, all.denominator, static_cast<std::int64_t>(used.size())};
  Rng rng(how.seed);
  std::vector<double> drawn;
  for (int round = 0; round < how.resamples; ++round) {
    Sum sum;
    for (std::size_t i = 0; i < used.size(); ++i) sum.add(captions[used[rng.below(used.size())]]);
    drawn.push_back(sum.value());
  }
  set_bounds(interval, std::move(drawn), how.level);
  return interval;
}

std::optional<Interval> paired_difference(const std::vector<Ratio>& a, const std::vector<Ratio>& b,
                                          const Resampling& how) {
  KALE_CHECK(a.size() == b.size(), "paired measures are of the same captions");
  Sum first, second;
  std::vector<std::size_t> used;  // of either
  for (std::size_t i = 0; i < a.size(); ++i) {
    first.add(a[i]);
    second.add(b[i]);
    if (a[i].denominator > 0 || b[i].denominator > 0) used.push_back(i);
  }
  if (first.denominator == 0 || second.denominator == 0) return std::nullopt;
  const auto fewer = std::min(with_measure(a).size(), with_measure(b).size());
  Interval interval{second.value() - first.value(), 0, 0, 0, 0, static_cast<std::int64_t>(fewer)};
  Rng rng(how.seed);
  std::vector<double> drawn;
  for (int round = 0; round < how.resamples; ++round) {
    Sum x, y;
    for (std::size_t i = 0; i < used.size(); ++i) {
      const std::size_t k = used[rng.below(used.size())];
      x.add(a[k]);
      y.add(b[k]);
    }
    if (x.denominator > 0 && y.denominator > 0) drawn.push_back(y.value() - x.value());
  }
  if (drawn.empty()) return std::nullopt;
  set_bounds(interval, std::move(drawn), how.level);
  return interval;
}

}  // namespace kale::evaluate
