#include "kale/write/publish_stamp.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

namespace kale {
namespace fs = std::filesystem;
namespace {

using nlohmann::json;

constexpr std::string_view kStamp = "state/published";
constexpr std::int64_t kStampVersion = 2;
constexpr std::int64_t kStampBytesMax = std::int64_t{1} << 24;

bool has_text(const json& object, const char* key) {
  return object.is_object() && object.contains(key) && object[key].is_string();
}
bool has_whole(const json& object, const char* key) {
  return object.is_object() && object.contains(key) && object[key].is_number_integer();
}
bool has_list(const json& object, const char* key) {
  return object.is_object() && object.contains(key) && object[key].is_array();
}

// The format's folder is the table's, whatever the stamp says: folders are removed by it.
const FormatInfo* known_format(const json& format) {
  for (const FormatInfo& info : format_table())
    if (has_text(format, "name") && format["name"] == info.name) return &info;
  return nullptr;
}

std::optional<PublishStamp> parse_stamp(const std::string& text) {
  const json value = json::parse(text, nullptr, false);
  if (!has_whole(value, "version") || value["version"] != kStampVersion ||
      !has_text(value, "digest") || !has_whole(value, "rows") || !has_list(value, "formats") ||
      !has_list(value, "files"))
    return {};
  PublishStamp stamp;
  stamp.digest = value["digest"];
  stamp.report.rows = value["rows"];
  for (const json& format : value["formats"]) {
    const FormatInfo* info = known_format(format);
    if (info == nullptr || !has_whole(format, "files") || !has_whole(format, "bytes")) return {};
    stamp.report.formats.push_back(
        {std::string(info->name), std::string(info->folder), format["files"], format["bytes"]});
  }
  for (const json& file : value["files"]) {
    if (!has_text(file, "name") || !has_whole(file, "bytes")) return {};
    stamp.report.files.push_back({file["name"], file["bytes"]});
  }
  return stamp;
}

}  // namespace

PublishStamp read_stamp(Disk& disk, const fs::path& out) {
  PublishStamp unknown;
  auto text = disk.read(out / kStamp, kStampBytesMax);
  unknown.damaged = text || text.error().code != Code::kNotFound;
  auto stamp = text ? parse_stamp(*text) : std::nullopt;
  return stamp ? std::move(*stamp) : std::move(unknown);
}

Status write_stamp(Disk& disk, const fs::path& out, const PublishStamp& stamp) {
  json formats = json::array();
  for (const PublishedFormat& format : stamp.report.formats)
    formats.push_back({{"name", format.name}, {"files", format.files}, {"bytes", format.bytes}});
  json files = json::array();
  for (const PublishedFile& file : stamp.report.files)
    files.push_back({{"name", file.name}, {"bytes", file.bytes}});
  const json value{{"version", kStampVersion},
                   {"digest", stamp.digest},
                   {"rows", stamp.report.rows},
                   {"formats", std::move(formats)},
                   {"files", std::move(files)}};
  KALE_OK(disk.make_folders((out / kStamp).parent_path()));
  return write_whole_file(disk, out / kStamp, value.dump() + "\n");
}

}  // namespace kale
