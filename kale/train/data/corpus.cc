#include "kale/train/data/corpus.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "kale/core/build.h"
#include "kale/io/digest.h"
#include "kale/io/disk.h"
#include "kale/sources/table.h"
#include "kale/sources/table_files.h"
#include "kale/sources/webdataset.h"

namespace kale {
namespace fs = std::filesystem;
namespace {

// Rows of a parquet file are found without reading those before them; others are read through.
constexpr std::int64_t kBlockRowsNear = 64;
constexpr std::int64_t kBlockRowsFar = 1024;

class NoExecutor : public Executor {
 public:
  void post(std::function<void()>) override { KALE_CHECK(false, "a source computes by itself"); }
};

bool is_folder(const fs::path& path) {
  std::error_code code;
  return fs::is_directory(path, code);
}

// Tables before tars where a run published both.
fs::path data_below(const fs::path& path) {
  const fs::path tables = published_tables(path);
  return tables == path && is_folder(path / "webdataset") ? path / "webdataset" : tables;
}

Result<bool> holds_tars(const fs::path& path) {
  if (!is_folder(path)) return is_tar(path);
  KALE_TRY(auto names, real_disk().list(path));
  return std::any_of(names.begin(), names.end(),
                     [](const std::string& name) { return is_tar(name); });
}

std::string reason_of(const Outcome& outcome) {
  if (const auto* dropped = std::get_if<Dropped>(&outcome))
    return fmt::format("{} ({})", drop_name(dropped->reason), dropped->detail);
  if (const auto* failed = std::get_if<Failed>(&outcome)) return failed->error.message;
  return "not wanted";
}

}  // namespace

Result<std::unique_ptr<Corpus>> Corpus::open(const CorpusOptions& options, const fs::path& folder) {
  std::unique_ptr<Corpus> corpus(new Corpus(options, std::make_unique<NoExecutor>()));
  KALE_OK(corpus->make_source(folder));
  KALE_OK(corpus->cut_blocks());
  return corpus;
}

Status Corpus::make_source(const fs::path& folder) {
  BuildContext build{.cpu = *executor_, .recipe_dir = folder, .engine = {}};
  const fs::path given = build.resolve(options_.path);
  std::error_code code;
  if (options_.path.empty() || !fs::exists(given, code))
    return Error{Code::kNotFound,
                 fmt::format("{} is not there; name the output folder of a run whose recipe has "
                             "publish.image_bytes: true, a world, or tables or tars of pictures "
                             "with captions",
                             options_.path.empty() ? "data.train" : given.string())};
  const fs::path path = data_below(given);
  KALE_TRY(const bool tars, holds_tars(path));
  if (tars) {
    WebdatasetOptions tar;
    tar.path = path.string();
    tar.alt_text_field = "";  // in what kale publishes the text beside a picture is its caption
    tar.columns.alt_text = options_.alt_text_columns;
    KALE_TRY(source_, make_webdataset(std::move(tar), build));
    return {};
  }
  TableOptions table;
  table.path = path.string();
  table.columns.alt_text = options_.alt_text_columns;
  table.alt_text_required = false;
  table.images_root = options_.images_root;
  if (is_folder(path)) table.include = table_globs();
  KALE_TRY(source_, make_table(std::move(table), build));
  return {};
}

Status Corpus::cut_blocks() {
  Digest digest;
  const Status listed = source_->list([&](InputFile file) -> Status {
    if (file.rows == InputFile::kUncounted) {
      KALE_TRY(file.rows, source_->count(file));
    }
    digest.add(file.path).add(file.rows).add(file.bytes);
    const std::int64_t most = file.path.ends_with(".parquet") ? kBlockRowsNear : kBlockRowsFar;
    for (std::int64_t first = 0; first < file.rows; first += most) {
      std::int64_t rows = std::min(most, file.rows - first);
      if (options_.rows_max > 0) rows = std::min(rows, options_.rows_max - rows_);
      if (rows <= 0) break;
      blocks_.push_back({file.path, first, rows, file.bytes * rows / file.rows});
      rows_ += rows;
    }
    return {};
  });
  KALE_OK(listed);
  digest_ = digest.hex();
  if (rows_ == 0)
    return Error{Code::kNotFound, fmt::format("{} holds no rows to learn from", options_.path)};
  return {};
}

// Of an extra column; nothing for null and for what is no text.
std::string Corpus::text_of(const Row& row, std::size_t column) {
  const nlohmann::ordered_json value = extras_.value(row, column);
  return value.is_string() ? value.get<std::string>() : std::string();
}

Result<Pair> Corpus::pair_of(SourceRow source) {
  Row& row = source.row;
  if (!std::holds_alternative<On>(source.outcome))
    return Error{Code::kCorrupt, reason_of(source.outcome)};
  std::string caption = text_of(row, 0);
  if (caption.empty())
    return Error{Code::kCorrupt, fmt::format("no text in column {}", options_.caption_column)};
  if (row.image_bytes == nullptr) return Error{Code::kCorrupt, "no picture"};
  return Pair{.key = std::move(row.key),
              .alt_text = std::move(row.alt_text),
              .caption = std::move(caption),
              .truth = text_of(row, 1),
              .image_bytes = std::move(row.image_bytes)};
}

Result<Block> Corpus::read(std::size_t index) {
  ShardSpec shard{.index = static_cast<std::int64_t>(index), .slices = {blocks_[index]}};
  KALE_TRY(auto reader, source_->open(shard, {Column::kAltText, Column::kImageBytes}));
  Block block;
  for (;;) {
    KALE_TRY(auto row, reader->next());
    if (!row) return block;
    std::string path = row->row.path;
    auto pair = pair_of(std::move(*row));
    if (pair) {
      block.pairs.push_back(std::move(*pair));
    } else if (block.unusable++ == 0) {
      block.first_reason = fmt::format("{}: {}", path, pair.error().message);
    }
  }
}

}  // namespace kale
