// The fusion study: the step fuse on triplets of alt-text, synthetic caption and a caption fused by
// others, and its figures. docs/fusion_study.md tells what they mean and what came out.
//
//   fusion_study fuse TRIPLETS.jsonl --from 0 --count 200 --model M.gguf --out out/fused.jsonl
//     one line a row: what the row had, caption_fused, fused_by, seconds. With --memo FILE answers
//     of the model are kept there and not asked for again, so that a change behind them is quick
//   fusion_study score out/fused.jsonl --column caption_fused --column fused
//     a Markdown table; where rows have fused_by, their fused rows are counted apart as well
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "bench/fusion_figures.h"
#include "kale/yaml/option_io.h"
#include "kale/core/executor_fake.h"
#include "kale/engines/llama/llama.h"
#include "kale/fuse/fuse.h"
#include "kale/resume/journal.h"

namespace {

using kale::Code;
using kale::Error;
using kale::Result;
using kale::Status;
using nlohmann::json;
using Clock = std::chrono::steady_clock;

struct Settings {
  std::string file;
  std::int64_t from = 0;
  std::int64_t count = 0;  // 0: all
  std::string out;
  std::string memo;
  std::vector<std::string> set;
  std::size_t in_flight = 32;
  std::uint64_t seed = 1;
  kale::LlamaOptions llama;
  std::vector<std::string> columns;
};

Result<std::vector<json>> read_rows(const Settings& settings) {
  std::ifstream in(settings.file);
  if (!in)
    return Error{Code::kNotFound, settings.file + ": cannot be read; give a file of JSON lines"};
  std::vector<json> rows;
  std::int64_t number = 0;
  for (std::string line; std::getline(in, line); ++number) {
    if (number < settings.from) continue;
    if (settings.count > 0 && number >= settings.from + settings.count) break;
    json row = json::parse(line, nullptr, false);
    for (const char* key : {"alt_text", "synthetic"})
      if (!row.is_object() || !row.contains(key) || !row[key].is_string())
        return Error{Code::kCorrupt, fmt::format("{}: line {} lacks the text \"{}\"", settings.file,
                                                 number + 1, key)};
    row["row"] = row.value("row", number);
    rows.push_back(std::move(row));
  }
  if (rows.empty()) return Error{Code::kBadConfig, settings.file + ": no rows in this range"};
  return rows;
}

// Seeds from (seed, row, call), as a run has them from (seed, row, step, attempt, call).
class StudyContext : public kale::Context {
 public:
  StudyContext(const kale::StepPrint& print, std::uint64_t seed, std::uint64_t row,
               kale::Journal* memo)
      : print_(print), row_(row), rng_(kale::Rng(seed).next() ^ row), memo_(memo) {}
  kale::Task<Result<kale::Reply>> ask(kale::Engine& engine, kale::Prompt prompt,
                                      kale::Decoding decoding) override {
    decoding.seed = rng_.next();
    const std::string key =
        kale::memo_key(std::to_string(row_), print_, call_++, engine, prompt, decoding);
    std::optional<kale::Reply> known;
    if (memo_) known = memo_->find(key);
    if (known) co_return std::move(*known);
    auto reply = co_await engine.generate(std::move(prompt), std::move(decoding));
    Status kept;
    if (reply && memo_) kept = memo_->record(key, *reply);
    if (!kept) co_return std::move(kept).error();
    co_return reply;
  }
  kale::Rng rng() const override { return rng_; }
  int attempt() const override { return 0; }
  bool last_attempt() const override { return true; }
  const kale::StopToken& stop() const override { return token_; }

