// Files of their own for every row, below one folder and never outside it, whatever the paths of
// the input are. Two rows never share a file.
// Errors   kIo naming the file
// Threads  one thread at a time
// Units    names of at most kNameBytesMax, paths of at most kPathBytesMax bytes
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "kale/io/disk.h"

namespace kale {

inline constexpr std::size_t kNameBytesMax = 200;   // file systems hold 255
inline constexpr std::size_t kPathBytesMax = 1000;  // and paths of 4096
// Then, and where a file stands in the way of a folder, the key tells clashing names apart.
inline constexpr std::int64_t kOrdinalMax = std::int64_t{1} << 30;

// `path` as one below a folder: no root, no "." and "..", no control characters or backslashes;
// long names cut. Empty where nothing is left, or too much.
std::string safe_path(std::string_view path);
std::string_view without_ending(std::string_view path);  // "a.b/c.png" -> "a.b/c"

class LooseFiles {
 public:
  // `folder` is empty, and only this object writes there: names are free where no file is, so that
  // no list of them is held.
  LooseFiles(Disk& disk, std::filesystem::path folder) : disk_(disk), folder_(std::move(folder)) {}

  // Writes `stem` + `ending`, or a free name like it: "a-2.txt", at last the key. Returns the name.
  Result<std::string> write(std::string_view stem, std::string_view ending, std::string_view key,
                            std::string_view bytes);

  std::int64_t files() const { return files_; }
  std::int64_t bytes() const { return bytes_; }

 private:
  Result<std::optional<std::string>> free_name(const std::string& base, std::string_view ending);
  Result<bool> fits(const std::string& name);

  Disk& disk_;
  std::filesystem::path folder_;
  std::int64_t files_ = 0;
  std::int64_t bytes_ = 0;
};

}  // namespace kale
