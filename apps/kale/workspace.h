// An output folder and what is known of it: README.md and the folders of formats (core/ and others)
// are the dataset; parts/, rejects/ and state/ the work.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "kale/assemble/assemble.h"
#include "kale/resume/ledger.h"
#include "kale/resume/manifest.h"
#include "kale/run/pool.h"

namespace kale {

struct Workspace {
  std::filesystem::path out;
  Manifest manifest;
  std::unique_ptr<Ledger> ledger;
};
// Reads the state; a folder without any is empty, or kNotFound where `must_exist`.
Result<Workspace> open_workspace(const std::filesystem::path& out, bool must_exist);

// The recipe and --set options that the folder was last run with.
struct LastRun {
  std::filesystem::path recipe;
  std::vector<std::string> sets;
};
Status remember_run(const std::filesystem::path& out, const LastRun& run);
Result<LastRun> recall_run(const std::filesystem::path& out);

// A recipe made into a pipeline, with the workers it runs on. Destroy after everything that uses
// it.
struct Kitchen {
  std::unique_ptr<WorkerPool> pool;
  Assembled assembled;
};
Result<Kitchen> open_kitchen(const LastRun& run, const std::filesystem::path& out);

// Rows by fate, from the ledger.
struct Totals {
  std::int64_t kept = 0;
  std::int64_t dropped = 0;
  std::int64_t failed = 0;
  std::map<std::string, std::int64_t> reasons;
};
Totals totals(const std::vector<LedgerRecord>& records);

}  // namespace kale
