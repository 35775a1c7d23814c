#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>

#include "apps/kale/verbs.h"
#include "apps/kale/workspace.h"
#include "kale/resume/plan.h"
#include "kale/write/parquet_sink.h"

namespace kale {
namespace fs = std::filesystem;
namespace {

struct ExplainArguments {
  std::string out;
  std::string what;
  std::string recipe;
  std::vector<std::string> sets;
};

std::optional<std::int64_t> as_shard(const std::string& what) {
  std::int64_t shard = -1;
  auto [end, code] = std::from_chars(what.data(), what.data() + what.size(), shard);
  bool whole = code == std::errc() && end == what.data() + what.size() && what.size() < 10;
  return whole ? std::optional(shard) : std::nullopt;
}

// Why the shard will or will not run with the recipe as it is now.
Status explain_shard(const Workspace& workspace, const Kitchen& kitchen, std::int64_t shard) {
  if (shard < 0 || shard >= workspace.manifest.shards())
    return Error{Code::kNotFound, fmt::format("there is no shard {}; the manifest has 0 to {}",
                                              shard, workspace.manifest.shards() - 1)};
  const Pipeline& pipeline = kitchen.assembled.pipeline;
  ShardSpec spec = workspace.manifest.shard(shard);
  fmt::print("shard {}: {} rows, from {} to {}\n", shard, spec.rows(), spec.slices.front().path,
             spec.slices.back().path);
  if (auto record = workspace.ledger->find(shard))
    fmt::print("  generation {}: {} kept in {}, {} rejected in {}\n", record->generation,
               record->files.part.rows, record->files.part.name, record->files.rejects.rows,
               record->files.rejects.name);
  KALE_TRY(auto plan,
           plan_shard(real_disk(), workspace.out, *workspace.ledger, pipeline.prints, shard));
  if (!plan) {
    fmt::print("  will not run: it is done, and nothing in the recipe has changed since\n");
    return {};
  }
  fmt::print("  will run: {}\n", plan->why);
  fmt::print("  from step {} on{}\n", pipeline.prints[plan->first_step + 1].name,
             plan->previous ? "; earlier columns are read from the older generation" : "");
  return {};
}

struct PrintField {
  const Row& row;
  std::string operator()(std::monostate) const { return ""; }
  std::string operator()(std::string Row::*field) const { return row.*field; }
  template <class T>
  std::string operator()(T Row::*field) const {
    return fmt::format("{}", row.*field);
  }
};

void print_row(const FinishedRow& finished, std::int64_t shard) {
  fmt::print("row {} of shard {}: {}", finished.row.key, shard, fate_name(finished.fate));
  if (finished.fate != Fate::kKept)
    fmt::print(" at {}: {} ({})", finished.step.empty() ? "the source" : finished.step,
               finished.reason, finished.detail);
  fmt::print("\n");
  for (const ColumnInfo& info : column_table())
    if (!info.transient() && finished.row.filled.has(info.column))
      fmt::print("  {:<18} {}\n", info.name, std::visit(PrintField{finished.row}, info.field));
}

bool names_file(const ShardSpec& spec, const std::string& what) {
  for (const Slice& slice : spec.slices)
    if (slice.path == what) return true;
  return false;
}

// A picture of a folder stands in the shard that its file is in. A key, and the path of a row that
// came out of a table, may be anywhere.
bool is_input_file(const Workspace& workspace, const std::string& what) {
  for (std::int64_t shard = 0; shard < workspace.manifest.shards(); ++shard)
    if (names_file(workspace.manifest.shard(shard), what)) return true;
  return false;
}

// Rows that someone may have meant: those whose path holds what was given.
class Near {
 public:
  explicit Near(const std::string& what) : what_(what) {}

  void look_at(const Row& row) {
    if (paths_.size() < kNearShown && row.path.find(what_) != std::string::npos)
      paths_.push_back(row.path);
  }
  std::string sentence() const {
    if (paths_.empty()) return "give a row's path as the 'path' column has it, or its key";
    return fmt::format("did you mean {}?", fmt::join(paths_, " or "));
  }

 private:
  static constexpr std::size_t kNearShown = 3;
  const std::string& what_;
  std::vector<std::string> paths_;
};

// What happened to a row, found by its path or by its key.
Status explain_row(const Workspace& workspace, const std::string& what) {
  auto sink = make_parquet_sink(real_disk(), workspace.out, "w0");
  bool is_file = is_input_file(workspace, what);
  Near near(what);
  for (std::int64_t shard = 0; shard < workspace.manifest.shards(); ++shard) {
    if (is_file && !names_file(workspace.manifest.shard(shard), what)) continue;
    auto record = workspace.ledger->find(shard);
    if (!record) {
      if (!is_file) continue;
      fmt::print("row {} stands in shard {}, which is not done yet\n", what, shard);
      return {};
    }
    KALE_TRY(auto rows, sink->read(record->files));
    for (const FinishedRow& finished : rows) {
      near.look_at(finished.row);
      if (finished.row.key != what && finished.row.path != what) continue;
      print_row(finished, shard);
      return {};
    }
  }
  return Error{Code::kNotFound,
               fmt::format("no row '{}' in {}; {}", what, workspace.out.string(), near.sentence())};
}

Status explain(const ExplainArguments& arguments) {
  KALE_TRY(Workspace workspace, open_workspace(arguments.out, true));
  auto shard = as_shard(arguments.what);
  if (!shard) return explain_row(workspace, arguments.what);
  LastRun last{arguments.recipe, arguments.sets};
  if (arguments.recipe.empty()) {
    KALE_TRY(last, recall_run(arguments.out));
  }
  KALE_TRY(Kitchen kitchen, open_kitchen(last, arguments.out));
  return explain_shard(workspace, kitchen, *shard);
}

}  // namespace

void add_explain(CLI::App& app, int& exit) {
  CLI::App* verb = app.add_subcommand(
      "explain", "why a shard will or will not run, or what happened to a row at every step");
  auto arguments = std::make_shared<ExplainArguments>();
  verb->add_option("out", arguments->out, "output folder of a run")->required();
  verb->add_option("shard_or_row", arguments->what, "shard number, row path, or row key")
      ->required();
  verb->add_option("--recipe", arguments->recipe,
                   "compare with this recipe instead of the last one run");
  verb->add_option("--set", arguments->sets, "options for --recipe")->take_all();
  verb->callback([arguments, &exit] { exit = report(explain(*arguments)); });
}

}  // namespace kale
