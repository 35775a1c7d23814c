#include "kale/io/tables/byte_blocks.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "kale/io/disk.h"

namespace kale {
namespace fs = std::filesystem;
namespace {

class PlainBlocks : public ByteBlocks {
 public:
  explicit PlainBlocks(std::unique_ptr<ReadableFile> file)
      : file_(std::move(file)), block_(static_cast<std::size_t>(kBlockBytes), '\0') {}

  Result<std::string_view> next() override {
    KALE_TRY(std::size_t got, file_->read_at(at_, std::span(block_)));
    at_ += static_cast<std::int64_t>(got);
    return std::string_view(block_).substr(0, got);
  }

 private:
  std::unique_ptr<ReadableFile> file_;
  std::string block_;
  std::int64_t at_ = 0;
};

// One or more gzip members, one behind the other.
class GzipBlocks : public ByteBlocks {
 public:
  GzipBlocks(std::string shown, std::unique_ptr<ReadableFile> file)
      : shown_(std::move(shown)),
        unpacked_max_(std::max(kUnpackedBytesFree, file->bytes() * kUnpackedPerByteMax)),
        packed_(std::move(file)),
        block_(static_cast<std::size_t>(kBlockBytes), '\0') {
    constexpr int kGzipWindow = 15 + 16;  // the largest window, and the gzip header
    ready_ = inflateInit2(&stream_, kGzipWindow) == Z_OK;
  }
  ~GzipBlocks() override {
    if (ready_) inflateEnd(&stream_);
  }
  GzipBlocks(const GzipBlocks&) = delete;
  GzipBlocks& operator=(const GzipBlocks&) = delete;

  Result<std::string_view> next() override {
    if (failure_) return *failure_;
    if (!ready_) return Error{Code::kIo, shown_ + ": no memory to unpack it"};
    stream_.next_out = reinterpret_cast<Bytef*>(block_.data());
    stream_.avail_out = static_cast<uInt>(block_.size());
    Status filled = fill();
    // What was unpacked before the damage is handed out first.
    if (!filled) failure_ = filled.error();
    auto got = block_.size() - stream_.avail_out;
    unpacked_ += static_cast<std::int64_t>(got);
    if (!failure_ && unpacked_ > unpacked_max_)
      failure_ =
          Error{Code::kLimit,
                fmt::format("{}: it unpacks to more than {} bytes, the limit for a gzip file "
                            "of its size; if it means no harm, unpack it yourself",
                            shown_, unpacked_max_)};
    if (failure_ && got == 0) return *failure_;
    return std::string_view(block_).substr(0, got);
  }

 private:
  // Unpacks until there is something; nothing at the end.
  Status fill() {
    while (stream_.avail_out == block_.size()) {
      if (stream_.avail_in == 0) {
        KALE_TRY(std::string_view more, packed_.next());
        if (more.empty()) {
          if (between_members_) break;
          return Error{Code::kCorrupt, shown_ + ": the gzip file is cut short"};
        }
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(more.data()));
        stream_.avail_in = static_cast<uInt>(more.size());
      }
      if (between_members_ && *stream_.next_in == 0) {  // what tapes and block devices pad with
        ++stream_.next_in;
        --stream_.avail_in;
        continue;
      }
      if (between_members_ && inflateReset(&stream_) != Z_OK) return damaged();
      between_members_ = false;
      int state = inflate(&stream_, Z_NO_FLUSH);
      if (state == Z_STREAM_END)
        between_members_ = true;
      else if (state != Z_OK && state != Z_BUF_ERROR)
        return damaged();
    }
    return {};
  }

  Error damaged() const {
    return {Code::kCorrupt, fmt::format("{}: damaged gzip: {}", shown_,
                                        stream_.msg == nullptr ? "unknown data" : stream_.msg)};
  }

  std::string shown_;
  const std::int64_t unpacked_max_;
  std::int64_t unpacked_ = 0;
  PlainBlocks packed_;
  std::string block_;
  z_stream stream_{};
  bool ready_ = false;
  bool between_members_ = true;
  std::optional<Error> failure_;
};

}  // namespace

Result<std::unique_ptr<ByteBlocks>> ByteBlocks::open(const fs::path& path, std::string shown) {
  KALE_TRY(auto file, real_disk().open(path));
  constexpr std::string_view kGzipMagic = "\x1F\x8B";
  std::string magic(kGzipMagic.size(), '\0');
  KALE_TRY(std::size_t got, file->read_at(0, std::span(magic)));
  if (magic.substr(0, got) == kGzipMagic)
    return std::unique_ptr<ByteBlocks>(
        std::make_unique<GzipBlocks>(std::move(shown), std::move(file)));
  return std::unique_ptr<ByteBlocks>(std::make_unique<PlainBlocks>(std::move(file)));
}

}  // namespace kale
