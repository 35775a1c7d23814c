#include <fmt/format.h>

#include "apps/kale/verbs.h"
#include "apps/kale/workspace.h"

namespace kale {
namespace {

Status show_status(const std::string& out) {
  KALE_TRY(Workspace workspace, open_workspace(out, true));
  std::vector<LedgerRecord> records = workspace.ledger->newest();
  Totals sum = totals(records);
  std::int64_t done = sum.kept + sum.dropped + sum.failed;
  fmt::print("{}: {} of {} shards done, {} of {} rows\n", out, records.size(),
             workspace.manifest.shards(), done, workspace.manifest.rows());
  fmt::print("  kept {}  dropped {}  failed {}\n", sum.kept, sum.dropped, sum.failed);
  for (const auto& [reason, rows] : sum.reasons) fmt::print("  {:>8}  {}\n", rows, reason);
  return {};
}

}  // namespace

void add_status(CLI::App& app, int& exit) {
  CLI::App* verb =
      app.add_subcommand("status", "what an output folder holds: shards, rows, drops by reason");
  auto out = std::make_shared<std::string>();
  verb->add_option("out", *out, "output folder of a run")->required();
  verb->callback([out, &exit] { exit = report(show_status(*out)); });
}

}  // namespace kale
