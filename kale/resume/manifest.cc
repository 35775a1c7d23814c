#include "kale/resume/manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_set>
#include <utility>

#include "kale/io/digest.h"
#include "kale/resume/records.h"

namespace kale {
namespace {

using nlohmann::json;

constexpr std::string_view kVersionLine = "kale manifest 1";

// Paths are bytes, JSON is UTF-8: a path that is not UTF-8 is kept as a list of its bytes.
json path_to_json(const std::string& path) {
  json text = path;
  if (json::parse(text.dump(-1, ' ', false, json::error_handler_t::replace)) == text) return text;
  return json(std::vector<std::uint8_t>(path.begin(), path.end()));
}

std::string path_from_json(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  auto bytes = value.get<std::vector<std::uint8_t>>();
  return {bytes.begin(), bytes.end()};
}

std::string shard_payload(std::int64_t rows, const std::vector<Slice>& slices) {
  json list = json::array();
  for (const Slice& slice : slices)
    list.push_back({path_to_json(slice.path), slice.first_row, slice.rows, slice.bytes});
  return json{{"rows", rows}, {"slices", std::move(list)}}.dump();
}

// Cuts the stream of input files into shards of a fixed number of rows.
class Slicer {
 public:
  explicit Slicer(std::int64_t shard_rows) : shard_rows_(shard_rows) {}

  void add(const InputFile& file) {
    for (std::int64_t first = 0; first < file.rows;) {
      std::int64_t rows = std::min(file.rows - first, shard_rows_ - rows_);
      slices_.push_back({file.path, first, rows, file.bytes * rows / file.rows});
      first += rows;
      rows_ += rows;
      if (rows_ == shard_rows_) flush();
    }
  }

  std::vector<std::string> take() {
    if (rows_ > 0) flush();
    return std::move(payloads_);
  }

 private:
  void flush() {
    payloads_.push_back(shard_payload(rows_, slices_));
    slices_.clear();
    rows_ = 0;
  }

  std::int64_t shard_rows_;
  std::int64_t rows_ = 0;
  std::vector<Slice> slices_;
  std::vector<std::string> payloads_;
};

}  // namespace

Result<Manifest> Manifest::open(Disk& disk, const std::filesystem::path& path) {
  Manifest manifest;
  manifest.path_ = path;
  auto text = disk.read(path, kStateFileBytesMax);
  if (!text) {
    if (text.error().code == Code::kNotFound) return manifest;
    return std::move(text).error();
  }
  KALE_TRY(auto lines, parse_record_lines(*text, kVersionLine, path.string()));
  for (std::string_view payload : lines.payloads) KALE_OK(manifest.add(std::string(payload)));
  return manifest;
}

Status Manifest::add(std::string payload) {
  json shard = json::parse(payload, nullptr, false);
  if (!shard.is_object() || !shard.contains("rows") || !shard["rows"].is_number_integer())
    return Error{Code::kCorrupt, path_.string() + " holds a line that is no shard"};
  std::int64_t rows = shard["rows"].get<std::int64_t>();
  lines_.push_back({std::move(payload), rows});
  rows_ += rows;
  return {};
}

Result<std::int64_t> Manifest::append_new(Disk& disk, Source& source, std::int64_t shard_rows) {
  std::unordered_set<std::uint64_t> known;
  for (std::int64_t index = 0; index < shards(); ++index)
    for (const Slice& slice : shard(index).slices) known.insert(xxh64(slice.path));

  Slicer slicer(shard_rows);
  KALE_OK(source.list([&](InputFile file) -> Status {
    if (file.rows > 0 && !known.contains(xxh64(file.path))) slicer.add(file);
    return {};
  }));
  std::vector<std::string> added = slicer.take();
  if (added.empty()) return std::int64_t{0};

  for (std::string& payload : added) KALE_OK(add(std::move(payload)));
  std::string text = fmt::format("{}\n", kVersionLine);
  for (const Line& line : lines_) text += record_line(line.payload);
  KALE_OK(write_whole_file(disk, path_, text));
  return static_cast<std::int64_t>(added.size());
}

std::int64_t Manifest::shard_rows(std::int64_t index) const {
  return lines_.at(static_cast<std::size_t>(index)).rows;
}

ShardSpec Manifest::shard(std::int64_t index) const {
  json parsed = json::parse(lines_.at(static_cast<std::size_t>(index)).payload);
  ShardSpec spec;
  spec.index = index;
  for (const json& slice : parsed.at("slices"))
    spec.slices.push_back({path_from_json(slice.at(0)), slice.at(1).get<std::int64_t>(),
                           slice.at(2).get<std::int64_t>(), slice.at(3).get<std::int64_t>()});
  return spec;
}

}  // namespace kale
