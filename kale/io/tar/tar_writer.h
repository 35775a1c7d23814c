// Members to a tar: plain USTAR as the webdataset tools write it, so that every reader takes it.
// The same members give the same bytes: no times, users, or hosts. A writer that is dropped before
// finish() leaves a tar without an end.
// Errors   kIo from the disk; kLimit for a member that USTAR cannot hold (name, or 8 GiB)
// Threads  one thread at a time
// Format   docs/formats.md, "webdataset"
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

#include "kale/io/disk.h"

namespace kale {

class TarWriter {
 public:
  static Result<std::unique_ptr<TarWriter>> create(Disk& disk, const std::filesystem::path& path);
  virtual ~TarWriter() = default;
  // A file called `name`: relative, no NUL. Mode 0444, user and group "bigdata" (0), time 0.
  virtual Status add(std::string_view name, std::string_view bytes) = 0;
  virtual std::int64_t bytes_so_far() const = 0;  // headers and padding counted, the end not
  virtual Result<std::int64_t> finish() = 0;      // end, sync, close; the tar's bytes
};

}  // namespace kale
