#include "apps/kale/places.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "kale/io/disk.h"

namespace kale {
namespace fs = std::filesystem;

Status check_out_folder(const fs::path& out) {
  if (out.empty()) return Error{Code::kBadConfig, "--out needs a folder"};
  KALE_TRY(auto place, real_disk().stat(out));
  if (!place || place->is_folder) return {};
  return Error{Code::kBadConfig,
               fmt::format("{} is a file, not a folder; give --out another place", out.string())};
}

Status check_out_file(const fs::path& out) {
  if (out.empty() || out.filename().empty())
    return Error{Code::kBadConfig,
                 fmt::format("--out needs the name of a file, not '{}'", out.string())};
  KALE_TRY(auto place, real_disk().stat(out));
  if (!place || !place->is_folder) return {};
  return Error{Code::kBadConfig,
               fmt::format("{} is a folder; give --out the name of a file", out.string())};
}

Result<bool> lies_in(const fs::path& inner, const fs::path& outer) {
  std::error_code code;
  fs::path in = fs::weakly_canonical(inner, code);
  fs::path out = code ? fs::path() : fs::weakly_canonical(outer, code);
  if (code) return disk_error("look at", inner, code.value());
  return std::mismatch(out.begin(), out.end(), in.begin(), in.end()).first == out.end();
}

CLI::Validator not_empty() {
  return CLI::Validator(
      [](const std::string& value) -> std::string { return value.empty() ? "is empty" : ""; }, "",
      "not_empty");
}

}  // namespace kale
