// core/train-00000-of-00002.parquet: what datasets.load_dataset and the Hub's viewer read.
#include <fmt/format.h>

#include <utility>

#include "kale/write/format.h"
#include "kale/write/picture.h"

namespace kale {
namespace {

class ParquetFormat : public FormatWriter {
 public:
  explicit ParquetFormat(const FormatWork& work) : work_(work), spec_(work.columns) {}

  Status add(const PublishedRow& row) override {
    if (writer_ != nullptr && writer_->bytes_so_far() >= work_.file_bytes) KALE_OK(finish_file());
    if (writer_ == nullptr) KALE_OK(start_file());
    beside_.clear();
    for (const TableField& field : spec_.fields) {
      if (field.kind == TableField::Kind::kImage)
        beside_.emplace_back(image_of(row.row));
      else if (!field.column)
        beside_.emplace_back(row.provenance);
    }
    return writer_->append(row.row, beside_);
  }

  Result<FormatFiles> finish() override {
    if (writer_ == nullptr && done_.few.empty()) KALE_OK(start_file());
    KALE_OK(finish_file());
    for (std::size_t i = 0; i < done_.few.size(); ++i) {
      PublishedFile& file = done_.few[i];
      std::string name = fmt::format("train-{:05}-of-{:05}.parquet", i, done_.few.size());
      KALE_OK(work_.disk.rename(work_.folder / file.name, work_.folder / name));
      file.name = std::move(name);
      done_.bytes += file.bytes;
    }
    done_.files = static_cast<std::int64_t>(done_.few.size());
    return std::move(done_);
  }

 private:
  // One picture that its readers cannot decode would break a loop over the whole column.
  static ImageValue image_of(const Row& row) {
    if (row.image_bytes == nullptr || !is_raster(row)) return {};
    return {*row.image_bytes, row.path.empty() ? row.url : row.path};
  }

  Status start_file() {
    done_.few.push_back({fmt::format("train-{:05}.aside", done_.few.size()), 0});
    KALE_TRY(writer_, TableWriter::create(work_.disk, work_.folder / done_.few.back().name, spec_));
    return {};
  }

  Status finish_file() {
    if (writer_ == nullptr) return {};
    KALE_TRY(TableFile file, writer_->finish());
    done_.few.back().bytes = file.bytes;
    writer_.reset();
    return {};
  }

  const FormatWork& work_;
  const TableSpec spec_;
  std::vector<BesideValue> beside_;
  std::unique_ptr<TableWriter> writer_;
  FormatFiles done_;
};

}  // namespace

Result<std::unique_ptr<FormatWriter>> make_parquet_format(const FormatWork& work) {
  return std::unique_ptr<FormatWriter>(std::make_unique<ParquetFormat>(work));
}

}  // namespace kale
