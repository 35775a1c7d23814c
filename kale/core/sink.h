// Where finished rows go. One shard in, two files out: the part (kept rows) and the rejects
// (dropped and failed rows). Both hold every column a step wrote, so that a later step can be
// redone without asking a model again.
// Threads  write() and read() may run for different shards at once
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "kale/core/result.h"
#include "kale/core/row.h"

namespace kale {

enum class Fate { kKept, kDropped, kFailed };
std::string_view fate_name(Fate fate);  // "kept"

struct FinishedRow {
  Row row;
  Fate fate = Fate::kKept;
  std::string step;  // where a rejected row left; empty for kept rows and those the source rejected
  std::string reason;  // drop_name() or code_name()
  std::string detail;
};

std::string reject_label(const FinishedRow& row);  // "drop:empty_alt_text", "fail:kLimit"

struct FinishedShard {
  std::int64_t index = 0;
  std::int64_t generation = 0;
  std::string provenance;  // JSON that holds for every row: models, hashes, prompts, seed, version
  std::vector<FinishedRow> rows;  // in input order
};

struct WrittenFile {
  std::string name;  // relative to the output folder: "parts/part-00003-g0-w0.parquet"
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
  std::string digest;  // xxh128, 32 hex digits
};

struct WrittenShard {
  WrittenFile part;
  WrittenFile rejects;
  std::map<std::string, std::int64_t> reasons;  // "drop:empty_alt_text" or "fail:kLimit" -> rows
};

class Sink {
 public:
  virtual ~Sink() = default;
  // Writes rejects, then part: each aside, synced, renamed. The caller appends the ledger record
  // afterwards.
  virtual Result<WrittenShard> write(const FinishedShard& shard) = 0;
  // The rows of a written shard, in input order, as they were handed to write().
  virtual Result<std::vector<FinishedRow>> read(const WrittenShard& files) = 0;
};

}  // namespace kale
