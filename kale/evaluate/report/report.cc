#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "kale/evaluate/report/evaluation.h"
#include "kale/text/utf8.h"

namespace kale::evaluate {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kShownLength = 200;  // of a caption, in letters

std::string number(const MeasureInfo& info, double value, bool sign = false) {
  if (info.share)
    return sign ? fmt::format("{:+.1f} %", value * 100) : fmt::format("{:.1f} %", value * 100);
  return sign ? fmt::format("{:+.2f}", value) : fmt::format("{:.2f}", value);
}

std::string cells(const MeasureInfo& info, const std::optional<Interval>& sum) {
  if (!sum) return " | |";
  return fmt::format(" {} | {} to {} |", number(info, sum->value), number(info, sum->low),
                     number(info, sum->high));
}

std::string row_of(const Evaluation& evaluation, std::size_t m) {
  const MeasureInfo& info = measure_table()[m];
  const auto& sum = evaluation.column.sums[m];
  std::string row = fmt::format("| {} | `{}` |", info.what, info.name) + cells(info, sum);
  if (!evaluation.other) return row + fmt::format(" {} |\n", sum ? sum->captions : 0);
  row += cells(info, evaluation.other->sums[m]);
  const auto& difference = evaluation.differences[m];
  if (!difference) return row + " |\n";
  const bool clear =
      difference->captions >= kClearCaptionsMin && (difference->low > 0 || difference->high < 0);
  const bool better = (difference->value > 0) == (info.good == Good::kMore);
  const std::string_view mark = !clear || info.good == Good::kNeither ? ""
                                : better                              ? " better"
                                                                      : " worse";
  return row + fmt::format(" {} ({} to {}){} |\n", number(info, difference->value, true),
                           number(info, difference->low, true),
                           number(info, difference->high, true), mark);
}

// Rows of the data, bad ones aside, that have none.
std::int64_t without_caption(const Evaluation& evaluation, const ColumnMeasures& column) {
  return evaluation.set.rows_read - evaluation.set.bad_rows() - column.corpus.captions;
}

std::string rows_text(const Evaluation& evaluation) {
  const CaptionSet& set = evaluation.set;
  std::string text = fmt::format("{} rows read", set.rows_read);
  if (evaluation.other)
    text +=
        fmt::format("; {} have both captions, and differences are of these", evaluation.compared);
  text += ".\n";
  for (const auto& [reason, rows] : set.bad)
    text +=
        fmt::format("\n{} rows are left out ({}). The first: {}\n", rows.rows, reason, rows.first);
  for (const std::string& note : set.notes)
    text += fmt::format("\nNote: {}.\n", printable(note, 4 * kShownLength));
  if (set.has_truth && set.without_truth > 0)
    text += fmt::format("\n{} captions have no truth and are not judged.\n", set.without_truth);
  return text;
}

std::string corpus_text(const Evaluation& evaluation, const ColumnMeasures& column) {
  const CorpusMeasures& corpus = column.corpus;
  std::string text = fmt::format("Column `{}`: {} captions", column.name, corpus.captions);
  if (const std::int64_t without = without_caption(evaluation, column); without > 0)
    text += fmt::format(" ({} rows have none)", without);
  text += fmt::format(", {} words, {} different words; distinct of all runs of 1, 2, 3, 4 words:",
                      corpus.words, corpus.vocabulary);
  for (const double share : corpus.distinct_grams) text += fmt::format(" {:.1f} %", share * 100);
  text += fmt::format(". Captions that another row has too: {}", corpus.captions_shared);
  if (corpus.most_shared_rows > 1)
    text += fmt::format("; most often ({} rows): \"{}\"", corpus.most_shared_rows,
                        printable(corpus.most_shared, kShownLength));
  text += ".";
  if (corpus.overlap)
    text += fmt::format(
        " Over all captions: BLEU-4 {:.3f}, METEOR (exact) {:.3f}, CIDEr-D {:.3f}, "
        "ROUGE-L {:.3f}.",
        corpus.overlap->bleu[3], corpus.overlap->meteor_exact, corpus.overlap->cider_d,
        corpus.overlap->rouge_l);
  return text + "\n";
}

ordered_json interval_json(const Interval& interval) {
  return {{"value", interval.value},
          {"low", interval.low},
          {"high", interval.high},
          {"numerator", interval.numerator},
          {"denominator", interval.denominator},
          {"captions", interval.captions}};
}

ordered_json column_json(const Evaluation& evaluation, const ColumnMeasures& column) {
  ordered_json measures = ordered_json::object();
  for (std::size_t m = 0; m < measure_table().size(); ++m)
    if (column.sums[m])
      measures[std::string(measure_table()[m].name)] = interval_json(*column.sums[m]);
  const CorpusMeasures& corpus = column.corpus;
  ordered_json all = {{"captions", corpus.captions},
                      {"words", corpus.words},
                      {"vocabulary", corpus.vocabulary},
                      {"distinct_grams", corpus.distinct_grams},
                      {"captions_shared", corpus.captions_shared},
                      {"most_shared", corpus.most_shared},
                      {"most_shared_rows", corpus.most_shared_rows}};
  if (corpus.overlap) {
    all["bleu"] = corpus.overlap->bleu;
    all["meteor_exact"] = corpus.overlap->meteor_exact;
    all["cider_d"] = corpus.overlap->cider_d;
    all["rouge_l"] = corpus.overlap->rouge_l;
  }
  return {{"column", column.name},
          {"without_caption", without_caption(evaluation, column)},
          {"measures", measures},
          {"corpus", all}};
}

std::string shown_caption(std::string_view caption, const Judgement& judged) {
  std::string text;
  std::size_t at = 0;
  for (const JudgedClaim& claim : judged.claims) {
    if (!is_error(claim.verdict) || claim.span.begin < at) continue;
    text.append(caption.substr(at, claim.span.begin - at)).append("**");
    text.append(caption.substr(claim.span.begin, claim.span.end - claim.span.begin)).append("**");
    at = claim.span.end;
  }
  text.append(caption.substr(std::min(at, caption.size())));
  return printable(collapse_spaces(text), text.size());
}

std::int64_t errors_of(const Judgement& judged) {
  return std::count_if(judged.claims.begin(), judged.claims.end(),
                       [](const JudgedClaim& claim) { return is_error(claim.verdict); });
}

}  // namespace

