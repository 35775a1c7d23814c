#include "kale/sources/webdataset.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <deque>
#include <filesystem>
#include <utility>

#include "kale/core/ascii.h"
#include "kale/io/disk.h"
#include "kale/io/parquet/json_extras.h"
#include "kale/sources/checks.h"
#include "kale/sources/parked.h"
#include "kale/sources/sample_row.h"
#include "kale/sources/samples.h"
#include "kale/sources/walk.h"

namespace kale {
namespace fs = std::filesystem;
namespace {

// Rows that share one batch of extra columns.
constexpr std::size_t kBlockRows = 64;
constexpr std::int64_t kBlockBytes = std::int64_t{8} << 20;

constexpr std::array<std::string_view, 10> kTarEndings{
    ".tar", ".tar.gz", ".tgz", ".tar.zst", ".tzst", ".tar.xz", ".txz", ".tar.bz2", ".tbz2", ".tbz"};

using TarCursor = Cursor<SampleReader>;

struct Shared {
  WebdatasetOptions options;
  fs::path root;
  bool one_tar = false;  // the user named it, wherever a link leads
  SampleFields fields;
  Parked<SampleReader> parked;

  bool leads_out(const std::string& tar) const {
    return !one_tar && leads_outside(root / tar, root);
  }

  Result<std::unique_ptr<SampleReader>> open(const std::string& tar) const {
    fs::path path = root / tar;
    if (leads_out(tar))
      return Error{Code::kIo,
                   path.string() + " is a link that leaves the folder; put the file itself there"};
    auto file = real_disk().open(path);
    if (!file) return std::move(file).error();
    return std::make_unique<SampleReader>(std::move(file).value(), harmless_name(tar), fields);
  }

  // Why a tar could not be opened is its rows' where it has gone or leads out of the folder; a disk
  // that does not answer, or a folder that has gone, ends the run.
  Status check_unopened(const std::string& tar, const Error& error) const {
    KALE_OK(check_folder(root));
    return error.code == Code::kIo && !leads_out(tar) ? Status(error) : Status();
  }
};

class WebdatasetReader : public RowReader {
 public:
  WebdatasetReader(Shared& shared, const ShardSpec& shard, Columns wants)
      : shared_(shared),
        wants_{wants.has(Column::kImageBytes), true},
        slices_(shard.slices.begin(), shard.slices.end()) {}

  Result<std::optional<SourceRow>> next() override {
    if (block_.empty()) KALE_OK(read_block());
    if (block_.empty()) return std::optional<SourceRow>();
    SourceRow row = std::move(block_.front());
    block_.pop_front();
    return std::optional(std::move(row));
  }

 private:
  // The same rows make the same blocks whether their pictures are read or not.
  Status read_block() {
    std::vector<nlohmann::json> extras;
    std::int64_t bytes = 0;
    while (block_.size() < kBlockRows && bytes < kBlockBytes && !slices_.empty()) {
      if (!cursor_.reader) KALE_OK(open_slice());
      const std::int64_t number = cursor_.row;
      if (!cursor_.reader) {
        block_.push_back(unreached_row(cursor_.path, number, *unopened_));
        extras.emplace_back();
      } else {
        KALE_TRY(auto sample, cursor_.reader->next(wants_));
        if (!sample) return Status{};  // fewer than were counted: the runner says so
        bytes += sample->bytes;
        SampleRow made = make_sample_row(std::move(*sample), cursor_.path, number, shared_.options);
        block_.push_back(std::move(made.row));
        extras.push_back(std::move(made.extras));
      }
      ++cursor_.row;
      if (cursor_.row == slices_.front().first_row + slices_.front().rows) close_slice();
    }
    ExtrasPtr batch = columns_.batch(extras);
    for (std::size_t i = 0; batch && i < block_.size(); ++i) {
      block_[i].row.extras = batch;
      block_[i].row.extras_row = static_cast<std::int64_t>(i);
    }
    return {};
  }

  // Leaves the cursor without a reader where the tar cannot be opened.
  Status open_slice() {
    const Slice& slice = slices_.front();
    if (unopened_ && cursor_.path == slice.path) return {};
    unopened_.reset();
    if (auto parked = shared_.parked.take(slice.path, slice.first_row)) {
      cursor_ = std::move(*parked);
    } else {
      cursor_ = TarCursor{slice.path, 0, nullptr};
      auto opened = shared_.open(slice.path);
      if (opened) {
        cursor_.reader = std::move(opened).value();
      } else {
        KALE_OK(shared_.check_unopened(slice.path, opened.error()));
        unopened_ = std::move(opened).error();
        cursor_.row = slice.first_row;
      }
    }
    for (; cursor_.reader && cursor_.row < slice.first_row; ++cursor_.row) {
      KALE_TRY(auto passed, cursor_.reader->next({}));
      if (!passed) break;
    }
    return {};
  }

