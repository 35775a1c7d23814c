#include "kale/resume/counts.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "kale/io/digest.h"
#include "kale/resume/records.h"

namespace kale {
namespace {

using nlohmann::json;

constexpr std::string_view kVersionLine = "kale counts 1";

std::string to_line(const std::string& key, std::int64_t rows) {
  return record_line(json{{"file", key}, {"rows", rows}}.dump());
}

}  // namespace

// A torn tail would swallow the next line: the file is then written anew.
Result<Counts> Counts::open(Disk& disk, const std::filesystem::path& path, std::string source) {
  Counts counts;
  counts.disk_ = &disk;
  counts.path_ = path;
  counts.source_ = std::move(source);
  auto text = disk.read(path, kStateFileBytesMax);
  if (!text && text.error().code == Code::kNotFound) return counts;
  if (!text) return std::move(text).error();
  KALE_TRY(auto lines, parse_record_lines(*text, kVersionLine, path.string()));
  std::string whole = fmt::format("{}\n", kVersionLine);
  for (std::string_view payload : lines.payloads) {
    const json value = json::parse(payload, nullptr, false);
    if (!value.is_object() || !value.contains("file") || !value["file"].is_string() ||
        !value.contains("rows"))
      continue;
    auto rows = count_from_json(value["rows"]);
    if (!rows) continue;
    const std::string key = value["file"];
    counts.rows_[key] = *rows;
    whole += to_line(key, *rows);
  }
  if (whole != *text) KALE_OK(write_whole_file(disk, path, whole));
  counts.fresh_ = false;
  return counts;
}

std::optional<std::int64_t> Counts::find(const InputFile& file) const {
  auto found = rows_.find(key_of(file));
  return found == rows_.end() ? std::nullopt : std::optional(found->second);
}

Status Counts::add(const InputFile& file, std::int64_t rows) {
  if (std::exchange(fresh_, false))
    KALE_OK(write_whole_file(*disk_, path_, fmt::format("{}\n", kVersionLine)));
  if (!file_) {
    KALE_TRY(file_, disk_->append_to(path_));
  }
  const std::string key = key_of(file);
  rows_[key] = rows;
  return file_->append(to_line(key, rows));
}

std::string Counts::key_of(const InputFile& file) const {
  return Digest().add(source_).add(file.path).add(file.bytes).hex();
}

}  // namespace kale
