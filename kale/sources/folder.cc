#include "kale/sources/folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <system_error>
#include <utility>

#include "kale/io/disk.h"
#include "kale/io/parquet/extras.h"
#include "kale/sources/checks.h"
#include "kale/sources/row_key.h"
#include "kale/sources/sidecar.h"
#include "kale/sources/walk.h"
#include "kale/text/utf8.h"

namespace kale {
namespace fs = std::filesystem;
namespace {

// Rows whose texts are read ahead together, so that they share one batch of extra columns.
constexpr std::size_t kBlockRows = 64;

std::string column_of(std::string_view language) {
  std::string name = "alt_text_" + std::string(language);
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '@' || c == '-'; }, '_');
  return name;
}

class FolderReader : public RowReader {
 public:
  FolderReader(const FolderOptions& options, fs::path root, const ShardSpec& shard, Columns wants)
      : options_(options), root_(std::move(root)), loads_images_(wants.has(Column::kImageBytes)) {
    for (const Slice& slice : shard.slices)
      for (std::int64_t i = 0; i < slice.rows; ++i)
        paths_.emplace_back(slice.path, slice.first_row + i);
    for (const std::string& language : options_.languages)
      extra_names_.push_back(column_of(language));
  }

  Result<std::optional<SourceRow>> next() override {
    if (block_.empty()) KALE_OK(read_block());
    if (block_.empty()) return std::optional<SourceRow>();
    Pending pending = std::move(block_.front());
    block_.pop_front();
    if (loads_images_ && std::holds_alternative<On>(pending.row.outcome))
      KALE_OK(load_image(pending.path, pending.row));
    return std::optional(std::move(pending.row));
  }

 private:
  struct Pending {
    SourceRow row;
    fs::path path;
  };

  Status read_block() {
    std::vector<std::vector<std::optional<std::string>>> translations;
    while (block_.size() < kBlockRows && !paths_.empty()) {
      auto [path, ordinal] = std::move(paths_.front());
      paths_.pop_front();
      SourceRow row = fresh_row(path, ordinal);
      auto& extras = translations.emplace_back(options_.languages.size());
      if (std::holds_alternative<On>(row.outcome)) KALE_OK(check_image(root_ / path, row));
      if (std::holds_alternative<On>(row.outcome)) KALE_OK(take_sidecar(root_ / path, row, extras));
      block_.push_back({std::move(row), root_ / path});
    }
    if (extra_names_.empty() || block_.empty()) return {};
    ExtrasPtr batch = make_text_extras(extra_names_, translations);
    for (std::size_t i = 0; i < block_.size(); ++i) {
      block_[i].row.row.extras = batch;
      block_[i].row.row.extras_row = static_cast<std::int64_t>(i);
    }
    return {};
  }

  SourceRow fresh_row(const std::string& path, std::int64_t ordinal) const {
    SourceRow fresh;
    Row& row = fresh.row;
    row.key = row_key(path, ordinal);
    row.path = path;
    row.filled = {Column::kKey, Column::kPath};
    if (!options_.licence.empty()) {
      row.licence = options_.licence;
      row.filled |= Columns{Column::kLicence};
    }
    if (!options_.attribution.empty()) {
      row.attribution = options_.attribution;
      row.filled |= Columns{Column::kAttribution};
    }
    if (!is_valid_utf8(path)) {
      row.path = shown_path(path);
      fresh.outcome = Dropped{Drop::kNotUtf8, "the name of the picture file"};
    }
    return fresh;
  }

  Status check_image(const fs::path& path, SourceRow& row) const {
    auto info = real_disk().stat(path);
    if (!info) {
      row.outcome = Failed{std::move(info).error()};
    } else if (!info->has_value()) {
      KALE_OK(check_folder(root_));
      row.outcome = Failed{
          Error{Code::kNotFound, fmt::format("{} was listed and has gone since", row.row.path)}};
    } else if (info->value().bytes > options_.bytes_max) {
      row.outcome = too_many_bytes(info->value().bytes, options_.bytes_max);
    }
    return {};
  }

