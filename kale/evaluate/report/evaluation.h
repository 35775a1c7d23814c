// Captions measured: from the rows that were read to the files that are left.
//
//   measures.md    the table, for people
//   measures.json  the same, for programs
//   measures.parquet  a row for each caption: its key and its measures
//   claims.jsonl   every claim with its verdict and its place in the caption (with truth)
//   wrong.md       captions with wrong claims, each explained (with truth)
//   *.svg          a plot for each group of measures
//
// Errors   kIo from the disk; kBadConfig for a folder with files of these names that no evaluation
//          left; kBadConfig, kLimit as overlap.h says
// Threads  evaluate() works on threads of its own and joins them
// Format   docs/formats.md, "Measures of captions"
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "kale/core/result.h"
#include "kale/evaluate/report/captions.h"
#include "kale/evaluate/report/measures.h"
#include "kale/io/disk.h"

namespace kale::evaluate {

struct EvaluationOptions {
  Resampling resampling;
  int threads = 1;
  std::int64_t wrong_shown = 40;  // captions of wrong.md
};

// One column of captions.
struct ColumnMeasures {
  std::string name;
  std::vector<Measured> captions;             // in the order of the rows; some may be missing
  std::vector<std::vector<Ratio>> ratios;     // by measure, then by caption
  std::vector<std::optional<Interval>> sums;  // by measure
  CorpusMeasures corpus;
};

struct Evaluation {
  CaptionSet set;  // the captions' views point into it
  ColumnMeasures column;
  std::optional<ColumnMeasures> other;               // of the column to compare with
  std::int64_t compared = 0;                         // rows that have both captions
  std::vector<std::optional<Interval>> differences;  // other - column on these, by measure
  EvaluationOptions options;
};

// `set` is moved in and must not be looked at again but through the result. Never move the result
// while views into it are used.
Result<std::unique_ptr<Evaluation>> evaluate(CaptionSet set, const CaptionsWanted& wanted,
                                             const EvaluationOptions& options);

// Whether either column has something to be measured.
bool has_measure(const Evaluation& evaluation, std::size_t measure);

std::string measures_table(const Evaluation& evaluation);  // Markdown
std::string measures_json(const Evaluation& evaluation);
std::string claims_jsonl(const Evaluation& evaluation);
std::string wrong_captions(const Evaluation& evaluation);  // Markdown

// Refuses a folder with files of these names that no evaluation left, before all is measured.
Status check_results_folder(Disk& disk, const std::filesystem::path& folder);
// Takes the place of what an evaluation left in `folder` before: nothing of it stays.
Status write_evaluation(Disk& disk, const std::filesystem::path& folder,
                        const Evaluation& evaluation);
Status write_measure_columns(Disk& disk, const std::filesystem::path& path,
                             const Evaluation& evaluation);

}  // namespace kale::evaluate
