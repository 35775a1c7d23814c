#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>

#include "apps/kale/input.h"
#include "apps/kale/origin.h"
#include "apps/kale/places.h"
#include "apps/kale/verbs.h"
#include "apps/kale/workspace.h"
#include "kale/core/duration.h"
#include "kale/io/lock.h"
#include "kale/run/metrics.h"
#include "kale/run/progress.h"
#include "kale/run/runner.h"
#include "kale/write/pack.h"

namespace kale {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kReasonsShown = 5;

StopToken stop_token;

// The first request drains, the second ends the process at once; the journal makes both safe.
extern "C" void on_signal(int) {
  if (stop_token.requested()) _exit(kExitStopped);
  stop_token.request();
  constexpr std::string_view kText =
      "\nkale: finishing the rows in flight; once more to leave at once (nothing is lost)\n";
  [[maybe_unused]] ssize_t written = ::write(STDERR_FILENO, kText.data(), kText.size());
}

void catch_signals() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

struct RunArguments {
  std::string recipe;
  std::string out;
  std::string input;
  std::string model;
  std::string mmproj;
  std::vector<std::string> sets;
  std::vector<std::string> retry;
  std::int64_t samples = 0;
};

// --input, --model and --mmproj come first, so that --set can still change what they say.
Result<std::vector<std::string>> all_sets(const RunArguments& arguments) {
  std::vector<std::string> sets;
  if (!arguments.input.empty()) {
    KALE_TRY(sets, input_sets(arguments.input));
    fmt::print(stderr, "kale: {}\n", sets.front());
  }
  if (!arguments.model.empty())
    sets.push_back(set_text("engines.llm.model", fs::absolute(arguments.model).string()));
  if (!arguments.mmproj.empty())
    sets.push_back(set_text("engines.llm.mmproj", fs::absolute(arguments.mmproj).string()));
  sets.insert(sets.end(), arguments.sets.begin(), arguments.sets.end());
  return sets;
}

void print_plan(const Workspace& workspace, const std::vector<ShardPlan>& plans) {
  std::map<std::string, std::int64_t> by_reason;
  for (const ShardPlan& plan : plans) ++by_reason[plan.why];
  fmt::print(stderr, "kale: {} shards, {} rows; {} shards to do\n", workspace.manifest.shards(),
             workspace.manifest.rows(), plans.size());
  std::size_t shown = 0;
  for (const auto& [why, shards] : by_reason)
    if (++shown <= 5) fmt::print(stderr, "  {:>6}  {}\n", shards, why);
  if (shown > 5) fmt::print(stderr, "          and {} more reasons\n", shown - 5);
}

std::vector<WrittenShard> newest_files(const Ledger& ledger) {
  std::vector<WrittenShard> shards;
  for (LedgerRecord& record : ledger.newest()) shards.push_back(std::move(record.files));
  return shards;
}

// Why rows were dropped or failed, the commonest first.
void print_reasons(const Totals& sum) {
  std::vector<std::pair<std::int64_t, std::string>> reasons;
  for (const auto& [reason, rows] : sum.reasons) reasons.emplace_back(-rows, reason);
  std::sort(reasons.begin(), reasons.end());
  for (std::size_t i = 0; i < std::min(reasons.size(), kReasonsShown); ++i)
    fmt::print(stderr, "  {:>8}  {}\n", -reasons[i].first, reasons[i].second);
  if (reasons.size() > kReasonsShown)
    fmt::print(stderr, "            and {} more reasons: kale status\n",
               reasons.size() - kReasonsShown);
}

Status publish_and_tell(const Workspace& workspace, const Assembled& assembled) {
  PublishPlan plan{workspace.out, newest_files(*workspace.ledger), assembled.publish,
                   [&](std::int64_t shard) {
                     return assembled.pipeline.source->open(workspace.manifest.shard(shard),
                                                            {Column::kKey, Column::kImageBytes});
                   }};
  KALE_TRY(PublishReport report, publish(real_disk(), plan));
  Totals sum = totals(workspace.ledger->newest());
  fmt::print(stderr, "kale: {}: {} captions, {} dropped and {} failed rows in {}/rejects\n",
             report.changed ? "published" : "all is done", sum.kept, sum.dropped, sum.failed,
             workspace.out.string());
  print_reasons(sum);
  for (const PublishedFormat& format : report.formats)
    fmt::print(stderr, "  {:<11}  {} files, {:.1f} MB in {}/{}\n", format.name, format.files,
               static_cast<double>(format.bytes) / 1e6, workspace.out.string(), format.folder);
  for (const std::string& folder : report.removed)
    fmt::print(stderr, "  removed      {}/{}, which publish.formats no longer asks for\n",
               workspace.out.string(), folder);
  return {};
}

Status print_samples(const Workspace& workspace, std::int64_t count) {
  if (count == 0) return {};
  KALE_TRY(auto rows,
           sample_rows(real_disk(), workspace.out, newest_files(*workspace.ledger), count));
  for (const Row& row : rows)
    fmt::print("\n{}\n  alt-text  {}\n  dense     {}\n  caption   {}\n",
               row.path.empty() ? row.url : row.path, row.alt_text, row.caption_dense, row.caption);
  if (!rows.empty()) fmt::print("\n{}/README.md tells how to load them\n", workspace.out.string());
  return {};
}

// Runs what is planned, with progress; true when everything is done.
Result<bool> run_plans(Workspace& workspace, Kitchen& kitchen,
                       const std::vector<ShardPlan>& plans) {
  Counters counters;
  Runner runner(kitchen.assembled.pipeline,
                {real_disk(), workspace.out, workspace.manifest, *workspace.ledger, *kitchen.pool,
                 stop_token, counters});
  auto began = std::chrono::steady_clock::now();
  Status ran;
  {
    Progress progress(counters, stderr, ::isatty(STDERR_FILENO) == 1);
    ran = runner.run(plans);
  }
  double seconds = seconds_since(began);
  if (counters.rows_done() > 0 || ran) fmt::print(stderr, "{}", metrics_table(counters, seconds));
  Status noted = write_whole_file(real_disk(), workspace.out / "state" / "metrics.json",
                                  metrics_json(counters, seconds));
  KALE_OK(ran);  // first: on a full disk both fail, and this one tells what was being done
  KALE_OK(noted);
  return counters.shards_done == static_cast<std::int64_t>(plans.size());
}

bool writes_captions(const Pipeline& pipeline) {
  for (const auto& step : pipeline.steps)
    if (step->traits().writes.has(Column::kCaption)) return true;
  return false;
}

// Parts, rejects and what is published are kale's own to replace: a folder with other things in it
// is refused.
Status check_out(const fs::path& out) {
  KALE_OK(check_out_folder(out));
  KALE_TRY(auto folder, real_disk().stat(out));
  KALE_TRY(auto state, real_disk().stat(out / "state"));
  if (!folder || state) return {};
  KALE_TRY(auto names, real_disk().list(out));
  if (names.empty()) return {};
  return Error{Code::kBadConfig,
               fmt::format("{} holds other things ({}, ...); give --out a new or empty folder",
                           out.string(), names.front())};
}

// A line now and then while files are read only to count their rows, which for large ones that are
// packed takes minutes.
class CountingLine {
 public:
  explicit CountingLine(bool terminal) : every_(terminal ? 1 : 10), last_(steady_clock::now()) {}

