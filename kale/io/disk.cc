#include "kale/io/disk.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>

namespace kale {
namespace fs = std::filesystem;
namespace {

std::string_view cure_of(int number) {
  switch (number) {
    case ENOSPC:
    case EDQUOT:
      return "; free some space and run again, what is done stays done";
    case EROFS:
      return "; choose a place that can be written";
    default:
      return "";
  }
}

class PosixFile : public WritableFile {
 public:
  PosixFile(int descriptor, fs::path path) : descriptor_(descriptor), path_(std::move(path)) {}
  ~PosixFile() override {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  Status append(std::string_view bytes) override {
    if (failure_) return *failure_;
    while (!bytes.empty()) {
      ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return fail("write");
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
  }

  Status sync() override {
    if (failure_) return *failure_;
    return ::fdatasync(descriptor_) == 0 ? Status{} : fail("sync");
  }

  Status close() override {
    if (failure_) return *failure_;
    int descriptor = std::exchange(descriptor_, -1);
    if (descriptor < 0 || ::close(descriptor) == 0) return {};
    return fail("close");
  }

 private:
  Error fail(std::string_view verb) {
    failure_ = disk_error(verb, path_, errno);
    return *failure_;
  }
  int descriptor_;
  fs::path path_;
  std::optional<Error> failure_;
};

class PosixReader : public ReadableFile {
 public:
  PosixReader(int descriptor, fs::path path, std::int64_t bytes)
      : descriptor_(descriptor), path_(std::move(path)), bytes_(bytes) {}
  ~PosixReader() override { ::close(descriptor_); }

  std::int64_t bytes() const override { return bytes_; }

  Result<std::size_t> read_at(std::int64_t offset, std::span<char> out) override {
    std::size_t filled = 0;
    while (filled < out.size()) {
      ssize_t got = ::pread(descriptor_, out.data() + filled, out.size() - filled,
                            offset + static_cast<std::int64_t>(filled));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return disk_error("read", path_, errno);
      if (got == 0) break;
      filled += static_cast<std::size_t>(got);
    }
    return filled;
  }

 private:
  int descriptor_;
  fs::path path_;
  std::int64_t bytes_;
};

Result<std::unique_ptr<WritableFile>> open_file(const fs::path& path, int flags) {
  int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0644);
  if (descriptor < 0) return disk_error("open", path, errno);
  return std::unique_ptr<WritableFile>(std::make_unique<PosixFile>(descriptor, path));
}

Status sync_folder(fs::path folder) {
  if (folder.empty()) folder = ".";
  int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return disk_error("open", folder, errno);
  int failed = ::fsync(descriptor);
  int number = errno;
  ::close(descriptor);
  if (failed != 0) return disk_error("sync", folder, number);
  return {};
}

class PosixDisk : public Disk {
 public:
  Result<std::unique_ptr<WritableFile>> create(const fs::path& path) override {
    return open_file(path, O_TRUNC);
  }
  Result<std::unique_ptr<WritableFile>> append_to(const fs::path& path) override {
    return open_file(path, O_APPEND);
  }

  Status rename(const fs::path& from, const fs::path& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) return disk_error("rename", from, errno);
    return sync_folder(to.parent_path());
  }

  Status exchange(const fs::path& from, const fs::path& to) override {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_EXCHANGE) == 0)
      return sync_folder(to.parent_path());
    if (errno != EINVAL && errno != ENOSYS) return disk_error("exchange", to, errno);
    fs::path third = to;
    third += ".exchanged";
    KALE_OK(remove_folder(third));
    KALE_OK(rename(to, third));
    KALE_OK(rename(from, to));
    return rename(third, from);
  }

