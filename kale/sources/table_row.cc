#include "kale/sources/table_row.h"

#include <fmt/format.h>

#include <utility>

#include "kale/sources/checks.h"
#include "kale/sources/row_fill.h"
#include "kale/sources/row_key.h"
#include "kale/sources/sidecar.h"
#include "kale/sources/table.h"
#include "kale/sources/table_files.h"
#include "kale/text/utf8.h"

namespace kale {
namespace fs = std::filesystem;
namespace {

// PATH_MAX of Linux. What is longer is no path but, say, a picture in base64, and would stand in
// every message about its row.
constexpr std::size_t kPicturePathBytesMax = 4096;

bool is_url(std::string_view text) {
  return text.starts_with("http://") || text.starts_with("https://");
}

// `path` below `root`, by their names alone; empty where it leads out.
fs::path below(const fs::path& path, const fs::path& root) {
  fs::path relative = path.lexically_normal().lexically_relative(root.lexically_normal());
  bool inside = !relative.empty() && *relative.begin() != ".." && relative != ".";
  return inside ? relative : fs::path();
}

std::optional<std::string> given(const std::optional<std::string>& text) {
  return text ? kale::given(*text) : std::nullopt;
}

// Relative, and each of its parts a name: what stands behind a folder as it stands here.
bool is_plain(std::string_view path) {
  for (;;) {
    const std::size_t end = path.find('/');
    const std::string_view part = path.substr(0, end);
    if (part.empty() || part == "." || part == "..") return false;
    if (end == std::string_view::npos) return true;
    path.remove_prefix(end + 1);
  }
}

void start(SourceRow& row, const std::string& file, std::int64_t ordinal) {
  row.row.key = row_key(file, ordinal);
  row.row.path = fmt::format("{}#{}", file, ordinal);
  row.row.filled = {Column::kKey, Column::kPath};
  if (is_valid_utf8(file)) return;
  row.row.path = fmt::format("{}#{}", shown_path(file), ordinal);
  row.outcome = Dropped{Drop::kNotUtf8, "the name of the table"};
}

}  // namespace

// Where the picture lies, if it is a file.
struct TableRowMaker::Picture {
  std::string text;  // as the table has it; empty: no file
  const TableBeginning& beginning;
  std::string shown;  // empty: the path leads out of the root

