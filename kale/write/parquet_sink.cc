#include "kale/write/parquet_sink.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "kale/io/digest.h"
#include "kale/io/parquet/table.h"

namespace kale {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kCure = "run `kale run` again and the shard is redone";

TableSpec shard_spec(bool rejects, ExtrasPtr extras) {
  TableSpec spec;
  spec.fields.push_back(whole_field("ordinal"));
  if (rejects)
    for (const char* name : {"fate", "step", "reason", "detail"})
      spec.fields.push_back(text_field(name));
  for (const ColumnInfo& info : column_table())
    if (!info.transient()) spec.fields.push_back(row_field(info.column));
  spec.fields.push_back(text_field("provenance"));
  spec.extras = std::move(extras);
  spec.extras_prefix = kExtrasPrefix;
  return spec;
}

class ParquetSink : public Sink {
 public:
  ParquetSink(Disk& disk, fs::path out, std::string writer_id)
      : disk_(disk), out_(std::move(out)), writer_id_(std::move(writer_id)) {}

  Result<WrittenShard> write(const FinishedShard& shard) override {
    KALE_OK(disk_.make_folders(out_ / kPartsFolder));
    KALE_OK(disk_.make_folders(out_ / kRejectsFolder));
    WrittenShard written;
    KALE_TRY(written.rejects, write_file(shard, true));
    KALE_TRY(written.part, write_file(shard, false));
    for (const FinishedRow& row : shard.rows)
      if (row.fate != Fate::kKept) ++written.reasons[reject_label(row)];
    return written;
  }

  Result<std::vector<FinishedRow>> read(const WrittenShard& files) override {
    std::vector<std::pair<std::int64_t, FinishedRow>> rows;
    KALE_OK(read_file(files.part, rows));
    KALE_OK(read_file(files.rejects, rows));
    std::sort(rows.begin(), rows.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<FinishedRow> ordered;
    ordered.reserve(rows.size());
    for (auto& [ordinal, row] : rows) {
      if (ordinal != static_cast<std::int64_t>(ordered.size()))
        return Error{Code::kCorrupt,
                     fmt::format("{} and {}: together they lack row {} of the shard; {}",
                                 files.part.name, files.rejects.name, ordered.size(), kCure)};
      ordered.push_back(std::move(row));
    }
    return ordered;
  }

 private:
  std::string file_name(const FinishedShard& shard, bool rejects) const {
    return fmt::format(
        "{}-{:05}-g{}-{}.parquet",
        rejects ? fmt::format("{}/rejects", kRejectsFolder) : fmt::format("{}/part", kPartsFolder),
        shard.index, shard.generation, writer_id_);
  }

  // Written aside, synced, renamed; what was written aside stays after a failure, for the next
  // write to truncate.
  Result<WrittenFile> write_file(const FinishedShard& shard, bool rejects) {
    std::vector<ExtrasPtr> batches;
    for (const FinishedRow& finished : shard.rows)
      if (batches.empty() || batches.back() != finished.row.extras)
        batches.push_back(finished.row.extras);
    KALE_TRY(ExtrasPtr extras, unite_extras(batches));

    WrittenFile file;
    file.name = file_name(shard, rejects);
    fs::path path = out_ / file.name;
    fs::path aside = path;
    aside += ".aside";
    KALE_TRY(auto writer, TableWriter::create(disk_, aside, shard_spec(rejects, extras)));
    for (std::size_t i = 0; i < shard.rows.size(); ++i) {
      const FinishedRow& row = shard.rows[i];
      if ((row.fate != Fate::kKept) != rejects) continue;
      const auto ordinal = static_cast<std::int64_t>(i);
      const std::string_view provenance = shard.provenance;
      const std::array<BesideValue, 6> reject{ordinal,    fate_name(row.fate), row.step,
                                              row.reason, row.detail,          provenance};
      const std::array<BesideValue, 2> kept{ordinal, provenance};
      KALE_OK(rejects ? writer->append(row.row, reject) : writer->append(row.row, kept));
    }
    KALE_TRY(TableFile done, writer->finish());
    KALE_OK(disk_.rename(aside, path));
    file.rows = done.rows;
    file.bytes = done.bytes;
    file.digest = done.digest;
    return file;
  }

  Status read_file(const WrittenFile& file,
                   std::vector<std::pair<std::int64_t, FinishedRow>>& rows) {
    fs::path path = out_ / file.name;
    auto digest = xxh128_file(path);
    if (!digest) return Error{digest.error().code, with_cure(digest.error().message)};
    if (*digest != file.digest)
      return Error{Code::kCorrupt,
                   with_cure(path.string() + ": its bytes are not those that were committed")};
    KALE_TRY(auto reader, TableReader::open(disk_, path, kExtrasPrefix));
    while (true) {
      KALE_TRY(auto batch, reader->next());
      if (!batch) return {};
      if (!batch->wholes.contains("ordinal"))
        return Error{Code::kCorrupt, with_cure(path.string() + ": it has no column ordinal")};
      const auto& ordinals = batch->wholes["ordinal"];
      for (std::size_t i = 0; i < batch->rows.size(); ++i) {
        FinishedRow row;
        row.row = std::move(batch->rows[i]);
        KALE_OK(read_fate(path, *batch, i, row));
        rows.emplace_back(ordinals[i], std::move(row));
      }
    }
  }

  static Status read_fate(const fs::path& path, TableBatch& batch, std::size_t i,
                          FinishedRow& row) {
    if (!batch.texts.contains("fate")) return {};  // a part: every row was kept
    const std::string& fate = batch.texts["fate"][i];
    if (fate == fate_name(Fate::kDropped))
      row.fate = Fate::kDropped;
    else if (fate == fate_name(Fate::kFailed))
      row.fate = Fate::kFailed;
    else
      return Error{Code::kCorrupt,
                   with_cure(fmt::format("{}: unknown fate '{}'", path.string(), fate))};
    row.step = std::move(batch.texts["step"][i]);
    row.reason = std::move(batch.texts["reason"][i]);
    row.detail = std::move(batch.texts["detail"][i]);
    return {};
  }

  static std::string with_cure(const std::string& message) {
    return fmt::format("{}; {}", message, kCure);
  }

  Disk& disk_;
  fs::path out_;
  std::string writer_id_;
};

}  // namespace

std::unique_ptr<Sink> make_parquet_sink(Disk& disk, fs::path out, std::string writer_id) {
  return std::make_unique<ParquetSink>(disk, std::move(out), std::move(writer_id));
}

}  // namespace kale
