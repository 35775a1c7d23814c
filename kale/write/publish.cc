#include "kale/write/publish.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "kale/io/digest.h"
#include "kale/write/card.h"
#include "kale/write/pack.h"
#include "kale/write/publish_stamp.h"

namespace kale {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kCard = "README.md";

fs::path folder_of(const PublishPlan& plan, const FormatInfo& format) {
  return plan.out / format.folder;
}
fs::path aside_of(const PublishPlan& plan, const FormatInfo& format) {
  return plan.out / (std::string(format.folder) + ".aside");
}

bool names(const std::vector<PublishedFormat>& formats, const FormatInfo& info) {
  return std::any_of(formats.begin(), formats.end(),
                     [&](const PublishedFormat& format) { return format.name == info.name; });
}

Result<std::vector<const FormatInfo*>> wanted_formats(const PublishOptions& options) {
  std::vector<const FormatInfo*> wanted;
  std::size_t known = 0;
  for (const FormatInfo& info : format_table()) {
    auto times = std::count(options.formats.begin(), options.formats.end(), info.name);
    if (times > 0) wanted.push_back(&info);
    known += static_cast<std::size_t>(times);
  }
  if (wanted.empty() || known != options.formats.size())
    return Error{Code::kBadConfig,
                 fmt::format("publish.formats is [{}]; name one or more of {}",
                             fmt::join(options.formats, ", "), fmt::join(format_names(), ", "))};
  return wanted;
}

// Everything that the published bytes depend on.
std::string inputs_digest(const PublishPlan& plan, const std::vector<const FormatInfo*>& wanted) {
  Digest digest;
  digest.add(KALE_VERSION).add(card_template());
  const PublishOptions& options = plan.options;
  digest.add(options.name).add(options.licence).add(options.language).add(options.file_megabytes);
  digest.add(options.image_bytes ? 1 : 0).add(std::ssize(wanted));
  for (const FormatInfo* format : wanted) digest.add(format->name).add(format->card);
  for (const WrittenShard& shard : plan.shards) {
    for (const WrittenFile* file : {&shard.part, &shard.rejects})
      digest.add(file->name).add(file->rows).add(file->digest);
    for (const auto& [reason, rows] : shard.reasons) digest.add(reason).add(rows);
  }
  return digest.hex();
}

// All that the stamp names is there. Of formats with a file for every row only the folder is asked
// for: looking at each would take as long as publishing.
Result<bool> still_there(Disk& disk, const PublishPlan& plan, const PublishReport& report) {
  for (const PublishedFile& file : report.files) {
    KALE_TRY(auto info, disk.stat(plan.out / file.name));
    if (!info || info->bytes != file.bytes) return false;
  }
  for (const PublishedFormat& format : report.formats) {
    KALE_TRY(auto info, disk.stat(plan.out / format.folder));
    if (!info || !info->is_folder) return false;
  }
  KALE_TRY(auto card, disk.stat(plan.out / kCard));
  return card.has_value();
}

Card card_of(const PublishPlan& plan, const std::vector<const FormatInfo*>& wanted, Packed packed) {
  Card card;
  card.name = plan.options.name;
  card.licence = plan.options.licence;
  card.language = plan.options.language;
  card.image_bytes = plan.options.image_bytes;
  card.pictures_not_raster = packed.pictures_not_raster;
  card.formats = wanted;
  card.statistics = std::move(packed.statistics);
  card.provenances = std::move(packed.provenances);
  for (const WrittenShard& shard : plan.shards)
    for (const auto& [reason, rows] : shard.reasons) card.reasons[reason] += rows;
  return card;
}

// Every wanted format into its folder aside.
Result<Packed> write_aside(Disk& disk, const PublishPlan& plan,
                           const std::vector<const FormatInfo*>& wanted, PublishReport& report) {
  const PublishOptions& options = plan.options;
  KALE_CHECK(!options.image_bytes || plan.open_shard, "pictures need a source");
  KALE_TRY(TableSpec columns, published_columns(disk, plan.out, plan.shards, options.image_bytes));
  std::vector<FormatWork> works;
  works.reserve(wanted.size());  // writers refer to them
  std::vector<std::unique_ptr<FormatWriter>> writers;
  for (const FormatInfo* format : wanted) {
    fs::path aside = aside_of(plan, *format);
    KALE_OK(disk.make_folders(aside));
    works.push_back(
        {disk, aside, columns, options.file_megabytes * 1'000'000, options.image_bytes});
    KALE_TRY(auto writer, format->make(works.back()));
    writers.push_back(std::move(writer));
  }
  std::optional<PictureReader> pictures;
  if (options.image_bytes) pictures.emplace(plan.open_shard);
  KALE_TRY(Packed packed,
           pack_parts(disk, plan.out, plan.shards, pictures ? &*pictures : nullptr, writers));
  report.rows = packed.statistics.rows;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    KALE_TRY(FormatFiles files, writers[i]->finish());
    const std::string folder(wanted[i]->folder);
    for (PublishedFile& file : files.few)
      report.files.push_back({fmt::format("{}/{}", folder, file.name), file.bytes});
    report.formats.push_back({std::string(wanted[i]->name), folder, files.files, files.bytes});
  }
  return packed;
}

