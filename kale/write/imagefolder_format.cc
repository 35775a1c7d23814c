// imagefolder/metadata.jsonl, and its pictures where they are published: what
// load_dataset("imagefolder") reads.
#include <fmt/format.h>

#include <array>
#include <string_view>
#include <utility>

#include "kale/write/format.h"
#include "kale/write/loose_files.h"
#include "kale/write/picture.h"
#include "kale/write/row_json.h"

namespace kale {
namespace {

constexpr const char* kMetadata = "metadata.jsonl";
constexpr std::array<std::string_view, 2> kHeld{"file_name", "text"};
constexpr std::size_t kGatherBytes = std::size_t{1} << 20;
constexpr std::size_t kShelfDigits = 2;  // of the key: 256 folders, since the Hub wants under
                                         // 10,000 entries in each

class ImagefolderFormat : public FormatWriter {
 public:
  ImagefolderFormat(const FormatWork& work, std::unique_ptr<WritableFile> metadata)
      : work_(work),
        columns_(work.columns, kHeld),
        metadata_(std::move(metadata)),
        pictures_(work.disk, work.folder) {}

  Status add(const PublishedRow& published) override {
    KALE_TRY(auto file_name, place_picture(published.row));
    auto object = nlohmann::ordered_json::object();
    object[kHeld[0]] = std::move(file_name);
    object[kHeld[1]] = published.row.caption;  // the name that trainers of this form look for
    columns_.add(object, published);
    gathered_ += json_line(object);
    return gathered_.size() < kGatherBytes ? Status{} : flush();
  }

  Result<FormatFiles> finish() override {
    KALE_OK(flush());
    KALE_OK(metadata_->sync());
    KALE_OK(metadata_->close());
    return FormatFiles{{{kMetadata, bytes_}}, 1 + pictures_.files(), bytes_ + pictures_.bytes()};
  }

 private:
  // Pictures are called after their keys: a source's own names would split the dataset wherever a
  // folder or file is called train, test or dev. Null stands for a picture that no image library
  // reads. Without pictures here, the names are those in the folder that has them.
  Result<nlohmann::ordered_json> place_picture(const Row& row) {
    if (!work_.image_bytes && !row.path.empty()) return nlohmann::ordered_json(row.path);
    const std::string ending = "." + picture_ending(row);
    if (!work_.image_bytes) return nlohmann::ordered_json(row.key + ending);
    if (!is_raster(row)) return nlohmann::ordered_json();
    const std::string key = safe_path(row.key);
    KALE_TRY(std::string name,
             pictures_.write(fmt::format("{}/{}", key.substr(0, kShelfDigits), key), ending, key,
                             *row.image_bytes));
    return nlohmann::ordered_json(std::move(name));
  }

  Status flush() {
    bytes_ += static_cast<std::int64_t>(gathered_.size());
    Status written = gathered_.empty() ? Status{} : metadata_->append(gathered_);
    gathered_.clear();
    return written;
  }

  const FormatWork& work_;
  RowJson columns_;
  std::unique_ptr<WritableFile> metadata_;
  LooseFiles pictures_;
  std::string gathered_;
  std::int64_t bytes_ = 0;
};

}  // namespace

Result<std::unique_ptr<FormatWriter>> make_imagefolder_format(const FormatWork& work) {
  KALE_TRY(auto metadata, work.disk.create(work.folder / kMetadata));
  return std::unique_ptr<FormatWriter>(
      std::make_unique<ImagefolderFormat>(work, std::move(metadata)));
}

}  // namespace kale
