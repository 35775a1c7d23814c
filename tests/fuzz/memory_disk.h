// A disk in memory for targets that read state files: no system call a file, nothing left behind.
// Folders are not kept: every path is a name of its own.
#pragma once

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "kale/io/disk.h"

namespace kale {

class MemoryDisk : public Disk {
 public:
  std::map<std::filesystem::path, std::string> files;

  Result<std::unique_ptr<WritableFile>> create(const std::filesystem::path& path) override {
    files[path].clear();
    return append_to(path);
  }
  Result<std::unique_ptr<WritableFile>> append_to(const std::filesystem::path& path) override {
    return std::unique_ptr<WritableFile>(std::make_unique<File>(files[path]));
  }
  Status rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
    auto file = files.extract(from);
    if (file.empty()) return missing(from);
    files[to] = std::move(file.mapped());
    return {};
  }
  Status exchange(const std::filesystem::path& from, const std::filesystem::path& to) override {
    std::swap(files[from], files[to]);
    return {};
  }
  Status remove(const std::filesystem::path& path) override {
    files.erase(path);
    return {};
  }
  Status remove_folder(const std::filesystem::path& path) override { return remove(path); }
  Status make_folders(const std::filesystem::path&) override { return {}; }
  Result<std::unique_ptr<ReadableFile>> open(const std::filesystem::path& path) override {
    auto file = files.find(path);
    if (file == files.end()) return missing(path);
    return std::unique_ptr<ReadableFile>(std::make_unique<Reader>(file->second));
  }
  Result<std::string> read(const std::filesystem::path& path, std::int64_t bytes_max) override {
    auto file = files.find(path);
    if (file == files.end()) return missing(path);
    if (std::ssize(file->second) > bytes_max) return Error{Code::kLimit, path.string()};
    return file->second;
  }
  Result<std::optional<FileInfo>> stat(const std::filesystem::path& path) override {
    auto file = files.find(path);
    if (file == files.end()) return std::optional<FileInfo>();
    return std::optional(FileInfo{.bytes = std::ssize(file->second)});
  }
  Result<std::vector<std::string>> list(const std::filesystem::path&) override {
    return std::vector<std::string>();
  }

 private:
  struct File : WritableFile {
    explicit File(std::string& text) : bytes(text) {}
    Status append(std::string_view more) override {
      bytes += more;
      return {};
    }
    Status sync() override { return {}; }
    Status close() override { return {}; }
    std::string& bytes;
  };
  struct Reader : ReadableFile {
    explicit Reader(std::string text) : all(std::move(text)) {}
    std::int64_t bytes() const override { return std::ssize(all); }
    Result<std::size_t> read_at(std::int64_t offset, std::span<char> out) override {
      auto begin =
          std::min(static_cast<std::size_t>(std::max<std::int64_t>(0, offset)), all.size());
      std::size_t count = std::min(out.size(), all.size() - begin);
      std::memcpy(out.data(), all.data() + begin, count);
      return count;
    }
    std::string all;
  };

  static Error missing(const std::filesystem::path& path) {
    return {Code::kNotFound, path.string() + " is not there"};
  }
};

}  // namespace kale
