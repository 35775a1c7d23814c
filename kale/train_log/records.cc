#include "kale/train_log/records.h"

namespace kale {
namespace {

// The lines of `text` that stay; `kept` sees them.
std::string kept_lines(std::string_view text, std::int64_t after,
                       const std::function<void(const StepRecord&)>& kept) {
  std::string lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    const bool whole = end != std::string_view::npos;
    text.remove_prefix(whole ? end + 1 : text.size());
    const auto record = whole ? read_record(line) : std::nullopt;
    if (!record || record->step > after) continue;
    kept(*record);
    lines.append(line).append("\n");
  }
  return lines;
}

}  // namespace

Result<RecordLog> RecordLog::open(Disk& disk, const std::filesystem::path& path, std::int64_t after,
                                  const std::function<void(const StepRecord&)>& kept) {
  KALE_TRY(auto info, disk.stat(path));
  if (info) {
    KALE_TRY(std::string text, disk.read(path, kStateFileBytesMax));
    const std::string lines = kept_lines(text, after, kept);
    if (lines != text) KALE_OK(write_whole_file(disk, path, lines));
  }
  KALE_TRY(auto file, disk.append_to(path));
  return RecordLog(std::move(file));
}

Status RecordLog::add(const StepRecord& record) {
  return file_->append(record_line(record) + "\n");
}

Status RecordLog::close() {
  KALE_OK(file_->sync());
  return file_->close();
}

}  // namespace kale
