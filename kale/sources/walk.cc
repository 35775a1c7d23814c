#include "kale/sources/walk.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <system_error>

#include "kale/core/ascii.h"

namespace kale {
namespace fs = std::filesystem;
namespace {

bool has_ending(const fs::path& path, const std::vector<std::string>& extensions) {
  std::string ending = lower_ascii(path.extension().string());
  if (ending.empty()) return false;
  ending.erase(0, 1);
  return std::find(extensions.begin(), extensions.end(), ending) != extensions.end();
}

bool lies_in(const fs::path& file, const fs::path& folder) {
  return std::mismatch(folder.begin(), folder.end(), file.begin(), file.end()).first ==
         folder.end();
}

// The file that counts under this name: itself, or what a link inside the root leads to. Nothing
// for links that leave the root, lead nowhere or loop, and for whatever is no regular file.
std::optional<std::int64_t> size_of_file(const fs::directory_entry& entry, const fs::path& root) {
  std::error_code code;
  if (entry.is_symlink(code)) {
    fs::path target = fs::canonical(entry.path(), code);
    if (code || !lies_in(target, root)) return std::nullopt;
  }
  if (!entry.is_regular_file(code) || code) return std::nullopt;
  auto size = entry.file_size(code);
  if (code) return std::nullopt;
  return static_cast<std::int64_t>(size);
}

bool names(const std::string& entry, const std::string& path) {
  std::string_view folder = entry;
  while (!folder.empty() && folder.back() == '/') folder.remove_suffix(1);
  if (path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/')
    return true;
  return fnmatch(entry.c_str(), path.c_str(), 0) == 0;
}

std::size_t priority(const std::string& path, const std::vector<std::string>& include) {
  for (std::size_t i = 0; i < include.size(); ++i)
    if (names(include[i], path)) return i;
  return include.size();
}

}  // namespace

Result<std::vector<InputFile>> walk(const fs::path& given_root,
                                    const std::vector<std::string>& extensions) {
  std::error_code code;
  fs::path root = fs::canonical(given_root, code);
  if (code || !fs::is_directory(root, code))
    return Error{Code::kNotFound,
                 fmt::format("{} is not a folder; set the source's path", given_root.string())};
  std::vector<InputFile> files;
  fs::recursive_directory_iterator entries(root, code);  // does not follow links to folders
  while (!code && entries != fs::recursive_directory_iterator()) {
    if (has_ending(entries->path(), extensions)) {
      if (auto bytes = size_of_file(*entries, root))
        files.push_back({entries->path().lexically_relative(root).string(), 1, *bytes});
    }
    entries.increment(code);
  }
  if (code)
    return Error{Code::kIo, fmt::format("cannot list {}: {}", root.string(), code.message())};
  std::sort(files.begin(), files.end(),
            [](const InputFile& a, const InputFile& b) { return a.path < b.path; });
  return files;
}

bool leads_outside(const fs::path& path, const fs::path& root) {
  std::error_code code;
  fs::path target = fs::canonical(path, code);
  if (code) return false;
  fs::path folder = fs::canonical(root, code);
  return !code && !lies_in(target, folder);
}

std::vector<InputFile> choose(std::vector<InputFile> files, const std::vector<std::string>& include,
                              std::int64_t limit) {
  std::vector<std::size_t> ranks(files.size(), 0);
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!include.empty()) ranks[i] = priority(files[i].path, include);
    if (include.empty() || ranks[i] < include.size()) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return ranks[a] < ranks[b]; });
  if (limit > 0 && order.size() > static_cast<std::size_t>(limit))
    order.resize(static_cast<std::size_t>(limit));
  std::sort(order.begin(), order.end());
  std::vector<InputFile> chosen;
  for (std::size_t i : order) chosen.push_back(std::move(files[i]));
  return chosen;
}

}  // namespace kale
