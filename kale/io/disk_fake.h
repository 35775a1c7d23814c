// A disk that breaks on purpose: the n-th change (create, append, sync, close, rename, exchange,
// remove, remove_folder) does something else.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>

#include "kale/io/disk.h"

namespace kale {

// Calls `before(verb, path)` ahead of every change; an error it returns becomes the change's error.
// A test's hook may count changes, fail one, or kill the process.
class FaultDisk : public Disk {
 public:
  using Hook = std::function<Status(std::string_view verb, const std::filesystem::path& path)>;
  FaultDisk(Disk& inner, Hook before) : inner_(inner), before_(std::move(before)) {}

  Result<std::unique_ptr<WritableFile>> create(const std::filesystem::path& path) override {
    KALE_OK(before_("create", path));
    return wrap(inner_.create(path), path);
  }
  Result<std::unique_ptr<WritableFile>> append_to(const std::filesystem::path& path) override {
    KALE_OK(before_("append_to", path));
    return wrap(inner_.append_to(path), path);
  }
  Status rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
    KALE_OK(before_("rename", to));
    return inner_.rename(from, to);
  }
  Status exchange(const std::filesystem::path& from, const std::filesystem::path& to) override {
    KALE_OK(before_("exchange", to));
    return inner_.exchange(from, to);
  }
  Status remove(const std::filesystem::path& path) override {
    KALE_OK(before_("remove", path));
    return inner_.remove(path);
  }
  Status remove_folder(const std::filesystem::path& path) override {
    KALE_OK(before_("remove_folder", path));
    return inner_.remove_folder(path);
  }
  Status make_folders(const std::filesystem::path& path) override {
    return inner_.make_folders(path);
  }
  Result<std::unique_ptr<ReadableFile>> open(const std::filesystem::path& path) override {
    return inner_.open(path);
  }
  Result<std::string> read(const std::filesystem::path& path, std::int64_t bytes_max) override {
    return inner_.read(path, bytes_max);
  }
  Result<std::optional<FileInfo>> stat(const std::filesystem::path& path) override {
    return inner_.stat(path);
  }
  Result<std::vector<std::string>> list(const std::filesystem::path& folder) override {
    return inner_.list(folder);
  }

 private:
  struct FaultFile : WritableFile {
    FaultFile(FaultDisk& owner, std::filesystem::path name, std::unique_ptr<WritableFile> file)
        : disk(owner), path(std::move(name)), inner(std::move(file)) {}
    Status append(std::string_view bytes) override {
      KALE_OK(disk.before_("append", path));
      return inner->append(bytes);
    }
    Status sync() override {
      KALE_OK(disk.before_("sync", path));
      return inner->sync();
    }
    Status close() override {
      KALE_OK(disk.before_("close", path));
      return inner->close();
    }
    FaultDisk& disk;
    std::filesystem::path path;
    std::unique_ptr<WritableFile> inner;
  };

  Result<std::unique_ptr<WritableFile>> wrap(Result<std::unique_ptr<WritableFile>> file,
                                             const std::filesystem::path& path) {
    KALE_TRY(auto inner, std::move(file));
    return std::unique_ptr<WritableFile>(
        std::make_unique<FaultFile>(*this, path, std::move(inner)));
  }

  Disk& inner_;
  Hook before_;
};

}  // namespace kale