  void show(const InputFile& file, std::int64_t rows) {
    ++files_;
    if (steady_clock::now() - last_ < every_) return;
    last_ = steady_clock::now();
    fmt::print(stderr, "kale: counting rows: {} in {} files, now {}\n", rows, files_ - 1,
               file.path);
  }

 private:
  using steady_clock = std::chrono::steady_clock;
  const std::chrono::seconds every_;
  steady_clock::time_point last_;
  std::int64_t files_ = 0;
};

// New input becomes shards; input that is no longer what was frozen is told.
Result<std::int64_t> list_input(Workspace& workspace, const Assembled& assembled) {
  KALE_TRY(Counts counts,
           Counts::open(real_disk(), workspace.out / "state" / "counts", assembled.source_text));
  CountingLine line(::isatty(STDERR_FILENO) == 1);
  Listing listing{.counts = &counts, .watch = [&](const InputFile& file, std::int64_t rows) {
                    line.show(file, rows);
                  }};
  KALE_TRY(std::int64_t added,
           workspace.manifest.append_new(real_disk(), *assembled.pipeline.source,
                                         assembled.pipeline.options.shard_rows, &listing));
  for (const ChangedFile& file : listing.changed)
    fmt::print(stderr,
               "kale: warning: {} had {} bytes when its rows were frozen and has {} now; rows that "
               "are done stay as they are: put it back, or caption it with a new --out\n",
               file.path, file.bytes_then, file.bytes_now);
  if (listing.files_changed > std::ssize(listing.changed))
    fmt::print(stderr, "kale: warning: {} more files have changed\n",
               listing.files_changed - std::ssize(listing.changed));
  return added;
}

Result<bool> run_recipe(const RunArguments& arguments) {
  fs::path out = arguments.out;
  KALE_OK(check_out(out));
  KALE_TRY(std::vector<std::string> sets, all_sets(arguments));
  LastRun last{arguments.recipe, std::move(sets)};
  KALE_TRY(Kitchen kitchen, open_kitchen(last, out));
  Pipeline& pipeline = kitchen.assembled.pipeline;
  KALE_OK(check_apart(out, kitchen.assembled));
  KALE_OK(real_disk().make_folders(out / "state"));
  KALE_TRY(FolderLock lock, FolderLock::take(out / "state" / "lock"));
  if (writes_captions(pipeline)) KALE_OK(check_places(real_disk(), out, kitchen.assembled.publish));
  KALE_TRY(Workspace workspace, open_workspace(out, false));
  KALE_OK(check_origin(out, kitchen.assembled, workspace.manifest));
  KALE_OK(remember_run(out, last));
  KALE_TRY(std::int64_t added, list_input(workspace, kitchen.assembled));
  if (workspace.manifest.shards() == 0)
    return Error{Code::kNotFound, "the source holds no rows; look at " +
                                      (arguments.input.empty() ? "'source' in " + arguments.recipe
                                                               : "--input " + arguments.input)};
  if (added > 0)
    fmt::print(stderr, "kale: {} new shard{} of input\n", added, added == 1 ? "" : "s");
  KALE_TRY(auto plans, plan_run(real_disk(), out, workspace.manifest, *workspace.ledger,
                                pipeline.prints, arguments.retry));
  KALE_OK(sweep(real_disk(), out, *workspace.ledger, plans));
  bool done = true;
  if (!plans.empty()) {
    print_plan(workspace, plans);
    catch_signals();
    KALE_TRY(done, run_plans(workspace, kitchen, plans));
  }
  if (!done) {
    fmt::print(stderr, "kale: stopped; the same command goes on from here\n");
    return false;
  }
  if (!writes_captions(pipeline)) {
    fmt::print(stderr, "kale: no step writes 'caption', so nothing is published; see {}/parts\n",
               out.string());
    return true;
  }
  KALE_OK(publish_and_tell(workspace, kitchen.assembled));
  KALE_OK(print_samples(workspace, arguments.samples));
  return true;
}

std::string is_reject_label(const std::string& label) {
  const bool known = label == "fail" || label == "drop" || label.starts_with("fail:") ||
                     label.starts_with("drop:");
  return known ? ""
               : "'" + label + "' is no reason; give fail, drop, or one that kale status shows";
}

}  // namespace

