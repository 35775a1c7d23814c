#include "kale/io/tar/tar_fake.h"

#include <archive.h>
#include <archive_entry.h>

#include "kale/core/check.h"

namespace kale {
namespace {

void describe(::archive_entry* entry, const FakeMember& member) {
  ::archive_entry_set_pathname(entry, member.name.c_str());
  ::archive_entry_set_perm(entry, 0644);
  ::archive_entry_set_filetype(entry, AE_IFREG);
  switch (member.kind) {
    case FakeMember::Kind::kFile:
      ::archive_entry_set_size(entry, std::ssize(member.bytes));
      break;
    case FakeMember::Kind::kFolder:
      ::archive_entry_set_filetype(entry, AE_IFDIR);
      break;
    case FakeMember::Kind::kHardLink:
      ::archive_entry_set_hardlink(entry, member.bytes.c_str());
      break;
    case FakeMember::Kind::kSymbolicLink:
      ::archive_entry_set_filetype(entry, AE_IFLNK);
      ::archive_entry_set_symlink(entry, member.bytes.c_str());
      break;
    case FakeMember::Kind::kPipe:
      ::archive_entry_set_filetype(entry, AE_IFIFO);
      break;
  }
}

}  // namespace

std::string fake_tar(const std::vector<FakeMember>& members, const std::string& packing,
                     const std::string& format) {
  std::string tar;
  ::archive* writer = ::archive_write_new();
  auto append = [](::archive*, void* out, const void* bytes, std::size_t size) {
    static_cast<std::string*>(out)->append(static_cast<const char*>(bytes), size);
    return static_cast<la_ssize_t>(size);
  };
  bool fine = ::archive_write_set_format_by_name(writer, format.c_str()) == ARCHIVE_OK &&
              (packing == "none" ||
               ::archive_write_add_filter_by_name(writer, packing.c_str()) == ARCHIVE_OK) &&
              ::archive_write_set_bytes_in_last_block(writer, 1) == ARCHIVE_OK &&
              ::archive_write_open(writer, &tar, nullptr, append, nullptr) == ARCHIVE_OK;
  for (const FakeMember& member : members) {
    ::archive_entry* entry = ::archive_entry_new();
    describe(entry, member);
    // ARCHIVE_WARN: a name that is no text, which is written as it is.
    fine = fine && ::archive_write_header(writer, entry) >= ARCHIVE_WARN;
    if (member.kind == FakeMember::Kind::kFile)
      fine = fine && ::archive_write_data(writer, member.bytes.data(), member.bytes.size()) ==
                         std::ssize(member.bytes);
    ::archive_entry_free(entry);
  }
  fine = fine && ::archive_write_close(writer) == ARCHIVE_OK;
  KALE_CHECK(fine, ::archive_error_string(writer));
  ::archive_write_free(writer);
  return tar;
}

}  // namespace kale
