// The door to the disk. Everything kale writes passes here, so that a fake can lose it on purpose.
// Errors   kNotFound, kIo (the message holds the path and the system's reason), kLimit
// Threads  a Disk may be used from many threads; a WritableFile by one at a time
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kale/core/result.h"

namespace kale {

// Sticky failure: after the first error every call repeats it. A file that is dropped unclosed is
// an aborted write.
class WritableFile {
 public:
  virtual ~WritableFile() = default;
  virtual Status append(
      std::string_view bytes) = 0;  // one write(2) where the system takes it whole
  virtual Status sync() = 0;        // fdatasync
  virtual Status close() = 0;
};

// A file as it was when it was opened; safe from many threads.
class ReadableFile {
 public:
  virtual ~ReadableFile() = default;
  virtual std::int64_t bytes() const = 0;
  // Fills `out` from `offset` on; returns how much, less than asked only at the file's end.
  virtual Result<std::size_t> read_at(std::int64_t offset, std::span<char> out) = 0;
};

struct FileInfo {
  std::int64_t bytes = 0;
  std::int64_t modified_ns = 0;
  bool is_folder = false;
};

class Disk {
 public:
  virtual ~Disk() = default;
  virtual Result<std::unique_ptr<WritableFile>> create(
      const std::filesystem::path& path) = 0;  // truncates
  virtual Result<std::unique_ptr<WritableFile>> append_to(const std::filesystem::path& path) = 0;
  virtual Status rename(const std::filesystem::path& from,
                        const std::filesystem::path& to) = 0;  // syncs the folder
  // Both exist, and each gets the other's name: at once where the file system can, else `to` is
  // away for a moment.
  virtual Status exchange(const std::filesystem::path& from, const std::filesystem::path& to) = 0;
  virtual Status remove(const std::filesystem::path& path) = 0;  // fine where there is nothing
  // The folder and all it holds; fine where there is nothing.
  virtual Status remove_folder(const std::filesystem::path& path) = 0;
  virtual Status make_folders(const std::filesystem::path& path) = 0;
  virtual Result<std::unique_ptr<ReadableFile>> open(const std::filesystem::path& path) = 0;
  virtual Result<std::string> read(const std::filesystem::path& path, std::int64_t bytes_max) = 0;
  virtual Result<std::optional<FileInfo>> stat(const std::filesystem::path& path) = 0;
  virtual Result<std::vector<std::string>> list(
      const std::filesystem::path& folder) = 0;  // names, sorted
};

Disk& real_disk();

// "cannot VERB PATH: the system's reason; what to do about it", from an errno.
Error disk_error(std::string_view verb, const std::filesystem::path& path, int number);

inline constexpr std::int64_t kStateFileBytesMax = std::int64_t{1} << 32;

// Written aside, synced, renamed: readers see the old file or the whole new one.
Status write_whole_file(Disk& disk, const std::filesystem::path& path, std::string_view bytes);

}  // namespace kale
