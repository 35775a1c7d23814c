// Finds the picture files under a folder.
// Errors   kNotFound when the folder is gone, kIo when a folder inside it cannot be read
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "kale/core/source.h"

namespace kale {

// Regular files below `root` whose ending is one of `extensions` (lower case, no dot), ordered by
// the bytes of their relative paths. Links: see kale/sources/folder.h.
Result<std::vector<InputFile>> walk(const std::filesystem::path& root,
                                    const std::vector<std::string>& extensions);

// True where opening this name would lead out of `root`, by a link at its end or on the way. False
// where there is nothing. Both listing and opening ask: a name may have become a link in between.
bool leads_outside(const std::filesystem::path& path, const std::filesystem::path& root);

// Those that `include` names, at most `limit` (0: all), earlier entries first; ordered as given.
std::vector<InputFile> choose(std::vector<InputFile> files, const std::vector<std::string>& include,
                              std::int64_t limit);

}  // namespace kale
