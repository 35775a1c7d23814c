#include "kale/write/loose_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace kale {
namespace fs = std::filesystem;
namespace {

std::string safe_name(std::string_view name) {
  std::size_t end = std::min(name.size(), kNameBytesMax);
  while (end < name.size() && end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80)
    --end;  // not inside a character
  std::string safe(name.substr(0, end));
  std::replace_if(
      safe.begin(), safe.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '\\'; }, '_');
  if (safe == "..") return "__";
  return safe == "." ? "" : safe;
}

}  // namespace

std::string safe_path(std::string_view path) {
  std::string safe;
  while (!path.empty()) {
    std::size_t slash = std::min(path.find('/'), path.size());
    std::string name = safe_name(path.substr(0, slash));
    path.remove_prefix(std::min(slash + 1, path.size()));
    if (name.empty()) continue;
    if (!safe.empty()) safe += '/';
    safe += name;
  }
  return safe.size() > kPathBytesMax ? "" : safe;
}

std::string_view without_ending(std::string_view path) {
  std::size_t name = path.rfind('/') + 1;  // 0 where there is none
  std::size_t dot = path.rfind('.');
  return dot == path.npos || dot <= name ? path : path.substr(0, dot);
}

// Free, and no file stands where it needs a folder.
Result<bool> LooseFiles::fits(const std::string& name) {
  KALE_TRY(auto taken, disk_.stat(folder_ / name));
  if (taken) return false;
  for (std::size_t slash = name.find('/'); slash != name.npos; slash = name.find('/', slash + 1)) {
    KALE_TRY(auto above, disk_.stat(folder_ / name.substr(0, slash)));
    if (!above) return true;
    if (!above->is_folder) return false;
  }
  return true;
}

// The ordinals of one base are taken from below, so doubling and halving finds a free one in few
// looks, however many rows share a name; it is looked at itself, so a gap does no harm.
Result<std::optional<std::string>> LooseFiles::free_name(const std::string& base,
                                                         std::string_view ending) {
  auto name = [&](std::int64_t ordinal) {
    return ordinal == 1 ? fmt::format("{}{}", base, ending)
                        : fmt::format("{}-{}{}", base, ordinal, ending);
  };
  std::int64_t taken = 0;
  std::int64_t free = 1;
  while (true) {
    KALE_TRY(bool fit, fits(name(free)));
    if (fit) break;
    taken = free;
    free *= 2;
    if (free > kOrdinalMax) return std::optional<std::string>();
  }
  while (free - taken > 1) {
    std::int64_t middle = taken + (free - taken) / 2;
    KALE_TRY(bool fit, fits(name(middle)));
    (fit ? free : taken) = middle;
  }
  return std::optional(name(free));
}

Result<std::string> LooseFiles::write(std::string_view stem, std::string_view ending,
                                      std::string_view key, std::string_view bytes) {
  std::optional<std::string> found;
  for (const std::string& base : {std::string(stem), safe_path(key)}) {
    if (found || base.empty()) continue;
    KALE_TRY(found, free_name(base, ending));
  }
  if (!found)
    return Error{Code::kLimit, fmt::format("{}: no free file name is left for {} and for key {}; "
                                           "leave this format out of publish.formats",
                                           folder_.string(), stem, key)};
  std::string name = std::move(*found);
  const fs::path path = folder_ / name;
  KALE_OK(disk_.make_folders(path.parent_path()));
  KALE_TRY(auto file, disk_.create(path));
  KALE_OK(file->append(bytes));
  KALE_OK(file->sync());
  KALE_OK(file->close());
  ++files_;
  bytes_ += static_cast<std::int64_t>(bytes.size());
  return name;
}

}  // namespace kale
