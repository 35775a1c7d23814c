#include "kale/io/lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "kale/io/disk.h"

namespace kale {

Result<FolderLock> FolderLock::take(const std::filesystem::path& file) {
  int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) return disk_error("open", file, errno);
  FolderLock lock(descriptor);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    std::string holder(32, '\0');
    ssize_t got = ::pread(descriptor, holder.data(), holder.size(), 0);
    holder.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return Error{Code::kIo,
                 fmt::format("another kale (process {}) is at work in {}; wait for it, or choose "
                             "another --out",
                             holder.empty() ? "that has just begun" : holder,
                             file.parent_path().parent_path().string())};
  }
  std::string self = std::to_string(::getpid());
  bool noted = ::ftruncate(descriptor, 0) == 0 && ::pwrite(descriptor, self.data(), self.size(),
                                                           0) == static_cast<ssize_t>(self.size());
  if (!noted) return disk_error("write", file, errno);
  return lock;
}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace kale
