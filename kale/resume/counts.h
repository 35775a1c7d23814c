// Rows of the input files that had to be read to be counted, kept as counting goes on: a run that
// is cut short before the manifest stands need not read them again, nor does any run a file of no
// rows, which the manifest does not name.
// Errors   kCorrupt for a foreign or newer file; kIo from the disk
// Threads  one thread
// Format   docs/formats.md, "Counts"
// Units    about 70 bytes of disk a file
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "kale/core/source.h"
#include "kale/io/disk.h"

namespace kale {

class Counts {
 public:
  // Loads `path`, or starts empty where there is none. `source` is all that the source was told: a
  // file that is counted under other options is counted anew.
  static Result<Counts> open(Disk& disk, const std::filesystem::path& path, std::string source);

  // Nothing where the file, of this size, has not been counted.
  std::optional<std::int64_t> find(const InputFile& file) const;
  Status add(const InputFile& file, std::int64_t rows);

 private:
  std::string key_of(const InputFile& file) const;

  Disk* disk_ = nullptr;
  std::filesystem::path path_;
  std::string source_;
  std::unordered_map<std::string, std::int64_t> rows_;  // by key_of
  std::unique_ptr<WritableFile> file_;                  // null until there is something to add
  bool fresh_ = true;                                   // there is no file yet
};

}  // namespace kale
