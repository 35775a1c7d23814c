#include "kale/evaluate/report/evaluation.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "kale/evaluate/report/plot.h"

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

// Each thread takes the next caption; what it makes does not depend on which thread that is.
template <class Work>
void in_parallel(std::size_t count, int threads, Work work) {
  std::atomic<std::size_t> next{0};
  std::vector<std::jthread> workers;
  for (int t = 0; t < std::max(threads, 1); ++t)
    workers.emplace_back([&] {
      for (std::size_t i = next++; i < count; i = next++) work(i);
    });
}

Status add_overlap(ColumnMeasures& column, int threads) {
  std::vector<Candidate> candidates;
  std::vector<Measured*> scored;
  for (Measured& measured : column.captions) {
    if (measured.row->truth == nullptr) continue;
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
  in_parallel(set.rows.size(), options.threads, [&](std::size_t i) {
    const CaptionRow& row = set.rows[i];
    Measured& measured = column.captions[i];
    measured.row = &row;
    measured.caption = other ? std::string_view(row.other ? *row.other : std::string_view())
                             : std::string_view(row.caption);
    if (row.truth != nullptr) measured.judgement = judge(*row.truth, measured.caption);
  });
  column.corpus = corpus_measures(column.captions);
  KALE_OK(add_overlap(column, options.threads));
  const std::size_t measures = measure_table().size();
  column.ratios.assign(measures, std::vector<Ratio>(set.rows.size()));
  in_parallel(set.rows.size(), options.threads, [&](std::size_t i) {
    const auto ratios = measure(column.captions[i]);
    for (std::size_t m = 0; m < measures; ++m) column.ratios[m][i] = ratios[m];
  });
  column.sums.resize(measures);
  in_parallel(measures, options.threads, [&](std::size_t m) {
    column.sums[m] = interval_of(column.ratios[m], options.resampling);
  });
  return column;
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
  for (std::size_t m = 0; m < measure_table().size(); ++m)
    evaluation->differences.push_back(paired_difference(
        evaluation->column.ratios[m], evaluation->other->ratios[m], options.resampling));
  return evaluation;
}

Status write_evaluation(Disk& disk, const std::filesystem::path& folder,
                        const Evaluation& evaluation) {
  KALE_OK(disk.make_folders(folder));
  KALE_OK(write_whole_file(disk, folder / "measures.md", measures_table(evaluation)));
  KALE_OK(write_whole_file(disk, folder / "measures.json", measures_json(evaluation)));
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
