#include "apps/kale/workspace.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <thread>

namespace kale {
namespace fs = std::filesystem;
using nlohmann::json;

Result<Workspace> open_workspace(const fs::path& out, bool must_exist) {
  Disk& disk = real_disk();
  KALE_TRY(auto manifest_file, disk.stat(out / "state" / "manifest"));
  if (must_exist && !manifest_file)
    return Error{Code::kNotFound,
                 fmt::format("{} is no output folder of kale (no state/manifest); give "
                             "the folder that was --out of 'kale run'",
                             out.string())};
  Workspace workspace;
  workspace.out = out;
  KALE_TRY(workspace.manifest, Manifest::open(disk, out / "state" / "manifest"));
  KALE_TRY(workspace.ledger, Ledger::open(disk, out / "state" / "ledger"));
  return workspace;
}

Status remember_run(const fs::path& out, const LastRun& run) {
  json value{{"recipe", fs::absolute(run.recipe).string()}, {"set", run.sets}};
  return write_whole_file(real_disk(), out / "state" / "run.json",
                          value.dump(2, ' ', false, json::error_handler_t::replace) + "\n");
}

Result<LastRun> recall_run(const fs::path& out) {
  KALE_TRY(std::string text, real_disk().read(out / "state" / "run.json", 1 << 20));
  json value = json::parse(text, nullptr, false);
  bool fits = value.is_object() && value["recipe"].is_string() && value["set"].is_array();
  for (std::size_t i = 0; fits && i < value["set"].size(); ++i) fits = value["set"][i].is_string();
  if (!fits)
    return Error{Code::kCorrupt, (out / "state" / "run.json").string() +
                                     " is damaged; say which recipe with --recipe"};
  return LastRun{value["recipe"].get<std::string>(), value["set"].get<std::vector<std::string>>()};
}

Result<Kitchen> open_kitchen(const LastRun& run, const fs::path& out) {
  KALE_TRY(Recipe recipe, load_recipe(run.recipe, run.sets));
  KALE_TRY(RunOptions options, read_run_options(recipe));
  int cores = static_cast<int>(options.cores);
  if (cores == 0) cores = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  Kitchen kitchen;
  kitchen.pool = std::make_unique<WorkerPool>(cores);
  KALE_TRY(kitchen.assembled, assemble(recipe, *kitchen.pool, cores, real_disk(), out));
  return kitchen;
}

Totals totals(const std::vector<LedgerRecord>& records) {
  Totals sum;
  for (const LedgerRecord& record : records) {
    sum.kept += record.files.part.rows;
    for (const auto& [reason, rows] : record.files.reasons) {
      sum.reasons[reason] += rows;
      (reason.starts_with("drop:") ? sum.dropped : sum.failed) += rows;
    }
  }
  return sum;
}

}  // namespace kale