 private:
  const kale::StepPrint& print_;
  std::uint64_t row_;
  kale::Rng rng_;
  kale::Journal* memo_;
  int call_ = 0;
  kale::StopToken token_;
};

struct Study {
  kale::Step& step;
  kale::StepPrint print;  // of what answers: rules may change behind kept answers, models not
  std::vector<json>& rows;
  std::uint64_t seed;
  kale::Journal* memo;
  std::size_t next = 0;
  std::size_t lanes = 0;
  Status status = {};
  kale::Completion<bool> all;
};

// Takes one row after the other until none is left.
kale::Task<void> lane(Study& study) {
  while (study.next < study.rows.size() && study.status) {
    json& line = study.rows[study.next++];
    kale::Row row;
    row.alt_text = line["alt_text"];
    row.caption_dense = line["synthetic"];
    StudyContext context(study.print, study.seed, line["row"].get<std::uint64_t>(), study.memo);
    const auto begun = Clock::now();
    auto outcome = co_await study.step.apply(row, context);
    if (const auto* failed = std::get_if<kale::Failed>(&outcome)) study.status = failed->error;
    line["seconds"] = std::chrono::duration<double>(Clock::now() - begun).count();
    line["caption_fused"] = row.caption_fused;
    line["fused_by"] = row.fused_by;
  }
  if (--study.lanes == 0) study.all.set(true);
}

kale::Task<bool> wait_for(kale::Completion<bool>& all) {
  bool done = co_await all;
  co_return done;
}

Status set_options(const std::vector<std::string>& texts, kale::FuseOptions& options) {
  YAML::Node map(YAML::NodeType::Map);
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos)
      return Error{Code::kBadConfig, fmt::format("--set {}: write option=value", text)};
    map[text.substr(0, equals)] = text.substr(equals + 1);
  }
  kale::OptionReader reader(map, "fuse");
  options.visit(reader);
  return reader.finish();
}

Status fuse(const Settings& settings) {
  KALE_TRY(auto rows, read_rows(settings));
  kale::FuseOptions options;
  KALE_OK(set_options(settings.set, options));
  kale::FakeExecutor executor;
  std::unique_ptr<kale::Engine> engine;
  auto find = [&engine](std::string_view) -> Result<kale::Engine*> { return engine.get(); };
  const auto threads = std::max<std::int64_t>(1, settings.llama.threads);
  kale::BuildContext build{executor, static_cast<int>(threads), std::filesystem::current_path(),
                           find};
  KALE_TRY(engine, kale::make_llama(settings.llama, build));
  KALE_OK(engine->start());
  KALE_TRY(auto step, kale::make_fuse(options, build));
  std::unique_ptr<kale::Journal> memo;
  if (!settings.memo.empty()) {
    KALE_TRY(memo, kale::Journal::open(kale::real_disk(), settings.memo));
  }
  Study study{*step,
              kale::StepPrint{"fuse", settings.llama.model, ""},
              rows,
              settings.seed,
              memo.get(),
              0,
              settings.in_flight,
              {},
              kale::Completion<bool>(executor)};
  const auto begun = Clock::now();
  for (std::size_t i = 0; i < settings.in_flight; ++i) spawn(lane(study), executor);
  executor.run(wait_for(study.all));
  const double seconds = std::chrono::duration<double>(Clock::now() - begun).count();
  KALE_OK(study.status);
  std::ofstream out(settings.out);
  std::vector<double> waits;
  for (const json& row : rows) {
    out << row.dump() << '\n';
    waits.push_back(row["seconds"]);
  }
  out.close();
  if (!out) return Error{Code::kIo, settings.out + ": cannot be written"};
  std::sort(waits.begin(), waits.end());
  fmt::print(
      "{} rows in {:.1f} s, {:.2f} captions/s; a row with {} in flight: median {:.2f} s, "
      "95 % within {:.2f} s\n",
      rows.size(), seconds, static_cast<double>(rows.size()) / seconds, settings.in_flight,
      waits[waits.size() / 2], waits[waits.size() * 95 / 100]);
  return {};
}

struct Scored {
  std::string title;
  std::vector<kale::study::RowFigures> rows;
};

