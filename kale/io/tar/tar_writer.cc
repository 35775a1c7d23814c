#include "kale/io/tar/tar_writer.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <cerrno>
#include <string>
#include <utility>

namespace kale {
namespace fs = std::filesystem;
namespace {

constexpr int kMode = 0444;
constexpr const char* kOwner = "bigdata";  // as the webdataset writer has it
constexpr int kGatherBytes = 1 << 20;
constexpr int kEndBytes = 20 * 512;  // tars end at a multiple of this: one record of tape
constexpr std::int64_t kBlockBytes = 512;

std::int64_t padded(std::size_t bytes) {
  return (static_cast<std::int64_t>(bytes) + kBlockBytes - 1) / kBlockBytes * kBlockBytes;
}

class ArchiveWriter : public TarWriter {
 public:
  ArchiveWriter(fs::path path, std::unique_ptr<WritableFile> file)
      : path_(std::move(path)), file_(std::move(file)), archive_(archive_write_new()) {}

  ~ArchiveWriter() override {
    if (!finished_) archive_write_fail(archive_);  // freeing would write an end
    archive_write_free(archive_);
  }

  Status open() {
    bool fine = archive_write_set_format_ustar(archive_) == ARCHIVE_OK &&
                archive_write_set_bytes_per_block(archive_, kGatherBytes) == ARCHIVE_OK &&
                archive_write_set_bytes_in_last_block(archive_, kEndBytes) == ARCHIVE_OK &&
                archive_write_open(archive_, this, nullptr, &take, nullptr) == ARCHIVE_OK;
    return fine ? Status{} : failed(Code::kIo, path_.string());
  }

  Status add(std::string_view name, std::string_view bytes) override {
    KALE_CHECK(!name.empty() && !name.starts_with('/') && name.find('\0') == name.npos,
               "a member's name is relative and holds no NUL");
    const std::string member(name);
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, member.c_str());
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, kMode);
    archive_entry_set_uname(entry, kOwner);
    archive_entry_set_gname(entry, kOwner);
    archive_entry_set_mtime(entry, 0, 0);
    archive_entry_set_size(entry, static_cast<la_int64_t>(bytes.size()));
    int headed = archive_write_header(archive_, entry);
    archive_entry_free(entry);
    const std::string place = fmt::format("{}: member {}", path_.string(), member);
    if (headed != ARCHIVE_OK) return failed(Code::kLimit, place);
    if (archive_write_data(archive_, bytes.data(), bytes.size()) !=
            static_cast<la_ssize_t>(bytes.size()) ||
        archive_write_finish_entry(archive_) != ARCHIVE_OK)
      return failed(Code::kIo, place);
    bytes_ += kBlockBytes + padded(bytes.size());
    return {};
  }

  std::int64_t bytes_so_far() const override { return bytes_; }

  Result<std::int64_t> finish() override {
    if (archive_write_close(archive_) != ARCHIVE_OK) return failed(Code::kIo, path_.string());
    finished_ = true;
    KALE_OK(file_->sync());
    KALE_OK(file_->close());
    return taken_;
  }

 private:
  static la_ssize_t take(archive* archive, void* self, const void* bytes, std::size_t size) {
    auto& writer = *static_cast<ArchiveWriter*>(self);
    writer.disk_ = writer.file_->append(std::string_view(static_cast<const char*>(bytes), size));
    if (!writer.disk_) {
      archive_set_error(archive, EIO, "the disk refused");
      return -1;
    }
    writer.taken_ += static_cast<std::int64_t>(size);
    return static_cast<la_ssize_t>(size);
  }

  // The disk's own error says more than the library's.
  Error failed(Code code, const std::string& place) const {
    if (!disk_) return disk_.error();
    const char* why = archive_error_string(archive_);
    return {code, fmt::format("{}: {}", place, why == nullptr ? "cannot be written" : why)};
  }

  fs::path path_;
  std::unique_ptr<WritableFile> file_;
  archive* archive_;
  Status disk_;
  std::int64_t bytes_ = 0;
  std::int64_t taken_ = 0;
  bool finished_ = false;
};

}  // namespace

Result<std::unique_ptr<TarWriter>> TarWriter::create(Disk& disk, const fs::path& path) {
  KALE_TRY(auto file, disk.create(path));
  auto writer = std::make_unique<ArchiveWriter>(path, std::move(file));
  KALE_OK(writer->open());
  return std::unique_ptr<TarWriter>(std::move(writer));
}

}  // namespace kale
