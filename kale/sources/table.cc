#include "kale/sources/table.h"

#include <array>
#include <filesystem>
#include <optional>
#include <utility>

#include "kale/sources/checks.h"
#include "kale/sources/parked.h"
#include "kale/sources/table_files.h"
#include "kale/sources/table_row.h"

namespace kale {
namespace fs = std::filesystem;
namespace {

RoleNames role_names(const TableOptions& options) {
  RoleNames names;
  auto set = [&](Role role, const std::vector<std::string>& columns) {
    names[static_cast<std::size_t>(role)] = columns;
  };
  set(Role::kCaptionDense, options.caption_dense_columns);
  set(Role::kAltText, options.columns.alt_text);
  set(Role::kImage, options.columns.image);
  set(Role::kImagePath, options.columns.image_path);
  set(Role::kUrl, options.columns.url);
  set(Role::kUid, options.columns.uid);
  set(Role::kLicence, options.columns.licence);
  set(Role::kAttribution, options.columns.attribution);
  return names;
}

using TableCursor = Cursor<RecordReader>;

// What a source and its readers share; a reader may outlive neither.
struct Shared {
  TableOptions options;
  TablePlace place;
  fs::path images_root;  // empty: beside the tables
  TableLimits limits;
  // At the second place those that read pictures too: a reader does or does not from its start.
  std::array<Parked<RecordReader>, 2> parked;
};

class TableRows : public RowReader {
 public:
  TableRows(Shared& shared, ShardSpec shard, bool images)
      : shared_(shared),
        maker_(shared.options, shared.place.folder, shared.images_root),
        shard_(std::move(shard)),
        images_(images) {}

  Result<std::optional<SourceRow>> next() override {
    while (slice_ < shard_.slices.size() && row_ == shard_.slices[slice_].rows) next_slice();
    if (slice_ == shard_.slices.size()) return std::optional<SourceRow>();
    const Slice& slice = shard_.slices[slice_];
    if (!cursor_ && !unopened_) KALE_OK(open_slice(slice));
    std::int64_t ordinal = slice.first_row + row_;
    std::optional<Record> record;
    if (unopened_) {
      record.emplace().error = unopened_;
    } else {
      KALE_TRY(record, cursor_->reader->next());
    }
    if (!record) return std::optional<SourceRow>();  // fewer rows than were frozen
    ++row_;
    if (cursor_) ++cursor_->row;
    auto made = maker_.row(std::move(*record), slice.path, ordinal, images_);
    // At once: who reads the next shard may come before this reader is gone.
    if (made && row_ == slice.rows) next_slice();
    return made;
  }

 private:
  void next_slice() {
    if (cursor_) shared_.parked[images_].park(std::move(*cursor_));
    cursor_.reset();
    unopened_.reset();
    row_ = 0;
    ++slice_;
  }

  Status open_slice(const Slice& slice) {
    cursor_ = shared_.parked[images_].take(slice.path, slice.first_row);
    if (!cursor_) {
      RecordWants wants{role_names(shared_.options), images_};
      auto reader =
          open_table(shared_.place.folder / slice.path, slice.path, wants, shared_.limits);
      if (!reader) {
        KALE_OK(check_folder(shared_.place.folder));
        if (reader.error().code == Code::kIo) return std::move(reader).error();
        unopened_ = std::move(reader).error();
        if (unopened_->code == Code::kNotFound)
          unopened_->message = slice.path + " was listed and has gone since";
        return {};
      }
      cursor_ = TableCursor{slice.path, 0, std::move(*reader)};
    }
    KALE_TRY(std::int64_t passed, cursor_->reader->skip(slice.first_row - cursor_->row));
    cursor_->row += passed;
    cursor_->reader->begin(slice.rows);
    return {};
  }