// From one folder to the other in one change, so that nobody loads half of each.
Status swap_in(Disk& disk, const fs::path& aside, const fs::path& folder) {
  KALE_TRY(auto before, disk.stat(folder));
  if (!before) return disk.rename(aside, folder);
  KALE_OK(disk.exchange(aside, folder));
  return disk.remove_folder(aside);
}

// A wanted folder is new, empty, or of the last publish. With a damaged stamp nobody can tell what
// was published; that a publish was here is then enough.
Status check_ours(Disk& disk, const fs::path& out, const PublishStamp& last,
                  const std::vector<const FormatInfo*>& wanted) {
  if (last.damaged) return {};
  for (const FormatInfo* format : wanted) {
    if (names(last.report.formats, *format)) continue;
    const fs::path folder = out / format->folder;
    KALE_TRY(auto there, disk.stat(folder));
    if (!there) continue;
    std::vector<std::string> held;
    if (there->is_folder) {
      KALE_TRY(held, disk.list(folder));
      if (held.empty()) continue;
    }
    return Error{Code::kBadConfig,
                 fmt::format("{}{} is not of kale's making, and publishing as {} would replace it; "
                             "move it away, or leave {} out of publish.formats",
                             folder.string(),
                             held.empty() ? "" : fmt::format(" (it holds {})", held.front()),
                             format->name, format->name)};
  }
  return {};
}

// A format that is no longer asked for would go on holding older captions, which the card does not
// tell of. Only what we published goes: another folder of such a name is not ours.
Status take_away(Disk& disk, const fs::path& aside, const fs::path& folder) {
  KALE_TRY(auto there, disk.stat(folder));
  if (!there) return {};
  KALE_OK(disk.rename(folder, aside));
  return disk.remove_folder(aside);
}

}  // namespace

Status check_publish(const PublishOptions& options) {
  auto wanted = wanted_formats(options);
  return wanted ? Status() : std::move(wanted).error();
}

Status check_places(Disk& disk, const fs::path& out, const PublishOptions& options) {
  KALE_TRY(auto wanted, wanted_formats(options));
  return check_ours(disk, out, read_stamp(disk, out), wanted);
}

Result<PublishReport> publish(Disk& disk, const PublishPlan& plan) {
  KALE_TRY(auto wanted, wanted_formats(plan.options));
  const std::string digest = inputs_digest(plan, wanted);
  PublishStamp last = read_stamp(disk, plan.out);
  if (last.digest == digest) {
    KALE_TRY(bool there, still_there(disk, plan, last.report));
    if (there) return std::move(last.report);
  }
  KALE_OK(check_ours(disk, plan.out, last, wanted));

  for (const FormatInfo& info : format_table())  // of a publish that was cut short
    KALE_OK(disk.remove_folder(aside_of(plan, info)));
  PublishStamp stamp;
  stamp.report.changed = true;
  KALE_TRY(Packed packed, write_aside(disk, plan, wanted, stamp.report));

  // From here on old and new may stand side by side: a stamp without a digest says so, and names
  // the folders of both.
  PublishStamp under_way = stamp;
  under_way.report.files.clear();
  for (const PublishedFormat& format : last.report.formats)
    under_way.report.formats.push_back(format);
  KALE_OK(write_stamp(disk, plan.out, under_way));
  // The card first: without its `configs`, a loader would take parts and rejects for data.
  const Card card = card_of(plan, wanted, std::move(packed));
  KALE_OK(write_whole_file(disk, plan.out / kCard, render_card(card)));
  for (const FormatInfo& info : format_table()) {
    if (names(stamp.report.formats, info))
      KALE_OK(swap_in(disk, aside_of(plan, info), folder_of(plan, info)));
    else if (names(last.report.formats, info)) {
      KALE_OK(take_away(disk, aside_of(plan, info), folder_of(plan, info)));
      stamp.report.removed.emplace_back(info.folder);
    }
  }
  stamp.digest = digest;
  KALE_OK(write_stamp(disk, plan.out, stamp));
  return std::move(stamp.report);
}

}  // namespace kale
