// What is done: one checksummed line per finished shard generation. Only files that a record names
// exist for anyone.
// Errors   kCorrupt for a foreign file, kIo from the disk
// Threads  append() and find() are safe from many threads
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "kale/core/sink.h"
#include "kale/io/disk.h"
#include "kale/resume/fingerprint.h"

namespace kale {

struct LedgerRecord {
  std::int64_t shard = 0;
  std::int64_t generation = 0;
  std::vector<StepPrint> prints;  // of the source and of each step, in recipe order
  WrittenShard files;
};

class Ledger {
 public:
  // Loads `path`, or starts empty. A damaged tail is cut off before anything is appended.
  static Result<std::unique_ptr<Ledger>> open(Disk& disk, const std::filesystem::path& path);

  // The newest generation of a shard, or nothing.
  std::optional<LedgerRecord> find(std::int64_t shard) const;
  // Written and synced when it returns; from then on the shard is done.
  Status append(const LedgerRecord& record);
  std::vector<LedgerRecord> newest() const;  // of every shard, by shard

 private:
  Ledger(Disk& disk, std::filesystem::path path) : disk_(disk), path_(std::move(path)) {}
  Status load();
  Status open_for_append();

  Disk& disk_;
  std::filesystem::path path_;
  mutable std::mutex mutex_;
  std::unordered_map<std::int64_t, LedgerRecord> records_;
  std::unique_ptr<WritableFile> file_;
  bool must_rewrite_ = true;  // no file yet, or a damaged one
};

}  // namespace kale
