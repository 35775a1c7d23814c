// What remains to be done, shard by shard, and why.
// Errors   kIo from the disk
// Threads  free functions over objects that are safe to read
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "kale/resume/ledger.h"
#include "kale/resume/manifest.h"

namespace kale {

struct ShardPlan {
  std::int64_t shard = 0;
  std::int64_t generation = 0;
  // Index into the recipe's steps of the first one to run; steps before it are read from
  // `previous`.
  std::size_t first_step = 0;
  std::optional<LedgerRecord> previous;  // set when first_step > 0 or the source need not be read
  std::string why;                       // "never done", "fuse changed", "parts/... is missing"
  std::vector<std::string> retry;        // rejected rows with such a label start anew
};

// Nothing where the shard is done. `prints` are the recipe's, the source's first.
Result<std::optional<ShardPlan>> plan_shard(Disk& disk, const std::filesystem::path& out,
                                            const Ledger& ledger,
                                            const std::vector<StepPrint>& prints,
                                            std::int64_t shard);
// Shards that are done are planned too where they hold rejected rows whose label `retry` names.
Result<std::vector<ShardPlan>> plan_run(Disk& disk, const std::filesystem::path& out,
                                        const Manifest& manifest, const Ledger& ledger,
                                        const std::vector<StepPrint>& prints,
                                        const std::vector<std::string>& retry = {});

// `label` is reject_label's: "fail:kRejected", "drop:broken_image"; `wanted` names it, or its
// fate alone: "fail".
bool names_label(const std::vector<std::string>& wanted, std::string_view label);

// Removes what no record names: files written aside, parts of older generations or without a
// record, journals of shards that are done. `plans` are the shards about to run; their journals
// stay.
Status sweep(Disk& disk, const std::filesystem::path& out, const Ledger& ledger,
             const std::vector<ShardPlan>& plans);

std::string journal_name(std::int64_t shard, std::int64_t generation);  // "shard-00003-g1"

}  // namespace kale