  fs::path path() const { return beginning.folder / text; }  // slow, and often not asked for
};

const TableBeginning& TableRowMaker::beginning_of(const std::string& file) {
  if (beginning_ && beginning_->file == file) return *beginning_;
  beginning_.emplace();
  beginning_->file = file;
  beginning_->is_list = table_format(file) == TableFormat::kPlaces;
  beginning_->folder = images_root_.empty() ? (root_ / file).parent_path() : images_root_;
  constexpr std::string_view kName = "x";
  beginning_->shown = below(beginning_->folder / kName, inside()).string();
  beginning_->inside = !beginning_->shown.empty();
  if (beginning_->inside) beginning_->shown.resize(beginning_->shown.size() - kName.size());
  return *beginning_;
}

TableRowMaker::Picture TableRowMaker::find_picture(Record& record, const std::string& file) {
  Picture picture{"", beginning_of(file), ""};
  auto beside_bytes = given(record.text(Role::kImage));
  auto place = beside_bytes ? beside_bytes : given(record.text(Role::kImagePath));
  if (!place) return picture;
  if (is_url(*place)) {
    if (!given(record.text(Role::kUrl))) record.text(Role::kUrl) = *place;
    return picture;
  }
  picture.text = std::move(*place);
  // `datasets` keeps the name that a picture had, not a place where it could be found.
  const bool plain = is_plain(picture.text);
  if (record.image)
    picture.shown = plain ? picture.text : below(picture.text, "").string();
  else if (plain && picture.beginning.inside)
    picture.shown = picture.beginning.shown + picture.text;
  else
    picture.shown = below(picture.path(), inside()).string();
  return picture;
}

void TableRowMaker::take_texts(Record& record, SourceRow& row) const {
  Row& out = row.row;
  fill(out, Column::kUrl, &Row::url, given(record.text(Role::kUrl)));
  fill(out, Column::kLicence, &Row::licence, given(record.text(Role::kLicence)));
  fill(out, Column::kAttribution, &Row::attribution, given(record.text(Role::kAttribution)));
  fill_defaults(out, options_.licence, options_.attribution);
  auto dense = given(record.text(Role::kCaptionDense));
  if (!dense) return;
  if (static_cast<std::int64_t>(dense->size()) > options_.text_bytes_max) {
    row.outcome = too_many_bytes(static_cast<std::int64_t>(dense->size()), options_.text_bytes_max);
  } else if (!is_valid_utf8(*dense)) {
    row.outcome = Dropped{Drop::kNotUtf8, "the dense caption"};
  } else {
    fill(out, Column::kCaptionDense, &Row::caption_dense, std::move(dense));
    fill(out, Column::kDescribedBy, &Row::described_by, "input");
  }
}

void TableRowMaker::take_alt_text(Record& record, SourceRow& row) const {
  auto& text = record.text(Role::kAltText);
  std::string_view alt_text = text ? trim(*text) : std::string_view();
  if (alt_text.empty() && !options_.alt_text_required) return;
  if (!text) {
    row.outcome =
        Dropped{Drop::kNoAltText, fmt::format("no value in a column of alt_text_columns "
                                              "({})",
                                              fmt::join(options_.columns.alt_text, ", "))};
    return;
  }
  auto bytes = static_cast<std::int64_t>(alt_text.size());
  row.outcome = bytes > options_.text_bytes_max ? too_many_bytes(bytes, options_.text_bytes_max)
                                                : check_alt_text(alt_text, "the alt-text");
  if (is_on(row)) fill(row.row, Column::kAltText, &Row::alt_text, std::string(alt_text));
}

// In a list of paths, the text beside a picture is its alt-text, as in a folder of pictures.
Status TableRowMaker::take_sidecar(const Picture& picture, SourceRow& row) const {
  auto missing = [&](std::string why) {
    if (options_.alt_text_required) row.outcome = Dropped{Drop::kNoAltText, std::move(why)};
  };
  if (picture.shown.empty()) {
    missing("a list of places has alt-text only in files beside pictures");
    return {};
  }
  fs::path path = picture.path().replace_extension("txt");
  auto bytes = read_inside(path, inside(), options_.text_bytes_max);
  if (!bytes) {
    if (bytes.error().code == Code::kNotFound) {
      KALE_OK(check_folder(inside()));
      missing(path.filename().string() + " is not there");
    } else {
      row.outcome = unread(std::move(bytes).error());
    }
    return {};
  }
  Sidecar sidecar = parse_sidecar(*bytes, {});
  auto* dropped = std::get_if<Dropped>(&sidecar.outcome);
  if (dropped && dropped->reason == Drop::kEmptyAltText && !options_.alt_text_required) return {};
  row.outcome = std::move(sidecar.outcome);
  if (is_on(row)) fill(row.row, Column::kAltText, &Row::alt_text, std::move(sidecar.alt_text));
  return {};
}

Status TableRowMaker::take_image(Record& record, const Picture& picture, SourceRow& row) const {
  auto bytes = std::move(record.image);
  if (bytes == nullptr && !picture.text.empty()) {
    if (picture.shown.empty()) {
      row.outcome = Failed{{Code::kIo, fmt::format("{} lies outside {}; set images_root to where "
                                                   "the pictures lie",
                                                   picture.text, inside().string())}};
      return {};
    }
    auto read = read_inside(picture.path(), inside(), options_.bytes_max);
    if (!read) {
      if (read.error().code == Code::kNotFound) KALE_OK(check_folder(inside()));
      row.outcome = unread(std::move(read).error());
      return {};
    }
    bytes = std::make_shared<const std::string>(std::move(read).value());
  }
  if (bytes == nullptr) {
    const char* why = row.row.url.empty()
                          ? "the record has no picture, path or URL"
                          : "the record has only a URL, and kale does not download pictures; "
                            "describe.image: url sends it to a server that does";
    row.outcome = Dropped{Drop::kNoImage, why};
    return {};
  }
  auto size = static_cast<std::int64_t>(bytes->size());
  if (size > options_.bytes_max) {
    row.outcome = too_many_bytes(size, options_.bytes_max);
    return {};
  }
  row.row.image_bytes = std::move(bytes);
  row.row.filled |= Columns{Column::kImageBytes};
  return {};
}

Result<std::optional<SourceRow>> TableRowMaker::row(Record&& record, const std::string& file,
                                                    std::int64_t ordinal, bool loads_image) {
  Result<std::optional<SourceRow>> made = std::optional<SourceRow>();
  SourceRow& row = made->emplace();
  start(row, file, ordinal);
  if (!is_on(row)) return made;
  if (record.error) {
    row.outcome = Failed{std::move(*record.error)};
    return made;
  }
  row.row.extras = std::move(record.extras);
  row.row.extras_row = record.extras_row;
  if (auto uid = given(record.text(Role::kUid))) row.row.key = row_key(*uid);
  Picture picture = find_picture(record, file);
  if (picture.text.size() > kPicturePathBytesMax) {
    Dropped dropped = too_many_bytes(std::ssize(picture.text), kPicturePathBytesMax);
    dropped.detail = "the picture's path: " + dropped.detail;
    row.outcome = std::move(dropped);
    return made;
  }
  if (!is_valid_utf8(picture.text) || has_control_chars(picture.text)) {
    row.outcome = Dropped{Drop::kNotUtf8, "the picture's path, or control characters in it"};
    return made;
  }
  if (!picture.shown.empty()) row.row.path = picture.shown;
  take_texts(record, row);
  if (!is_on(row)) return made;
  if (picture.beginning.is_list) {
    KALE_OK(take_sidecar(picture, row));
  } else {
    take_alt_text(record, row);
  }
  if (is_on(row) && loads_image) KALE_OK(take_image(record, picture, row));
  return made;
}

}  // namespace kale