std::string measures_table(const Evaluation& evaluation) {
  const Resampling& how = evaluation.options.resampling;
  std::string text = "# Measures of captions\n\n" + rows_text(evaluation) + "\n" +
                     corpus_text(evaluation, evaluation.column);
  if (evaluation.other) text += "\n" + corpus_text(evaluation, *evaluation.other);
  text +=
      fmt::format("\nIntervals hold {:g} % of {} bootstrap resamples over captions (seed {}).\n",
                  how.level * 100, how.resamples, how.seed);
  std::string_view group;
  for (std::size_t m = 0; m < measure_table().size(); ++m) {
    if (!has_measure(evaluation, m)) continue;
    if (measure_table()[m].group != group) {
      group = measure_table()[m].group;
      text += fmt::format("\n| {} | name | `{}` | interval |", group, evaluation.column.name);
      text += evaluation.other
                  ? fmt::format(
                        " `{}` | interval | difference |\n| --- | --- | --- | --- | --- | --- "
                        "| --- |\n",
                        evaluation.other->name)
                  : std::string(" captions |\n| --- | --- | --- | --- | --- |\n");
    }
    text += row_of(evaluation, m);
  }
  return text;
}

std::string measures_json(const Evaluation& evaluation) {
  const Resampling& how = evaluation.options.resampling;
  ordered_json bad = ordered_json::object();
  for (const auto& [reason, rows] : evaluation.set.bad) bad[reason] = rows.rows;
  ordered_json json = {
      {"version", 2},
      {"resamples", how.resamples},
      {"seed", how.seed},
      {"level", how.level},
      {"rows", evaluation.set.rows_read},
      {"bad_rows", bad},
      {"without_truth", evaluation.set.without_truth},
      {"notes", evaluation.set.notes},
      {"columns", ordered_json::array({column_json(evaluation, evaluation.column)})}};
  if (evaluation.other) {
    json["columns"].push_back(column_json(evaluation, *evaluation.other));
    json["compared"] = evaluation.compared;
    ordered_json& differences = json["differences"] = ordered_json::object();
    for (std::size_t m = 0; m < measure_table().size(); ++m)
      if (const auto& d = evaluation.differences[m])
        differences[std::string(measure_table()[m].name)] = {
            {"value", d->value}, {"low", d->low}, {"high", d->high}, {"captions", d->captions}};
  }
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string claims_jsonl(const Evaluation& evaluation) {
  std::string lines;
  for (const Measured& measured : evaluation.column.captions) {
    if (!measured.judgement) continue;
    ordered_json claims = ordered_json::array();
    for (const JudgedClaim& claim : measured.judgement->claims) {
      ordered_json one = {{"kind", claim_kind_name(claim.kind)},
                          {"begin", claim.span.begin},
                          {"end", claim.span.end},
                          {"said", claim.said},
                          {"verdict", verdict_name(claim.verdict)}};
      if (!claim.why.empty()) one["why"] = claim.why;
      claims.push_back(std::move(one));
    }
    ordered_json facts = ordered_json::array();
    for (const Fact& fact : measured.judgement->facts)
      facts.push_back(
          {{"kind", fact_kind_name(fact.kind)}, {"what", fact.what}, {"told", fact.told}});
    ordered_json row = {{"key", measured.row->key},
                        {"caption", measured.caption},
                        {"claims", claims},
                        {"facts", facts},
                        {"names_kept", measured.judgement->names_kept},
                        {"names_lost", measured.judgement->names_lost},
                        {"false_names", measured.judgement->false_names}};
    lines += row.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
  }
  return lines;
}

std::string wrong_captions(const Evaluation& evaluation) {
  std::string text = "# Captions with wrong claims\n";
  std::int64_t shown = 0;
  for (const Measured& measured : evaluation.column.captions) {
    if (!measured.judgement || errors_of(*measured.judgement) == 0) continue;
    if (shown++ == evaluation.options.wrong_shown) break;
    text += fmt::format("\n## {}\n\n{}\n\n", printable(measured.row->key, kShownLength),
                        shown_caption(measured.caption, *measured.judgement));
    for (const JudgedClaim& claim : measured.judgement->claims)
      if (is_error(claim.verdict))
        text +=
            fmt::format("- {}: {}; {}\n", claim_kind_name(claim.kind),
                        printable(claim.said, kShownLength), printable(claim.why, kShownLength));
  }
  return text;
}

}  // namespace kale::evaluate
