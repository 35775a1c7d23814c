#include "kale/write/pack.h"

#include <fmt/format.h>

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <tuple>
#include <utility>

#include "kale/io/parquet/table.h"
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

// What the published columns are, from the footers of all parts.
Result<TableSpec> published_spec(Disk& disk, const fs::path& out,
                                 const std::vector<WrittenShard>& shards) {
  TableSpec spec;
  bool urls = false;
  bool paths = false;
  for (const WrittenShard& shard : shards) {
    KALE_TRY(auto reader, open_part(disk, out, shard.part));
    urls = urls || reader->any_value("url");
    paths = paths || reader->any_value("path");
    const ExtrasPtr both[] = {spec.extras, reader->extras()};
    KALE_TRY(spec.extras, unite_extras(both));
  }
  if (urls) spec.fields.push_back(row_field(Column::kUrl));
  if (paths) spec.fields.push_back(row_field(Column::kPath));
  for (Column column :
       {Column::kAltText, Column::kCaptionDense, Column::kCaption, Column::kKey, Column::kWidth,
        Column::kHeight, Column::kSha256, Column::kLicence, Column::kAttribution})
    spec.fields.push_back(row_field(column));
  spec.fields.push_back(text_field("provenance"));
  spec.for_hub = true;
  return spec;
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
  Packer(Disk& disk, fs::path into, TableSpec spec, std::int64_t file_bytes)
      : disk_(disk), into_(std::move(into)), spec_(std::move(spec)), file_bytes_(file_bytes) {}

  Status add_part(TableReader& reader) {
    while (true) {
      KALE_TRY(auto batch, reader.next());
      if (!batch) return {};
      const auto& provenances = batch->texts["provenance"];
      for (std::size_t i = 0; i < batch->rows.size(); ++i)
        KALE_OK(add_row(batch->rows[i], i < provenances.size() ? provenances[i] : no_provenance_));
    }
  }

  Result<Packed> finish() {
    if (writer_ == nullptr && packed_.files.empty()) KALE_OK(start_file());
    KALE_OK(finish_file());
    for (std::size_t i = 0; i < packed_.files.size(); ++i) {
      fs::path aside = into_ / packed_.files[i].name;
      packed_.files[i].name = fmt::format("train-{:05}-of-{:05}.parquet", i, packed_.files.size());
      KALE_OK(disk_.rename(aside, into_ / packed_.files[i].name));
    }
    return std::move(packed_);
  }

 private:
  Status add_row(const Row& row, const std::string& shard_provenance) {
    if (writer_ != nullptr && writer_->bytes_so_far() >= file_bytes_) KALE_OK(finish_file());
    if (writer_ == nullptr) KALE_OK(start_file());
    const BesideValue provenance = std::string_view(provenance_.of(row, shard_provenance));
    KALE_OK(writer_->append(row, {&provenance, 1}));
    packed_.statistics.add(row);
    if (last_provenance_ != shard_provenance) {
      packed_.provenances.insert(shard_provenance);
      last_provenance_ = shard_provenance;
    }
    return {};
  }

  Status start_file() {
    packed_.files.push_back({fmt::format("train-{:05}.aside", packed_.files.size()), 0});
    KALE_TRY(writer_, TableWriter::create(disk_, into_ / packed_.files.back().name, spec_));
    return {};
  }

  Status finish_file() {
    if (writer_ == nullptr) return {};
    KALE_TRY(TableFile file, writer_->finish());
    packed_.files.back().bytes = file.bytes;
    writer_.reset();
    return {};
  }

  Disk& disk_;
  fs::path into_;
  TableSpec spec_;
  std::int64_t file_bytes_;
  std::unique_ptr<TableWriter> writer_;
  RowProvenance provenance_;
  std::string last_provenance_;
  const std::string no_provenance_;
  Packed packed_;
};

}  // namespace

Result<Packed> pack_parts(Disk& disk, const fs::path& out, const std::vector<WrittenShard>& shards,
                          const fs::path& into, std::int64_t file_bytes) {
  KALE_TRY(TableSpec spec, published_spec(disk, out, shards));
  Packer packer(disk, into, std::move(spec), file_bytes);
  for (const WrittenShard& shard : shards) {
    KALE_TRY(auto reader, open_part(disk, out, shard.part));
    Status added = packer.add_part(*reader);
    if (!added)
      return added.error().code == Code::kCorrupt ? with_cure(added.error()) : added.error();
  }
  return packer.finish();
}

}  // namespace kale