void add_run(CLI::App& app, int& exit) {
  CLI::App* verb =
      app.add_subcommand("run", "caption what the recipe says, or go on where it ended");
  auto arguments = std::make_shared<RunArguments>();
  verb->add_option("recipe", arguments->recipe, "recipe file, for example recipes/kale.yaml")
      ->required();
  verb->add_option("--out", arguments->out,
                   "folder for the dataset and all state; nothing else is written")
      ->required();
  verb->add_option(
      "--input", arguments->input,
      "pictures to caption instead of the recipe's: a folder of pictures with texts, a "
      "tar, a table (parquet, jsonl, csv, ...), or a folder of those; puts "
      "'source' and 'publish' of the recipe aside");
  verb->add_option("--model", arguments->model,
                   "GGUF file for the engine 'llm', short for --set engines.llm.model=FILE");
  verb->add_option("--mmproj", arguments->mmproj,
                   "GGUF file with its projector, where it is a VLM; short for --set "
                   "engines.llm.mmproj=FILE");
  verb->add_option("--set", arguments->sets,
                   "an option of the recipe, for example fuse.candidates=3 or "
                   "engines.llm.model=my.gguf; may be "
                   "repeated. Relative paths start at the recipe. All options: kale options")
      ->take_all();
  verb->add_option("--retry", arguments->retry,
                   "tries rejected rows again, by their reason as kale status names it "
                   "(fail:kRejected, drop:broken_image), or all that 'fail' or 'drop'; rows that "
                   "are kept stay as they are. May be repeated")
      ->check(is_reject_label)
      ->take_all();
  verb->add_option("--samples", arguments->samples, "finished rows to print at the end")
      ->check(CLI::Range(0, 100));
  verb->callback([arguments, &exit] {
    auto done = run_recipe(*arguments);
    if (!done)
      exit = report(std::move(done).error());
    else
      exit = *done ? kExitDone : kExitStopped;
  });
}

}  // namespace kale
