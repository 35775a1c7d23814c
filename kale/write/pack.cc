#include "kale/write/pack.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <tuple>
#include <utility>

#include "kale/write/parquet_sink.h"

namespace kale {
namespace fs = std::filesystem;
namespace {

using nlohmann::json;

Error with_cure(const Error& error) {
  return {error.code, error.message + "; run `kale run` again and the shard is redone"};
}

Result<std::unique_ptr<TableReader>> open_part(Disk& disk, const fs::path& out,
                                               const WrittenFile& part) {
  auto reader = TableReader::open(disk, out / part.name, kExtrasPrefix);
  if (!reader) return with_cure(reader.error());
  if ((*reader)->rows() != part.rows)
    return with_cure({Code::kCorrupt, fmt::format("{}: {} rows where {} were committed", part.name,
                                                  (*reader)->rows(), part.rows)});
  return reader;
}

// A row's provenance: its shard's, and which way the row itself went.
class RowProvenance {
 public:
  const std::string& of(const Row& row, const std::string& shard) {
    auto [entry, is_new] = known_.try_emplace(
        std::tuple(shard, row.described_by, row.fused_by, row.cleaned_by), std::string());
    if (is_new) entry->second = made(row, shard);
    return entry->second;
  }

 private:
  static std::string made(const Row& row, const std::string& shard) {
    json object = json::parse(shard, nullptr, false);
    if (!object.is_object()) object = json::object();
    if (row.filled.has(Column::kDescribedBy)) object["described_by"] = row.described_by;
    if (row.filled.has(Column::kFusedBy)) object["fused_by"] = row.fused_by;
    if (row.filled.has(Column::kCleanedBy)) object["cleaned_by"] = row.cleaned_by;
    return object.dump(-1, ' ', false, json::error_handler_t::replace);
  }
  std::map<std::tuple<std::string, std::string, std::string, std::string>, std::string> known_;
};

class Packer {
 public:
  Packer(PictureReader* pictures, std::span<const std::unique_ptr<FormatWriter>> writers)
      : pictures_(pictures), writers_(writers) {}

  Status add_part(TableReader& reader) {
    while (true) {
      auto read = reader.next();
      if (!read) return with_cure(read.error());
      auto& batch = *read;
      if (!batch) return {};
      const auto& provenances = batch->texts["provenance"];
      const auto& ordinals = batch->wholes["ordinal"];
      for (std::size_t i = 0; i < batch->rows.size(); ++i) {
        Row& row = batch->rows[i];
        if (pictures_ != nullptr) {
          KALE_CHECK(i < ordinals.size(), "parts have a column ordinal");
          KALE_OK(pictures_->fill(row, ordinals[i]));
          packed_.pictures_not_raster += is_raster(row) ? 0 : 1;
        }
        KALE_OK(add_row(row, i < provenances.size() ? provenances[i] : no_provenance_));
        release_columns(row, {Column::kImageBytes});
      }
    }
  }

  Packed finish() { return std::move(packed_); }

 private:
  Status add_row(const Row& row, const std::string& shard_provenance) {
    const PublishedRow published{row, provenance_.of(row, shard_provenance)};
    for (const auto& writer : writers_) KALE_OK(writer->add(published));
    packed_.statistics.add(row);
    if (last_provenance_ != shard_provenance) {
      packed_.provenances.insert(shard_provenance);
      last_provenance_ = shard_provenance;
    }
    return {};
  }

  PictureReader* pictures_;
  std::span<const std::unique_ptr<FormatWriter>> writers_;
  RowProvenance provenance_;
  std::string last_provenance_;
  const std::string no_provenance_;
  Packed packed_;
};

}  // namespace

Result<TableSpec> published_columns(Disk& disk, const fs::path& out,
                                    const std::vector<WrittenShard>& shards, bool image_bytes) {
  TableSpec spec;
  bool urls = false;
  bool paths = false;
  bool fused = false;
  for (const WrittenShard& shard : shards) {
    KALE_TRY(auto reader, open_part(disk, out, shard.part));
    urls = urls || reader->any_value("url");
    paths = paths || reader->any_value("path");
    fused = fused || reader->any_value("fused_by");
    const ExtrasPtr both[] = {spec.extras, reader->extras()};
    KALE_TRY(spec.extras, unite_extras(both));
  }
  if (image_bytes) spec.fields.push_back(image_field(std::string(kImageColumn)));
  if (urls) spec.fields.push_back(row_field(Column::kUrl));
  if (paths) spec.fields.push_back(row_field(Column::kPath));
  for (Column column :
       {Column::kAltText, Column::kCaptionDense, Column::kCaption, Column::kKey, Column::kWidth,
        Column::kHeight, Column::kSha256, Column::kLicence, Column::kAttribution})
    spec.fields.push_back(row_field(column));
  if (fused) spec.fields.push_back(row_field(Column::kFusedBy));
  spec.fields.push_back(text_field("provenance"));
  spec.for_hub = true;
  return spec;
}

Result<Packed> pack_parts(Disk& disk, const fs::path& out, const std::vector<WrittenShard>& shards,
                          PictureReader* pictures,
                          std::span<const std::unique_ptr<FormatWriter>> writers) {
  Packer packer(pictures, writers);
  for (std::size_t i = 0; i < shards.size(); ++i) {
    const WrittenFile& part = shards[i].part;
    KALE_TRY(auto reader, open_part(disk, out, part));
    if (pictures != nullptr && part.rows > 0)
      KALE_OK(pictures->start_shard(static_cast<std::int64_t>(i), part.name));
    KALE_OK(packer.add_part(*reader));
  }
  return packer.finish();
}

Result<std::vector<Row>> sample_rows(Disk& disk, const fs::path& out,
                                     const std::vector<WrittenShard>& shards, std::int64_t count) {
  std::int64_t rows = 0;
  for (const WrittenShard& shard : shards) rows += shard.part.rows;
  const std::int64_t taken = std::min(count, rows);
  std::vector<Row> sample;
  auto next = [&] {
    return (2 * static_cast<std::int64_t>(sample.size()) + 1) * rows / (2 * taken);
  };
  std::int64_t first = 0;  // rows before the one at hand
  for (const WrittenShard& shard : shards) {
    const std::int64_t end = first + shard.part.rows;
    if (std::ssize(sample) == taken) break;
    if (next() < end) {
      KALE_TRY(auto reader, open_part(disk, out, shard.part));
      while (std::ssize(sample) < taken && next() < end) {
        KALE_TRY(auto batch, reader->next());
        if (!batch) break;
        for (; std::ssize(sample) < taken && next() < first + std::ssize(batch->rows);)
          sample.push_back(std::move(batch->rows[static_cast<std::size_t>(next() - first)]));
        first += std::ssize(batch->rows);
      }
    }
    first = end;
  }
  return sample;
}

}  // namespace kale
