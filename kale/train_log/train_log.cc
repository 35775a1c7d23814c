#include "kale/train_log/train_log.h"

namespace kale {

std::vector<Scalar> scalars_of(const StepRecord& record) {
  std::vector<Scalar> scalars = {{"train/loss", record.loss},
                                 {"train/rate", record.rate},
                                 {"train/gradient_norm", record.gradient_norm}};
  if (record.seconds > 0) {
    scalars.push_back(
        {"speed/samples_per_second", static_cast<double>(record.rows) / record.seconds});
    scalars.push_back(
        {"speed/tokens_per_second", static_cast<double>(record.tokens) / record.seconds});
    scalars.push_back({"speed/share_waited", record.waited_seconds / record.seconds});
  }
  if (record.device_bytes > 0)
    scalars.push_back({"speed/device_bytes", static_cast<double>(record.device_bytes)});
  for (const auto& [name, value] : record.validation)
    scalars.push_back({"validation/" + name, value});
  return scalars;
}

TrainLog::TrainLog(Disk& disk, std::filesystem::path folder, TrainLogOptions options,
                   LossCurve curve, RecordLog records, EventFile events)
    : disk_(&disk),
      folder_(std::move(folder)),
      options_(std::move(options)),
      curve_(std::move(curve)),
      records_(std::move(records)),
      events_(std::move(events)) {}

Result<TrainLog> TrainLog::open(Disk& disk, const std::filesystem::path& folder, std::int64_t after,
                                TrainLogOptions options, WallClock clock) {
  KALE_OK(disk.make_folders(folder));
  LossCurve curve;
  KALE_TRY(auto records, RecordLog::open(disk, folder / kRecordsFile, after,
                                         [&](const StepRecord& record) { curve.add(record); }));
  KALE_TRY(auto events, EventFile::open(disk, folder, after, std::move(clock)));
  return TrainLog(disk, folder, std::move(options), std::move(curve), std::move(records),
                  std::move(events));
}

Status TrainLog::add(const StepRecord& record) {
  KALE_OK(records_.add(record));
  KALE_OK(events_.add(record.step, scalars_of(record)));
  curve_.add(record);
  if (++undrawn_ < options_.curve_every_steps) return {};
  return draw();
}

Status TrainLog::sync() { return records_.sync(); }

Status TrainLog::draw() {
  undrawn_ = 0;
  return write_whole_file(*disk_, folder_ / kCurveFile, curve_.svg(options_.title));
}

Status TrainLog::close() {
  KALE_OK(draw());
  KALE_OK(records_.close());
  return events_.close();
}

}  // namespace kale
