// train.jsonl: one line a step, gone on with from any step.
// Format   docs/formats.md
// Errors   the disk's; kLimit for a file above kStateFileBytesMax
// Threads  belongs to one thread
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "kale/io/disk.h"
#include "kale/train_log/record.h"

namespace kale {

class RecordLog {
 public:
  // Goes on behind step `after`: later lines are taken out, and what is no line (a crash cut it
  // short) as well, by a whole new file. `kept` sees each line that stays, in order.
  static Result<RecordLog> open(Disk& disk, const std::filesystem::path& path, std::int64_t after,
                                const std::function<void(const StepRecord&)>& kept);

  Status add(const StepRecord& record);
  Status sync() { return file_->sync(); }
  Status close();

 private:
  explicit RecordLog(std::unique_ptr<WritableFile> file) : file_(std::move(file)) {}
  std::unique_ptr<WritableFile> file_;
};

}  // namespace kale
