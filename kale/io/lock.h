// One run at a time in an output folder. The lock goes with the process, however it ends.
// Errors   kIo naming the holder where another process has it
#pragma once

#include <filesystem>
#include <utility>

#include "kale/core/result.h"

namespace kale {

class FolderLock {
 public:
  static Result<FolderLock> take(const std::filesystem::path& file);
  FolderLock(FolderLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace kale
