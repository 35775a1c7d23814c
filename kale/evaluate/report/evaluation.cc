#include "kale/evaluate/report/evaluation.h"

#include <fmt/format.h>

#include "kale/evaluate/overlap/parallel.h"
#include "kale/evaluate/report/plot.h"
#include "kale/evaluate/report/tables.h"

namespace kale::evaluate {
namespace {

std::vector<std::string> references_of(const world::Scene& scene) {
  std::vector<std::string> all;
  const world::Captions& told = scene.captions;
  for (const std::string* caption :
       {&told.brief, &told.dense, &told.fused_brief, &told.fused_dense})
    if (!caption->empty()) all.push_back(*caption);
  return all;
}

Status add_overlap(ColumnMeasures& column, int threads) {
  std::vector<Candidate> candidates;
  std::vector<Measured*> scored;
  for (Measured& measured : column.captions) {
    if (measured.row->truth == nullptr || measured.caption.empty()) continue;
    auto references = references_of(*measured.row->truth);
    if (references.empty()) continue;
    candidates.push_back({measured.row->key, std::string(measured.caption), std::move(references)});
    scored.push_back(&measured);
  }
  if (candidates.empty()) return {};
  KALE_TRY(auto report, score_overlap(candidates, {threads}));
  for (std::size_t i = 0; i < scored.size(); ++i) scored[i]->overlap = report.captions[i];
  column.corpus.overlap = report.corpus;
  return {};
}

Result<ColumnMeasures> measure_column(const CaptionSet& set, const std::string& name, bool other,
                                      const EvaluationOptions& options) {
  ColumnMeasures column;
  column.name = name;
  column.captions.resize(set.rows.size());
  for_each_part(set.rows.size(), options.threads, [&](std::size_t i) {
    const CaptionRow& row = set.rows[i];
    Measured& measured = column.captions[i];
    measured.row = &row;
    measured.caption = other ? row.other : row.caption;
    if (row.truth != nullptr && !measured.caption.empty())
      measured.judgement = judge(*row.truth, measured.caption);
  });
  column.corpus = corpus_measures(column.captions);
  KALE_OK(add_overlap(column, options.threads));
  const std::size_t measures = measure_table().size();
  column.ratios.assign(measures, std::vector<Ratio>(set.rows.size()));
  for_each_part(set.rows.size(), options.threads, [&](std::size_t i) {
    const auto ratios = measure(column.captions[i]);
    for (std::size_t m = 0; m < measures; ++m) column.ratios[m][i] = ratios[m];
  });
  column.sums.resize(measures);
  for_each_part(measures, options.threads, [&](std::size_t m) {
    column.sums[m] = interval_of(column.ratios[m], options.resampling);
  });
  return column;
}

// A caption that is missing is no caption without errors: it is compared with nothing.
void add_differences(Evaluation& evaluation) {
  std::vector<std::size_t> both;
  for (std::size_t i = 0; i < evaluation.set.rows.size(); ++i)
    if (!evaluation.set.rows[i].caption.empty() && !evaluation.set.rows[i].other.empty())
      both.push_back(i);
  evaluation.compared = std::ssize(both);
  evaluation.differences.resize(measure_table().size());
  for_each_part(measure_table().size(), evaluation.options.threads, [&](std::size_t m) {
    std::vector<Ratio> a, b;
    for (const std::size_t i : both) {
      a.push_back(evaluation.column.ratios[m][i]);
      b.push_back(evaluation.other->ratios[m][i]);
    }
    evaluation.differences[m] = paired_difference(a, b, evaluation.options.resampling);
  });
}

// What an earlier evaluation left goes, its mark last; what is not of one is left alone.
Status make_room(Disk& disk, const std::filesystem::path& folder) {
  KALE_OK(disk.make_folders(folder));
  KALE_OK(check_results_folder(disk, folder));
  for (const std::string& name : result_files()) {
    KALE_OK(disk.remove(folder / (name + ".aside")));
    KALE_OK(disk.remove(folder / name));
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Evaluation>> evaluate(CaptionSet set, const CaptionsWanted& wanted,
                                             const EvaluationOptions& options) {
  auto evaluation = std::make_unique<Evaluation>();
  evaluation->set = std::move(set);
  evaluation->options = options;
  KALE_TRY(evaluation->column, measure_column(evaluation->set, wanted.column, false, options));
  if (wanted.other.empty()) return evaluation;
  KALE_TRY(evaluation->other, measure_column(evaluation->set, wanted.other, true, options));
  add_differences(*evaluation);
  return evaluation;
}

bool has_measure(const Evaluation& evaluation, std::size_t measure) {
  return evaluation.column.sums[measure] || (evaluation.other && evaluation.other->sums[measure]);
}

Status check_results_folder(Disk& disk, const std::filesystem::path& folder) {
  KALE_TRY(const auto mark, disk.stat(folder / result_files().back()));
  if (mark) return {};
  for (const std::string& name : result_files()) {
    KALE_TRY(const auto there, disk.stat(folder / name));
    if (there)
      return Error{Code::kBadConfig,
                   fmt::format("{} is there and no evaluation left it; take another --out",
                               (folder / name).string())};
  }
  return {};
}

Status write_evaluation(Disk& disk, const std::filesystem::path& folder,
                        const Evaluation& evaluation) {
  KALE_OK(make_room(disk, folder));
  KALE_OK(write_whole_file(disk, folder / "measures.json", measures_json(evaluation)));
  KALE_OK(write_whole_file(disk, folder / "measures.md", measures_table(evaluation)));
  KALE_OK(write_measure_columns(disk, folder / "measures.parquet", evaluation));
  if (evaluation.set.has_truth) {
    KALE_OK(write_whole_file(disk, folder / "claims.jsonl", claims_jsonl(evaluation)));
    KALE_OK(write_whole_file(disk, folder / "wrong.md", wrong_captions(evaluation)));
  }
  for (const Plot& plot : plots_of(evaluation))
    KALE_OK(write_whole_file(disk, folder / (plot.name + ".svg"), bar_chart(plot)));
  return {};
}

}  // namespace kale::evaluate
