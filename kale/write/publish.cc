#include "kale/write/publish.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "kale/io/digest.h"
#include "kale/io/parquet/table.h"
#include "kale/write/card.h"
#include "kale/write/pack.h"

namespace kale {
namespace fs = std::filesystem;
namespace {

using nlohmann::json;

constexpr std::string_view kConfig = "core";
constexpr std::string_view kNewConfig = "core.aside";
constexpr std::string_view kCard = "README.md";
constexpr std::string_view kStamp = "state/published";
constexpr std::int64_t kStampVersion = 1;
constexpr std::int64_t kStampBytesMax = std::int64_t{1} << 24;

// Everything that the published bytes depend on.
std::string inputs_digest(const PublishPlan& plan) {
  Digest digest;
  digest.add(kStampVersion).add(KALE_VERSION).add(card_template());
  const PublishOptions& options = plan.options;
  digest.add(options.name).add(options.licence).add(options.language).add(options.file_megabytes);
  for (const WrittenShard& shard : plan.shards) {
    for (const WrittenFile* file : {&shard.part, &shard.rejects})
      digest.add(file->name).add(file->rows).add(file->digest);
    for (const auto& [reason, rows] : shard.reasons) digest.add(reason).add(rows);
  }
  return digest.hex();
}

json stamp_of(const std::string& digest, const PublishReport& report, const Packed& packed) {
  json files = json::array();
  for (std::size_t i = 0; i < report.files.size(); ++i)
    files.push_back({{"name", report.files[i]}, {"bytes", packed.files[i].bytes}});
  return {{"version", kStampVersion}, {"digest", digest}, {"rows", report.rows}, {"files", files}};
}

// The report of an earlier publish() of the same inputs whose files are all still there. Whatever
// is odd about the stamp means: publish again.
Result<std::optional<PublishReport>> published_before(Disk& disk, const PublishPlan& plan,
                                                      const std::string& digest) {
  std::optional<PublishReport> none;
  auto text = disk.read(plan.out / kStamp, kStampBytesMax);
  if (!text) return none;
  json stamp = json::parse(*text, nullptr, false);
  if (!stamp.is_object() || stamp.value("version", json()) != kStampVersion ||
      stamp.value("digest", json()) != digest || !stamp.contains("files"))
    return none;
  PublishReport report;
  const json rows = stamp.value("rows", json());
  if (!rows.is_number_integer() || !stamp["files"].is_array()) return none;
  report.rows = rows;
  for (const json& file : stamp["files"]) {
    if (!file.is_object() || !file.value("name", json()).is_string() ||
        !file.value("bytes", json()).is_number_integer())
      return none;
    KALE_TRY(auto info, disk.stat(plan.out / file["name"].get<std::string>()));
    if (!info || info->bytes != file["bytes"]) return none;
    report.files.push_back(file["name"]);
    report.bytes += info->bytes;
  }
  KALE_TRY(auto card, disk.stat(plan.out / kCard));
  if (!card) return none;
  return std::optional(report);
}

Card card_of(const PublishPlan& plan, Packed packed) {
  Card card;
  card.name = plan.options.name;
  card.licence = plan.options.licence;
  card.language = plan.options.language;
  card.statistics = std::move(packed.statistics);
  card.provenances = std::move(packed.provenances);
  for (const WrittenShard& shard : plan.shards)
    for (const auto& [reason, rows] : shard.reasons) card.reasons[reason] += rows;
  return card;
}

// From one dataset to the other in one change, so that nobody loads half of each.
Status swap_in(Disk& disk, const fs::path& out) {
  KALE_TRY(auto before, disk.stat(out / kConfig));
  if (!before) return disk.rename(out / kNewConfig, out / kConfig);
  KALE_OK(disk.exchange(out / kNewConfig, out / kConfig));
  return disk.remove_folder(out / kNewConfig);
}

}  // namespace

Result<PublishReport> publish(Disk& disk, const PublishPlan& plan) {
  std::string digest = inputs_digest(plan);
  KALE_TRY(auto before, published_before(disk, plan, digest));
  if (before) return *before;

  KALE_OK(disk.remove_folder(plan.out / kNewConfig));  // of a publish that was cut short
  KALE_OK(disk.make_folders(plan.out / kNewConfig));
  KALE_TRY(Packed packed, pack_parts(disk, plan.out, plan.shards, plan.out / kNewConfig,
                                     plan.options.file_megabytes * 1'000'000));
  PublishReport report;
  report.changed = true;
  report.rows = packed.statistics.rows;
  for (const PackedFile& file : packed.files) {
    report.files.push_back(fmt::format("{}/{}", kConfig, file.name));
    report.bytes += file.bytes;
  }
  std::string stamp = stamp_of(digest, report, packed).dump() + "\n";

  // The card first: without its `configs`, a loader would take parts and rejects for data.
  KALE_OK(write_whole_file(disk, plan.out / kCard, render_card(card_of(plan, std::move(packed)))));
  KALE_OK(swap_in(disk, plan.out));
  KALE_OK(disk.make_folders((plan.out / kStamp).parent_path()));
  KALE_OK(write_whole_file(disk, plan.out / kStamp, stamp));
  return report;
}

Result<std::vector<Row>> sample_rows(Disk& disk, const fs::path& out, std::int64_t count) {
  KALE_TRY(auto names, disk.list(out / kConfig));
  auto first = std::find_if(names.begin(), names.end(),
                            [](const std::string& name) { return name.ends_with(".parquet"); });
  if (first == names.end())
    return Error{Code::kNotFound, fmt::format("{} holds no published file; run `kale run` first",
                                              (out / kConfig).string())};
  KALE_TRY(auto reader, TableReader::open(disk, out / kConfig / *first, ""));
  KALE_TRY(auto batch, reader->next());
  std::vector<Row> sample;
  if (!batch) return sample;
  std::int64_t rows = static_cast<std::int64_t>(batch->rows.size());
  std::int64_t taken = std::min(count, rows);
  for (std::int64_t i = 0; i < taken; ++i)
    sample.push_back(
        std::move(batch->rows[static_cast<std::size_t>((2 * i + 1) * rows / (2 * taken))]));
  return sample;
}

}  // namespace kale
