// What every source asks of texts and files before a row goes on, and how it says no.
// Threads  free functions, safe
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "kale/core/outcome.h"
#include "kale/core/row.h"

namespace kale {

// On; or kNotUtf8, kEmptyAltText, kControlChars with `where` as the detail.
Outcome check_alt_text(std::string_view alt_text, std::string_view where);

// A path that no text column can hold, made fit to be shown: %XX for every byte outside ASCII.
std::string shown_path(std::string_view path);

// kTooManyBytes: "123 bytes, the limit is 100".
Dropped too_many_bytes(std::int64_t bytes, std::int64_t bytes_max);

// A folder that has gone, or a disk that was unmounted, must not fail rows one by one: kNotFound.
Status check_folder(const std::filesystem::path& folder);

// The bytes of a file below `root`. What a link shows counts where it lies inside the root; kIo
// where the name leads out of it.
Result<std::string> read_inside(const std::filesystem::path& path,
                                const std::filesystem::path& root, std::int64_t bytes_max);

// What becomes of a row whose picture or text could not be read.
Outcome unread(Error error);

}  // namespace kale
