// Scores the real cleaning code against sentences labelled by reading (tests/clean/README.md).
// Errors   kCorrupt names the label line; a caption that is split otherwise than when it was read
//          is one of them, since its label no longer means the same sentence
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bench/clean/triplets.h"
#include "kale/clean/artifacts.h"

namespace kale::bench {

struct Label {  // of one row; a row without a label was read and is clean
  std::size_t sentences = 0;
  std::set<std::size_t> leaked;
  std::set<std::size_t> arguable;  // a word of the prompt that fits the subject: counted as clean
  std::string half;                // "tune" or "report" in the sample of 200, else empty
  std::string stratum;             // "net" or "rest" there
};

struct Labels {
  std::map<std::size_t, Label> rows;
  std::map<std::string, std::size_t> strata;  // how many rows of the data lie in each
};
Result<Labels> read_labels(const std::filesystem::path& file);

enum class Rows { kTune, kReport, kSample, kAll };
enum class Reading { kDefined, kStrict };  // strict: what is arguable is leaked

struct Score {
  std::size_t rows = 0, sentences = 0, leaked = 0, removed = 0, removed_leaked = 0;
  std::size_t leaked_rows = 0;       // hold a leaked sentence before cleaning
  std::size_t leaked_rows_left = 0;  // and after it
  std::size_t emptied = 0;           // nothing left
  std::size_t filled = 0;            // of these, rows whose clean dense caption would stand in

  double precision() const;
  double recall() const;
  double clean_removed() const;  // share of the clean sentences that are removed
};
Result<Score> score(const std::vector<Triplet>& data, const Labels& labels,
                    const ArtifactWords& words, Rows which, Reading reading);

struct Interval {
  double low = 0, high = 1;
};
Interval wilson(std::size_t hits, std::size_t of);  // 95 %

// Leaked rows of the data as the sample alone tells them: the strata, each by its size.
struct Estimate {
  double rows = 0;
  Interval interval;  // the strata's Wilson bounds, added up
};
Estimate leaked_rows_by_strata(const Labels& labels);

Result<std::string> study_tables(const std::vector<Triplet>& data, const Labels& labels,
                                 const ArtifactWords& words);  // Markdown

}  // namespace kale::bench