  Status take_sidecar(fs::path path, SourceRow& row,
                      std::vector<std::optional<std::string>>& extras) const {
    path.replace_extension(options_.sidecar);
    auto bytes = read_inside(path, root_, options_.sidecar_bytes_max);
    if (!bytes) {
      if (bytes.error().code == Code::kNotFound) {
        KALE_OK(check_folder(root_));
        row.outcome = Dropped{Drop::kNoAltText, path.filename().string() + " is not there"};
      } else {
        row.outcome = unread(std::move(bytes).error());
      }
      return {};
    }
    Sidecar sidecar = parse_sidecar(*bytes, options_.languages);
    row.outcome = std::move(sidecar.outcome);
    row.row.alt_text = std::move(sidecar.alt_text);
    if (std::holds_alternative<On>(row.outcome)) row.row.filled |= Columns{Column::kAltText};
    extras = std::move(sidecar.translations);
    return {};
  }

  Status load_image(const fs::path& path, SourceRow& row) const {
    auto bytes = read_inside(path, root_, options_.bytes_max);
    if (bytes) {
      row.row.image_bytes = std::make_shared<const std::string>(std::move(bytes).value());
      row.row.filled |= Columns{Column::kImageBytes};
      return {};
    }
    if (bytes.error().code == Code::kNotFound) KALE_OK(check_folder(root_));
    row.outcome = unread(std::move(bytes).error());
    return {};
  }

  const FolderOptions& options_;
  fs::path root_;
  bool loads_images_;
  std::deque<std::pair<std::string, std::int64_t>> paths_;
  std::vector<std::string> extra_names_;
  std::deque<Pending> block_;
};

class Folder : public Source {
 public:
  Folder(FolderOptions options, fs::path root)
      : options_(std::move(options)), root_(std::move(root)) {}

  SourceTraits traits() const override {
    Columns provides{Column::kKey, Column::kPath, Column::kAltText, Column::kImageBytes};
    if (!options_.licence.empty()) provides |= Columns{Column::kLicence};
    if (!options_.attribution.empty()) provides |= Columns{Column::kAttribution};
    return {.name = "folder", .provides = provides, .revision = 2, .root = root_};
  }

  Status list(const std::function<Status(InputFile)>& take) override {
    KALE_TRY(auto files, walk(root_, options_.extensions));
    for (InputFile& file : choose(std::move(files), options_.include, options_.limit))
      KALE_OK(take(std::move(file)));
    return {};
  }

  Result<std::unique_ptr<RowReader>> open(const ShardSpec& shard, Columns wants) override {
    return std::unique_ptr<RowReader>(
        std::make_unique<FolderReader>(options_, root_, shard, wants));
  }

 private:
  const FolderOptions options_;
  const fs::path root_;
};

Status check_languages(const std::vector<std::string>& languages) {
  std::vector<std::string> columns;
  for (const std::string& language : languages) {
    bool plain = !language.empty() && std::all_of(language.begin(), language.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '@' || c == '-';
    });
    if (!plain)
      return Error{Code::kBadConfig,
                   fmt::format("languages: '{}' is no language code, such as de, pt_BR or "
                               "sr@latin",
                               language)};
    columns.push_back(column_of(language));
  }
  std::sort(columns.begin(), columns.end());
  auto twice = std::adjacent_find(columns.begin(), columns.end());
  if (twice != columns.end())
    return Error{Code::kBadConfig, fmt::format("languages: two of them make column {}", *twice)};
  return {};
}

}  // namespace

Result<std::unique_ptr<Source>> make_folder(FolderOptions options, const BuildContext& build) {
  if (options.path.empty())
    return Error{Code::kBadConfig, "the folder source needs a path: the folder of pictures"};
  if (options.extensions.empty())
    return Error{Code::kBadConfig, "extensions: name at least one, such as png"};
  KALE_OK(check_languages(options.languages));
  fs::path root = build.resolve(options.path);
  return std::unique_ptr<Source>(std::make_unique<Folder>(std::move(options), std::move(root)));
}

}  // namespace kale
