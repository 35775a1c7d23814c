// The fusion study's figures: what a caption kept of its two sources, and what it made up.
// docs/fusion_study.md defines each of them.
// Threads  free functions, safe
// Units    shares are 0 to 1; all figures are ratios of sums over rows
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace kale::study {

enum class Figure {
  kNamesKept,     // names and numbers of the alt-text that stand in the caption
  kInventedRows,  // rows with a name or number that neither source has
  kDenseKept,     // content words of the dense caption that stand in the caption
  kVerbatimRows,  // the whole alt-text stands in the caption, as written
  kWordsCopied,   // the same, by words in any case and with any marks between them
  kAppendedRows,  // the whole dense caption, and everything else behind or before it
  kFallbackRows,  // the dense caption stands alone
  kWords,         // words a caption
};
inline constexpr std::size_t kFigures = 8;

struct FigureInfo {
  std::string_view name;
  std::string_view target;
  bool is_share = true;
};
const FigureInfo& figure_info(Figure figure);

struct Part {
  double of = 0;  // numerator
  double all = 0;
};
using RowFigures = std::array<Part, kFigures>;

RowFigures measure(std::string_view alt_text, std::string_view dense, std::string_view caption);

struct Interval {
  double value = 0;
  double low = 0;   // 2.5 %
  double high = 0;  // 97.5 %
};
// Ratio of sums, with a percentile bootstrap over rows. NaN where nothing was counted.
Interval estimate(const std::vector<RowFigures>& rows, Figure figure);

}  // namespace kale::study
