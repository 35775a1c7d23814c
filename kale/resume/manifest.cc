#include "kale/resume/manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <unordered_map>
#include <utility>

#include "kale/io/digest.h"
#include "kale/resume/records.h"

namespace kale {
namespace {

using nlohmann::json;

constexpr std::string_view kVersionLine = "kale manifest 1";

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

// Cuts the stream of input files into shards of a fixed number of rows. The bytes of a file's
// slices sum to the file's, so that a later run can tell whether its size is still that.
class Slicer {
 public:
  explicit Slicer(std::int64_t shard_rows) : shard_rows_(shard_rows) {}

  void add(const InputFile& file) {
    for (std::int64_t first = 0, given = 0; first < file.rows;) {
      std::int64_t rows = std::min(file.rows - first, shard_rows_ - rows_);
      bool last = first + rows == file.rows;
      std::int64_t bytes = last ? file.bytes - given : file.bytes / file.rows * rows;
      slices_.push_back({file.path, first, rows, bytes});
      given += bytes;
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

Result<std::int64_t> count_once(Source& source, const InputFile& file, Counts* counts) {
  if (counts == nullptr) return source.count(file);
  if (auto rows = counts->find(file)) return *rows;
  KALE_TRY(std::int64_t rows, source.count(file));
  KALE_OK(counts->add(file, rows));
  return rows;
}

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

// A file is frozen at what it holds when it is first listed, be that one failed row of a tar that
// is still being copied: to leave such files out would make the rows of a dataset, and the failed
// ones that a user looks for, depend on when it was run. What is frozen names its size instead, and
// a run that finds another one says so.
Result<std::int64_t> Manifest::append_new(Disk& disk, Source& source, std::int64_t shard_rows,
                                          Listing* listing) {
  Listing unseen;
  if (listing == nullptr) listing = &unseen;
  std::unordered_map<std::uint64_t, std::int64_t> known;  // bytes by path
  files([&](const InputFile& file) { known[xxh3_64(file.path)] = file.bytes; });

  Slicer slicer(shard_rows);
  std::int64_t rows = 0;
  KALE_OK(source.list([&](InputFile file) -> Status {
    if (auto frozen = known.find(xxh3_64(file.path)); frozen != known.end()) {
      if (frozen->second != file.bytes && listing->files_changed++ < kChangedFilesTold)
        listing->changed.push_back({file.path, frozen->second, file.bytes});
      return {};
    }
    if (file.rows == InputFile::kUncounted) {
      if (listing->watch) listing->watch(file, rows);
      KALE_TRY(file.rows, count_once(source, file, listing->counts));
    }
    rows += file.rows;
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

void Manifest::files(const std::function<void(const InputFile&)>& take) const {
  InputFile file{"", 0, 0};
  for (std::int64_t index = 0; index < shards(); ++index) {
    for (const Slice& slice : shard(index).slices) {
      if (slice.first_row == 0) {
        if (file.rows > 0) take(file);
        file = {slice.path, 0, 0};
      }
      file.rows += slice.rows;
      file.bytes += slice.bytes;
    }
  }
  if (file.rows > 0) take(file);
}

}  // namespace kale