  Shared& shared_;
  TableRowMaker maker_;
  ShardSpec shard_;
  bool images_;
  std::size_t slice_ = 0;
  std::int64_t row_ = 0;  // of the slice
  std::optional<TableCursor> cursor_;
  std::optional<Error> unopened_;  // why the slice's file cannot be opened
};

class Table : public Source {
 public:
  Table(TableOptions options, TablePlace place, fs::path images_root)
      : shared_{std::move(options), std::move(place), std::move(images_root), {}, {}} {
    shared_.limits = {shared_.options.record_bytes_max, shared_.options.file_rows_max};
  }

  SourceTraits traits() const override {
    Columns provides{Column::kKey,     Column::kPath,        Column::kUrl,       Column::kAltText,
                     Column::kLicence, Column::kAttribution, Column::kImageBytes};
    if (!shared_.options.caption_dense_columns.empty())
      provides |= Columns{Column::kCaptionDense, Column::kDescribedBy};
    return {.name = "table",
            .provides = provides,
            .revision = 2,
            .root = shared_.place.only.empty() ? shared_.place.folder : fs::path()};
  }

  Status list(const std::function<Status(InputFile)>& take) override {
    KALE_TRY(auto files,
             list_tables(shared_.place, shared_.options.include, shared_.options.limit));
    for (InputFile& file : files) KALE_OK(take(std::move(file)));
    return {};
  }

  Result<std::int64_t> count(const InputFile& file) override {
    return count_table(shared_.place.folder / file.path, shared_.limits);
  }

  Result<std::unique_ptr<RowReader>> open(const ShardSpec& shard, Columns wants) override {
    return std::unique_ptr<RowReader>(
        std::make_unique<TableRows>(shared_, shard, wants.has(Column::kImageBytes)));
  }

 private:
  Shared shared_;
};

}  // namespace

void TableOptions::visit(OptionVisitor& v) {
  auto frozen = Affects::kSpeedOnly;
  v.field({.name = "path", .help = "one table, or a folder of tables", .affects = frozen}, path);
  v.field({.name = "include",
           .help = "folders or globs of tables to list, in order of priority; empty: all",
           .affects = frozen},
          include);
  v.field({.name = "limit", .help = "files listed at most; 0: all", .affects = frozen, .min = 0},
          limit);
  v.field({.name = "file_rows_max",
           .help = "rows taken of each file at most, from its start; 0: all",
           .affects = frozen,
           .min = 0},
          file_rows_max);
  v.field({.name = "images_root",
           .help = "folder where paths of pictures start; empty: the folder of the table"},
          images_root);
  columns.visit(v);
  v.field({.name = "caption_dense_columns",
           .help = "names of the column that holds a caption already made, in place of describe"},
          caption_dense_columns);
  v.field({.name = "alt_text_required", .help = "whether rows without alt-text are dropped"},
          alt_text_required);
  v.field({.name = "licence", .help = "licence of pictures whose row names none"}, licence);
  v.field({.name = "attribution", .help = "whom to name for pictures whose row names nobody"},
          attribution);
  v.field({.name = "bytes_max", .help = "largest picture, in bytes", .min = 1}, bytes_max);
  v.field({.name = "text_bytes_max", .help = "longest alt-text, in bytes", .min = 1},
          text_bytes_max);
  v.field({.name = "record_bytes_max",
           .help = "longest line or CSV row, in bytes",
           .min = 1,
           .max = 1 << 30},
          record_bytes_max);
}

Result<std::unique_ptr<Source>> make_table(TableOptions options, const BuildContext& build) {
  if (options.path.empty())
    return Error{Code::kBadConfig, "the table source needs a path: a table, or a folder of them"};
  TablePlace place = table_place(build.resolve(options.path));
  fs::path images_root =
      options.images_root.empty() ? fs::path() : build.resolve(options.images_root);
  return std::unique_ptr<Source>(
      std::make_unique<Table>(std::move(options), std::move(place), std::move(images_root)));
}

}  // namespace kale
