#include "kale/io/tar/tar_reader.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <locale.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace kale {
namespace {

// In another locale libarchive would translate names, and the same tar would have other row ids.
class PlainLocale {
 public:
  PlainLocale() : before_(::uselocale(plain())) {}
  ~PlainLocale() { ::uselocale(before_); }
  PlainLocale(const PlainLocale&) = delete;
  PlainLocale& operator=(const PlainLocale&) = delete;

 private:
  static locale_t plain() {
    static locale_t locale = ::newlocale(LC_ALL_MASK, "C", nullptr);
    return locale;
  }
  locale_t before_;
};

}  // namespace

struct TarReader::State {
  State(std::unique_ptr<ReadableFile> opened, std::string name)
      : file(std::move(opened)), shown_name(std::move(name)), archive(::archive_read_new()) {
    KALE_CHECK(archive != nullptr, "out of memory");
    PlainLocale locale;
    ::archive_read_support_format_tar(archive);
    ::archive_read_support_filter_gzip(archive);
    ::archive_read_support_filter_zstd(archive);
    ::archive_read_support_filter_xz(archive);
    ::archive_read_support_filter_bzip2(archive);
    ::archive_read_set_callback_data(archive, this);
    ::archive_read_set_read_callback(archive, on_read);
    ::archive_read_set_skip_callback(archive, on_skip);
    if (::archive_read_open1(archive) < ARCHIVE_WARN) failure = damaged();
  }
  ~State() { ::archive_read_free(archive); }

  static la_ssize_t on_read(::archive* asked, void* self, const void** out) {
    auto& state = *static_cast<State*>(self);
    auto got = state.file->read_at(state.offset, state.buffer);
    if (!got) {
      ::archive_set_error(asked, EIO, "the disk failed");
      state.disk_failure = std::move(got).error();
      return -1;
    }
    state.offset += static_cast<std::int64_t>(*got);
    *out = state.buffer.data();
    return static_cast<la_ssize_t>(*got);
  }

  // Never past the end of the file, or a cut member would pass for a whole one.
  static la_int64_t on_skip(::archive*, void* self, la_int64_t bytes) {
    auto& state = *static_cast<State*>(self);
    std::int64_t skipped = std::clamp<std::int64_t>(state.file->bytes() - state.offset, 0, bytes);
    state.offset += skipped;
    return skipped;
  }

  // Without libarchive's own words, which differ between reading and passing over.
  Error damaged() const {
    if (disk_failure) return *disk_failure;
    std::string place =
        member.empty() ? "at its first member" : fmt::format("in or behind {}", member);
    return {Code::kCorrupt,
            fmt::format("{} is cut or damaged {}; copy it again and start a new output folder",
                        shown_name, place)};
  }

  std::unique_ptr<ReadableFile> file;
  std::string shown_name;
  std::string member;  // the one at hand
  std::int64_t member_bytes = 0;
  ::archive* archive;
  std::int64_t offset = 0;
  std::array<char, kTarBufferBytes> buffer;
  std::optional<Error> disk_failure;
  std::optional<Error> failure;  // sticky, as is the end
  bool ended = false;
};

TarReader::TarReader(std::unique_ptr<ReadableFile> file, std::string shown_name)
    : state_(std::make_unique<State>(std::move(file), std::move(shown_name))) {}

TarReader::~TarReader() = default;

Result<std::optional<TarMember>> TarReader::next() {
  State& state = *state_;
  if (state.failure) return *state.failure;
  if (state.ended) return std::optional<TarMember>();
  PlainLocale locale;
  ::archive_entry* entry = nullptr;
  int status = ::archive_read_next_header(state.archive, &entry);
  state.ended = status == ARCHIVE_EOF;
  if (state.ended) return std::optional<TarMember>();
  // ARCHIVE_RETRY too: it would look for a header in the bytes behind the damage, and find one
  // inside a member.
  if (status < ARCHIVE_WARN) {
    state.failure = state.damaged();
    return *state.failure;
  }
  TarMember member;
  const char* name = ::archive_entry_pathname(entry);
  if (name != nullptr) member.name = name;
  member.is_file =
      ::archive_entry_filetype(entry) == AE_IFREG && ::archive_entry_hardlink(entry) == nullptr;
  member.bytes = ::archive_entry_size(entry);
  member.position = ::archive_read_header_position(state.archive);
  state.member = member.name;
  state.member_bytes = member.bytes;
  return std::optional(std::move(member));
}

Result<std::string> TarReader::read(std::int64_t bytes_max) {
  State& state = *state_;
  if (state.failure) return *state.failure;
  if (state.member_bytes > bytes_max)
    return Error{Code::kLimit, fmt::format("{} of {} has {} bytes, the limit is {}", state.member,
                                           state.shown_name, state.member_bytes, bytes_max)};
  PlainLocale locale;
  std::string bytes(static_cast<std::size_t>(state.member_bytes), '\0');
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    la_ssize_t got =
        ::archive_read_data(state.archive, bytes.data() + filled, bytes.size() - filled);
    if (got < 0) return state.damaged();
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  bytes.resize(filled);
  return bytes;
}

Status TarReader::skip() {
  State& state = *state_;
  if (state.failure) return *state.failure;
  PlainLocale locale;
  int status = ::archive_read_data_skip(state.archive);
  if (status == ARCHIVE_EOF || status >= ARCHIVE_WARN) return {};
  state.failure = state.damaged();
  return *state.failure;
}

}  // namespace kale
