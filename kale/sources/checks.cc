#include "kale/sources/checks.h"

#include <fmt/format.h>

#include <iterator>
#include <utility>

#include "kale/io/disk.h"
#include "kale/sources/walk.h"
#include "kale/text/utf8.h"

namespace kale {
namespace fs = std::filesystem;

Outcome check_alt_text(std::string_view alt_text, std::string_view where) {
  if (!is_valid_utf8(alt_text)) return Dropped{Drop::kNotUtf8, std::string(where)};
  if (alt_text.empty()) return Dropped{Drop::kEmptyAltText, std::string(where)};
  if (has_control_chars(alt_text)) return Dropped{Drop::kControlChars, std::string(where)};
  return On{};
}

std::string shown_path(std::string_view path) {
  std::string shown;
  for (char c : path) {
    auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      shown.push_back(c);
    } else {
      fmt::format_to(std::back_inserter(shown), "%{:02X}", byte);
    }
  }
  return shown;
}

Dropped too_many_bytes(std::int64_t bytes, std::int64_t bytes_max) {
  return {Drop::kTooManyBytes, fmt::format("{} bytes, the limit is {}", bytes, bytes_max)};
}

Status check_folder(const fs::path& folder) {
  KALE_TRY(auto info, real_disk().stat(folder));
  if (info && info->is_folder) return {};
  return Error{Code::kNotFound, folder.string() + " has gone; bring it back and run again"};
}

Result<std::string> read_inside(const fs::path& path, const fs::path& root,
                                std::int64_t bytes_max) {
  if (leads_outside(path, root))
    return Error{Code::kIo, path.string() +
                                " is a link that leaves the folder; put the file "
                                "itself there"};
  return real_disk().read(path, bytes_max);
}

Outcome unread(Error error) {
  if (error.code == Code::kLimit) return Dropped{Drop::kTooManyBytes, std::move(error).message};
  return Failed{std::move(error)};
}

}  // namespace kale