bool is_fallback(const json& row) {
  const std::string by = row.value("fused_by", "");
  return !by.starts_with("llm") && by != "names";
}

std::string cell(const kale::study::Interval& interval, bool is_share) {
  if (std::isnan(interval.value)) return "-";
  const double scale = is_share ? 100 : 1;
  return fmt::format("{:.1f} ({:.1f}-{:.1f})", interval.value * scale, interval.low * scale,
                     interval.high * scale);
}

Status score(const Settings& settings) {
  KALE_TRY(auto rows, read_rows(settings));
  std::vector<Scored> all;
  for (const std::string& column : settings.columns) {
    Scored whole{column, {}};
    Scored fused{column + ", fused rows", {}};
    for (const json& row : rows) {
      if (!row.contains(column) || !row[column].is_string())
        return Error{Code::kNotFound, fmt::format("row {} lacks \"{}\"; name another --column",
                                                  row["row"].get<std::int64_t>(), column)};
      whole.rows.push_back(kale::study::measure(row["alt_text"].get<std::string>(),
                                                row["synthetic"].get<std::string>(),
                                                row[column].get<std::string>()));
      if (column == "caption_fused" && !is_fallback(row)) fused.rows.push_back(whole.rows.back());
    }
    all.push_back(std::move(whole));
    if (!fused.rows.empty()) all.push_back(std::move(fused));
  }
  fmt::print("| | target |");
  for (const Scored& scored : all) fmt::print(" {} ({} rows) |", scored.title, scored.rows.size());
  fmt::print("\n| --- | --- |");
  for (std::size_t i = 0; i < all.size(); ++i) fmt::print(" --- |");
  for (std::size_t i = 0; i < kale::study::kFigures; ++i) {
    const auto figure = static_cast<kale::study::Figure>(i);
    const auto& info = kale::study::figure_info(figure);
    fmt::print("\n| {}{} | {} |", info.name, info.is_share ? ", %" : "", info.target);
    for (const Scored& scored : all)
      fmt::print(" {} |", cell(kale::study::estimate(scored.rows, figure), info.is_share));
  }
  std::map<std::string, int> by;
  for (const json& row : rows) ++by[row.value("fused_by", "")];
  fmt::print("\n\nfused_by:");
  for (const auto& [name, count] : by) fmt::print(" {} {}", name.empty() ? "-" : name, count);
  fmt::print("\n");
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  settings.llama.threads = 2;
  CLI::App app("The fusion study: fuses triplets, and scores fused captions");
  app.require_subcommand(1);
  auto* fusing = app.add_subcommand("fuse", "run the step over rows of a file");
  auto* scoring = app.add_subcommand("score", "figures of columns, as a Markdown table");
  for (CLI::App* sub : {fusing, scoring}) {
    sub->add_option("file", settings.file, "JSON lines with alt_text and synthetic")->required();
    sub->add_option("--from", settings.from, "first line, from 0");
    sub->add_option("--count", settings.count, "lines; 0 for all");
  }
  fusing->add_option("--model", settings.llama.model, "GGUF file")->required();
  fusing->add_option("--out", settings.out, "JSON lines to write")->required();
  fusing->add_option("--memo", settings.memo, "file that keeps the model's answers");
  fusing->add_option("--set", settings.set, "an option of fuse, as candidates=5");
  fusing->add_option("--in-flight", settings.in_flight, "rows at once");
  fusing->add_option("--seed", settings.seed, "of the sampling");
  fusing->add_option("--threads", settings.llama.threads, "of the engine");
  fusing->add_option("--sequences", settings.llama.sequences, "replies written at once");
  scoring->add_option("--column", settings.columns, "captions to score")->required();
  CLI11_PARSE(app, argc, argv);
  Status done = fusing->parsed() ? fuse(settings) : score(settings);
  if (done) return 0;
  fmt::print(stderr, "fusion_study: {}\n", kale::describe_error(done.error()));
  return 1;
}
