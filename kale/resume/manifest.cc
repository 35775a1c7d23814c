#include "kale/resume/manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
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

std::optional<std::string> path_from_json(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return {};
  std::string path;
  for (const json& byte : value) {
    if (!byte.is_number_unsigned() || byte.get<std::uint64_t>() > 255) return {};
    path += static_cast<char>(byte.get<std::uint64_t>());
  }
  return path;
}

bool stays_inside(const std::filesystem::path& path) {
  return !path.empty() && path.is_relative() &&
         std::find(path.begin(), path.end(), "..") == path.end();
}

std::optional<Slice> slice_from_json(const json& value) {
  if (!value.is_array() || value.size() != 4) return {};
  auto path = path_from_json(value[0]);
  auto first_row = count_from_json(value[1]);
  auto rows = count_from_json(value[2]);
  auto bytes = count_from_json(value[3]);
  if (!path || !stays_inside(*path) || !first_row || !rows || !bytes) return {};
  if (*rows == 0 || *rows > kShardRowsMax) return {};
  return Slice{std::move(*path), *first_row, *rows, *bytes};
}

// Nothing where the payload is no shard, or its rows are not those of its slices.
std::optional<std::vector<Slice>> slices_of(std::string_view payload) {
  json shard = json::parse(payload, nullptr, false);
  if (!shard.is_object() || !shard["slices"].is_array()) return {};
  auto said = count_from_json(shard["rows"]);
  std::vector<Slice> slices;
  std::int64_t rows = 0;
  for (const json& value : shard["slices"]) {
    auto slice = slice_from_json(value);
    if (!slice) return {};
    rows += slice->rows;
    if (rows > kShardRowsMax) return {};
    slices.push_back(std::move(*slice));
  }
  if (slices.empty() || said != rows) return {};
  return slices;
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
  if (lines.damaged > 0)
    return Error{Code::kCorrupt,
                 path.string() +
                     " is damaged, and which row stands in which shard is known from it "
                     "alone; restore it from a copy, or start a new output folder"};
  for (std::string_view payload : lines.payloads) KALE_OK(manifest.add(std::string(payload)));
  return manifest;
}

Status Manifest::add(std::string payload) {
  auto slices = slices_of(payload);
  if (!slices) return Error{Code::kCorrupt, path_.string() + " holds a line that is no shard"};
  std::int64_t rows = ShardSpec{0, std::move(*slices)}.rows();
  lines_.push_back({std::move(payload), rows});
  rows_ += rows;
  return {};
}

Result<std::int64_t> Manifest::append_new(Disk& disk, Source& source, std::int64_t shard_rows) {
  std::unordered_set<std::uint64_t> known;
  for (std::int64_t index = 0; index < shards(); ++index)
    for (const Slice& slice : shard(index).slices) known.insert(xxh3_64(slice.path));

  Slicer slicer(shard_rows);
  KALE_OK(source.list([&](InputFile file) -> Status {
    if (known.contains(xxh3_64(file.path))) return {};
    if (file.rows == InputFile::kUncounted) {
      KALE_TRY(file.rows, source.count(file));
    }
    if (file.rows > 0) slicer.add(file);
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
  auto slices = slices_of(lines_.at(static_cast<std::size_t>(index)).payload);
  KALE_CHECK(slices.has_value(), "add() has read this line before");
  return {index, std::move(*slices)};
}

}  // namespace kale
