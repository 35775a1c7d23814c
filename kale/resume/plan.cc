#include "kale/resume/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace kale {
namespace fs = std::filesystem;
namespace {

// Empty where the file is there with the size its record names.
Result<std::string> what_is_wrong(Disk& disk, const fs::path& out, const WrittenFile& file) {
  KALE_TRY(auto info, disk.stat(out / file.name));
  if (!info) return file.name + " is missing";
  if (info->bytes != file.bytes)
    return fmt::format("{} has {} bytes, its record says {}", file.name, info->bytes, file.bytes);
  return std::string();
}

std::size_t first_difference(const std::vector<StepPrint>& a, const std::vector<StepPrint>& b) {
  auto [left, right] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  return static_cast<std::size_t>(left - a.begin());
}

// Only what kale itself has named is ever removed.
Status sweep_folder(Disk& disk, const fs::path& folder, std::string_view prefix,
                    const std::set<std::string>& keep) {
  KALE_TRY(auto info, disk.stat(folder));
  if (!info) return {};
  KALE_TRY(auto names, disk.list(folder));
  for (const std::string& name : names)
    if (name.starts_with(prefix) && !keep.contains(name)) KALE_OK(disk.remove(folder / name));
  return {};
}

// Of a shard that is done: no step runs again but for its rejected rows.
std::optional<ShardPlan> plan_retry(const Ledger& ledger, const std::vector<StepPrint>& prints,
                                    const std::vector<std::string>& retry, std::int64_t shard) {
  auto record = ledger.find(shard);
  if (!record) return {};
  std::int64_t rows = 0;
  for (const auto& [label, count] : record->files.reasons)
    if (names_label(retry, label)) rows += count;
  if (rows == 0) return {};
  const std::int64_t generation = record->generation + 1;
  return ShardPlan{shard, generation, prints.size() - 1, std::move(record),
                   "rejected rows are tried again"};
}

}  // namespace

std::string journal_name(std::int64_t shard, std::int64_t generation) {
  return fmt::format("shard-{:05}-g{}", shard, generation);
}

Result<std::optional<ShardPlan>> plan_shard(Disk& disk, const fs::path& out, const Ledger& ledger,
                                            const std::vector<StepPrint>& prints,
                                            std::int64_t shard) {
  auto record = ledger.find(shard);
  if (!record) return std::optional(ShardPlan{shard, 0, 0, {}, "never done"});

  ShardPlan plan{shard, record->generation + 1, 0, {}, ""};
  for (const WrittenFile* file : {&record->files.part, &record->files.rejects}) {
    KALE_TRY(plan.why, what_is_wrong(disk, out, *file));
    if (!plan.why.empty()) return std::optional(std::move(plan));
  }
  std::size_t changed = first_difference(prints, record->prints);
  if (changed == prints.size() && prints.size() == record->prints.size())
    return std::optional<ShardPlan>();
  if (changed == prints.size()) {
    plan.why = "steps after " + prints.back().name + " were taken out of the recipe";
    changed = prints.size() - 1;
  } else {
    plan.why = prints[changed].name + " changed";
  }
  if (changed > 0) {  // prints[0] is the source's; print i belongs to step i - 1
    plan.first_step = changed - 1;
    plan.previous = std::move(record);
  }
  return std::optional(std::move(plan));
}

bool names_label(const std::vector<std::string>& wanted, std::string_view label) {
  const std::string_view fate = label.substr(0, label.find(':'));
  return std::any_of(wanted.begin(), wanted.end(),
                     [&](const std::string& want) { return want == label || want == fate; });
}

Result<std::vector<ShardPlan>> plan_run(Disk& disk, const fs::path& out, const Manifest& manifest,
                                        const Ledger& ledger, const std::vector<StepPrint>& prints,
                                        const std::vector<std::string>& retry) {
  std::vector<ShardPlan> plans;
  for (std::int64_t shard = 0; shard < manifest.shards(); ++shard) {
    KALE_TRY(auto plan, plan_shard(disk, out, ledger, prints, shard));
    if (!plan) plan = plan_retry(ledger, prints, retry, shard);
    if (plan) plan->retry = retry;
    if (plan) plans.push_back(std::move(*plan));
  }
  return plans;
}

Status sweep(Disk& disk, const fs::path& out, const Ledger& ledger,
             const std::vector<ShardPlan>& plans) {
  std::set<std::string> files;
  for (const LedgerRecord& record : ledger.newest())
    for (const WrittenFile* file : {&record.files.part, &record.files.rejects})
      files.insert(fs::path(file->name).filename().string());
  KALE_OK(sweep_folder(disk, out / "parts", "part", files));
  KALE_OK(sweep_folder(disk, out / "rejects", "rejects-", files));
  std::set<std::string> journals;
  for (const ShardPlan& plan : plans) journals.insert(journal_name(plan.shard, plan.generation));
  return sweep_folder(disk, out / "state" / "journal", "shard-", journals);
}

}  // namespace kale