  void close_slice() {
    if (cursor_.reader) shared_.parked.park(std::move(cursor_));
    cursor_ = {};
    unopened_.reset();
    slices_.pop_front();
  }

  Shared& shared_;
  SampleWants wants_;
  std::deque<Slice> slices_;
  TarCursor cursor_;               // in slices_.front()
  std::optional<Error> unopened_;  // why cursor_.reader is null
  JsonExtras columns_;
  std::deque<SourceRow> block_;
};

class Webdataset : public Source {
 public:
  Webdataset(WebdatasetOptions options, fs::path path) : path_(std::move(path)) {
    shared_.fields = {options.image_fields, options.alt_text_field, options.json_field,
                      options.bytes_max, options.text_bytes_max};
    shared_.options = std::move(options);
    std::error_code code;
    shared_.one_tar = fs::is_regular_file(path_, code);
    shared_.root = shared_.one_tar ? path_.parent_path() : path_;
  }

  SourceTraits traits() const override {
    return {.name = "webdataset",
            .provides = {Column::kKey, Column::kPath, Column::kUrl, Column::kAltText,
                         Column::kLicence, Column::kAttribution, Column::kImageBytes},
            .revision = 2,
            .root = shared_.one_tar ? fs::path() : path_};
  }

  Status list(const std::function<Status(InputFile)>& take) override {
    std::vector<InputFile> tars;
    if (shared_.one_tar) {
      KALE_TRY(auto info, real_disk().stat(path_));
      if (!info) return Error{Code::kNotFound, path_.string() + " has gone; bring it back"};
      tars.push_back({path_.filename().string(), InputFile::kUncounted, info->bytes});
    } else {
      std::vector<std::string> last_endings;
      for (std::string_view ending : kTarEndings)
        last_endings.emplace_back(ending.substr(ending.rfind('.') + 1));
      KALE_TRY(auto files, walk(shared_.root, last_endings));
      std::erase_if(files, [](const InputFile& file) { return !is_tar(file.path); });
      tars = choose(std::move(files), shared_.options.include, shared_.options.limit);
    }
    for (InputFile& tar : tars) {
      tar.rows = InputFile::kUncounted;
      KALE_OK(take(std::move(tar)));
    }
    return {};
  }

  Result<std::int64_t> count(const InputFile& tar) override {
    auto samples = shared_.open(tar.path);
    if (!samples) {
      KALE_OK(shared_.check_unopened(tar.path, samples.error()));
      return std::int64_t{1};
    }
    for (std::int64_t rows = 0;; ++rows) {
      KALE_TRY(auto sample, (*samples)->next({}));
      if (!sample) return rows;
    }
  }

  Result<std::unique_ptr<RowReader>> open(const ShardSpec& shard, Columns wants) override {
    return std::unique_ptr<RowReader>(std::make_unique<WebdatasetReader>(shared_, shard, wants));
  }

 private:
  const fs::path path_;
  Shared shared_;
};

Status check_options(const WebdatasetOptions& options) {
  if (options.path.empty())
    return Error{Code::kBadConfig, "the webdataset source needs a path: a tar or a folder of tars"};
  if (options.image_fields.empty())
    return Error{Code::kBadConfig, "image_fields: name at least one, such as jpg"};
  std::vector<std::string> fields = options.image_fields;
  fields.push_back(options.alt_text_field);
  fields.push_back(options.json_field);
  for (const std::string& field : fields)
    if (std::any_of(field.begin(), field.end(), [](char c) { return c >= 'A' && c <= 'Z'; }))
      return Error{Code::kBadConfig,
                   fmt::format("field {}: fields are written in lower case", field)};
  std::sort(fields.begin(), fields.end());
  auto twice = std::adjacent_find(fields.begin(), fields.end());
  if (twice != fields.end())
    return Error{Code::kBadConfig, fmt::format("field {} stands for two things", *twice)};
  return {};
}

}  // namespace

bool is_tar(const fs::path& path) {
  std::string name = lower_ascii(path.filename().string());
  return std::any_of(kTarEndings.begin(), kTarEndings.end(),
                     [&](std::string_view ending) { return name.ends_with(ending); });
}

Result<std::unique_ptr<Source>> make_webdataset(WebdatasetOptions options,
                                                const BuildContext& build) {
  KALE_OK(check_options(options));
  fs::path path = build.resolve(options.path).lexically_normal();
  return std::unique_ptr<Source>(std::make_unique<Webdataset>(std::move(options), std::move(path)));
}

}  // namespace kale
