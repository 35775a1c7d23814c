// webdataset/core-00000.tar: key.jpg, key.json, key.txt for every row, fields sorted by name as the
// webdataset writer sorts them. Of rows that share a key in a tar the second is key-2, and so on.
#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "kale/io/tar/tar_writer.h"
#include "kale/write/format.h"
#include "kale/write/picture.h"
#include "kale/write/row_json.h"

namespace kale {
namespace {

// Keys of a tar are remembered, to tell rows apart that share one: some 100 MB at most.
constexpr std::size_t kTarKeysMax = 1'000'000;

class WebdatasetFormat : public FormatWriter {
 public:
  explicit WebdatasetFormat(const FormatWork& work) : work_(work), columns_(work.columns) {}

  // A row is never split over two tars.
  Status add(const PublishedRow& published) override {
    const Row& row = published.row;
    if (writer_ != nullptr &&
        (writer_->bytes_so_far() >= work_.file_bytes || used_.size() == kTarKeysMax))
      KALE_OK(finish_file());
    if (writer_ == nullptr) KALE_OK(start_file());
    auto object = nlohmann::ordered_json::object();
    columns_.add(object, published);
    const std::string json = json_line(object);
    using Member = std::pair<std::string, std::string_view>;
    std::vector<Member> members{{"json", json}, {"txt", row.caption}};
    if (row.image_bytes != nullptr) members.emplace_back(picture_ending(row), *row.image_bytes);
    std::sort(members.begin(), members.end());
    const std::string name = free_name(row.key);
    for (const auto& [field, bytes] : members)
      KALE_OK(writer_->add(fmt::format("{}.{}", name, field), bytes));
    return {};
  }

  Result<FormatFiles> finish() override {
    if (writer_ == nullptr && done_.few.empty()) KALE_OK(start_file());
    KALE_OK(finish_file());
    done_.files = static_cast<std::int64_t>(done_.few.size());
    return std::move(done_);
  }

 private:
  // Rows of one uid have one key, and readers take two samples of one name for a broken one.
  std::string free_name(const std::string& key) {
    const std::int64_t ordinal = ++used_[key];
    return ordinal == 1 ? key : fmt::format("{}-{}", key, ordinal);
  }

  Status start_file() {
    used_.clear();
    done_.few.push_back({fmt::format("core-{:05}.tar", done_.few.size()), 0});
    KALE_TRY(writer_, TarWriter::create(work_.disk, work_.folder / done_.few.back().name));
    return {};
  }

  Status finish_file() {
    if (writer_ == nullptr) return {};
    KALE_TRY(done_.few.back().bytes, writer_->finish());
    done_.bytes += done_.few.back().bytes;
    writer_.reset();
    return {};
  }

  const FormatWork& work_;
  RowJson columns_;
  std::unique_ptr<TarWriter> writer_;
  // Rows of the tar at hand by their key.
  std::unordered_map<std::string, std::int64_t> used_;
  FormatFiles done_;
};

}  // namespace

Result<std::unique_ptr<FormatWriter>> make_webdataset_format(const FormatWork& work) {
  return std::unique_ptr<FormatWriter>(std::make_unique<WebdatasetFormat>(work));
}

}  // namespace kale
