// Scalars for TensorBoard: an event file, in TFRecord frames.
// Format   docs/formats.md; events.out.tfevents.NNNNNN, numbered in the order they were opened,
//          which is how TensorBoard reads a folder's files
// Errors   the disk's
// Threads  belongs to one thread
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "kale/io/disk.h"

namespace kale {

inline constexpr std::string_view kEventFilePrefix = "events.out.tfevents.";

struct Scalar {
  std::string tag;
  double value;
};

// CRC-32C (Castagnoli) of the bytes.
std::uint32_t crc32c(std::string_view bytes);
// Length, its checksum, the bytes, their checksum.
std::string tfrecord_frame(std::string_view bytes);

// Seconds since 1970.
using WallClock = std::function<double()>;
double wall_clock();

class EventFile {
 public:
  // A new file behind those of the folder. TensorBoard forgets what earlier files say of steps
  // after `after`.
  static Result<EventFile> open(Disk& disk, const std::filesystem::path& folder, std::int64_t after,
                                WallClock clock = wall_clock);

  Status add(std::int64_t step, std::span<const Scalar> scalars);
  Status close();

 private:
  EventFile(std::unique_ptr<WritableFile> file, WallClock clock)
      : file_(std::move(file)), clock_(std::move(clock)) {}
  Status write(std::int64_t step, std::string_view what);

  std::unique_ptr<WritableFile> file_;
  WallClock clock_;
};

}  // namespace kale