  Status remove(const fs::path& path) override {
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) return disk_error("remove", path, errno);
    return {};
  }

  Status remove_folder(const fs::path& path) override {
    std::error_code code;
    fs::remove_all(path, code);
    if (code) return disk_error("remove", path, code.value());
    return {};
  }

  Status make_folders(const fs::path& path) override {
    std::error_code code;
    fs::create_directories(path, code);
    if (!code) return {};
    Error error = disk_error("make folder", path, code.value());
    error.code = Code::kIo;  // a place that is not there to write to is no input that is missing
    if (cure_of(code.value()).empty()) error.message += "; choose another place";
    return error;
  }

  Result<std::unique_ptr<ReadableFile>> open(const fs::path& path) override {
    int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return disk_error("open", path, errno);
    struct ::stat info {};
    int number = ::fstat(descriptor, &info) == 0 ? 0 : errno;
    if (number == 0 && S_ISDIR(info.st_mode)) number = EISDIR;
    if (number != 0) {
      ::close(descriptor);
      return disk_error("open", path, number);
    }
    return std::unique_ptr<ReadableFile>(
        std::make_unique<PosixReader>(descriptor, path, info.st_size));
  }

  Result<std::string> read(const fs::path& path, std::int64_t bytes_max) override {
    // Without O_NONBLOCK a pipe nobody writes to would hold the thread for ever.
    int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) return disk_error("open", path, errno);
    auto bytes = read_all(descriptor, path, bytes_max);
    ::close(descriptor);
    return bytes;
  }

  Result<std::optional<FileInfo>> stat(const fs::path& path) override {
    struct ::stat info {};
    if (::stat(path.c_str(), &info) != 0) {
      if (errno == ENOENT || errno == ENOTDIR) return std::optional<FileInfo>();
      return disk_error("look at", path, errno);
    }
    return std::optional(FileInfo{info.st_size,
                                  info.st_mtim.tv_sec * 1'000'000'000 + info.st_mtim.tv_nsec,
                                  S_ISDIR(info.st_mode)});
  }

  Result<std::vector<std::string>> list(const fs::path& folder) override {
    std::error_code code;
    std::vector<std::string> names;
    fs::directory_iterator entries(folder, code);
    for (; !code && entries != fs::directory_iterator(); entries.increment(code))
      names.push_back(entries->path().filename().string());
    if (code) return disk_error("list", folder, code.value());
    std::sort(names.begin(), names.end());
    return names;
  }

 private:
  static Result<std::string> read_all(int descriptor, const fs::path& path,
                                      std::int64_t bytes_max) {
    struct ::stat info {};
    if (::fstat(descriptor, &info) != 0) return disk_error("look at", path, errno);
    if (!S_ISREG(info.st_mode)) return Error{Code::kIo, path.string() + " is no regular file"};
    std::string bytes;
    std::string block(std::size_t{1} << 16, '\0');
    bytes.reserve(static_cast<std::size_t>(std::min<std::int64_t>(info.st_size, bytes_max)));
    while (true) {
      ssize_t got = ::read(descriptor, block.data(), block.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return disk_error("read", path, errno);
      if (got == 0) return bytes;
      bytes.append(block.data(), static_cast<std::size_t>(got));
      if (static_cast<std::int64_t>(bytes.size()) > bytes_max)
        return Error{Code::kLimit, fmt::format("{} is larger than its limit of {} bytes",
                                               path.string(), bytes_max)};
    }
  }
};

}  // namespace

Error disk_error(std::string_view verb, const fs::path& path, int number) {
  Code code = number == ENOENT ? Code::kNotFound : Code::kIo;
  return {code, fmt::format("cannot {} {}: {}{}", verb, path.string(), std::strerror(number),
                            cure_of(number))};
}

Disk& real_disk() {
  static PosixDisk disk;
  return disk;
}

Status write_whole_file(Disk& disk, const fs::path& path, std::string_view bytes) {
  fs::path aside = path;
  aside += ".aside";
  KALE_TRY(auto file, disk.create(aside));
  KALE_OK(file->append(bytes));
  KALE_OK(file->sync());
  KALE_OK(file->close());
  return disk.rename(aside, path);
}

}  // namespace kale
