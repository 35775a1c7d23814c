#include "apps/kale/input.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <system_error>

#include "kale/core/ascii.h"
#include "kale/sources/table_files.h"
#include "kale/sources/webdataset.h"
#include "kale/text/utf8.h"

namespace kale {
namespace fs = std::filesystem;
namespace {

constexpr int kNamesLookedAt = 20'000;

constexpr std::array<std::string_view, 8> kPictureEndings{".jpg", ".jpeg", ".png",  ".webp",
                                                          ".gif", ".tif",  ".tiff", ".svg"};

bool is_picture(const std::string& name) {
  return std::any_of(kPictureEndings.begin(), kPictureEndings.end(),
                     [&](std::string_view ending) { return name.ends_with(ending); });
}

// A text file is a table only where it was named itself: in a folder it stands beside a picture.
bool is_table(const std::string& name) {
  auto format = table_format(name);
  return format && *format != TableFormat::kPlaces;
}

// JSON is YAML, and its strings hold every character.
std::string json_text(const nlohmann::json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string kind_of_folder(const fs::path& folder) {
  bool pictures = false, tables = false, metadata = false;
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied,
                                         error);
  for (int seen = 0; entry != fs::end(entry) && seen < kNamesLookedAt; ++seen) {
    const std::string name = lower_ascii(entry->path().filename().string());
    if (is_tar(name)) return "webdataset";
    pictures |= is_picture(name);
    tables |= is_table(name);
    metadata |= is_table(name) && name.starts_with("metadata.");
    entry.increment(error);
    if (error) break;
  }
  return metadata || (tables && !pictures) ? "table" : "folder";
}

}  // namespace

Result<std::string> source_kind(const fs::path& input) {
  std::error_code error;
  const fs::file_status status = fs::status(input, error);
  if (!fs::exists(status))
    return Error{Code::kNotFound,
                 fmt::format("--input {} is not there; give a folder of pictures, a tar or a table",
                             input.string())};
  if (fs::is_directory(status)) return kind_of_folder(input);
  if (is_tar(input)) return std::string("webdataset");
  if (table_format(input)) return std::string("table");
  return Error{
      Code::kBadConfig,
      fmt::format(
          "--input {}: a folder, a tar or a table (parquet, arrow, jsonl, csv, "
          "tsv, txt, the last four also with .gz) is wanted; for one picture give its folder",
          input.string())};
}

Result<std::vector<std::string>> input_sets(const fs::path& input) {
  KALE_TRY(std::string kind, source_kind(input));
  fs::path whole = fs::absolute(input).lexically_normal();
  if (!whole.has_filename()) whole = whole.parent_path();
  if (!is_valid_utf8(whole.string()))
    return Error{Code::kBadConfig,
                 fmt::format("--input {}: a recipe is UTF-8 and cannot hold this name; give the "
                             "folder or file another, or a link to it",
                             to_valid_utf8(whole.string()))};
  return std::vector<std::string>{
      "source=" + json_text({{"kind", kind}, {"path", whole.string()}}),
      "publish=" + json_text({{"name", whole.filename().string()}}),
  };
}

std::string set_text(std::string_view option, const std::string& value) {
  return fmt::format("{}={}", option, json_text(value));
}

}  // namespace kale
