#include <arrow/api.h>
#include <gtest/gtest.h>
#include <parquet/arrow/reader.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>

#include "kale/io/parquet/arrow_door.h"
#include "kale/io/parquet/table.h"
#include "kale/io/temp_folder.h"

namespace kale {
namespace {
namespace fs = std::filesystem;

class ImageColumn : public testing::Test {
 protected:
  void write(std::int64_t group_bytes, const std::vector<ImageValue>& images) {
    TableSpec spec{{image_field("image"), row_field(Column::kKey)}};
    spec.for_hub = true;
    spec.group_bytes = group_bytes;
    auto writer = TableWriter::create(real_disk(), path_, spec);
    ASSERT_TRUE(writer);
    Row row;
    row.key = "k";
    row.filled = {Column::kKey};
    for (const BesideValue image : images) ASSERT_TRUE((*writer)->append(row, {&image, 1}));
    auto file = (*writer)->finish();
    ASSERT_TRUE(file) << describe_error(file.error());
  }

  std::shared_ptr<arrow::Table> read() {
    std::shared_ptr<ReadableFile> file = *real_disk().open(path_);
    auto reader =
        *parquet::arrow::OpenFile(arrow_input(std::move(file)), arrow::default_memory_pool());
    return *reader->ReadTable();
  }

  TempFolder folder_;
  fs::path path_ = folder_.path() / "table.parquet";
};

TEST_F(ImageColumn, IsAStructOfBytesAndPathThatTheHubTakesForAPicture) {
  const std::string bytes("\xff\xd8\0\xff", 4);
  write(kGroupBytes, {{bytes, "a/b.jpg"}, {"", "gone.svg"}});
  auto table = read();
  auto images =
      std::static_pointer_cast<arrow::StructArray>(table->GetColumnByName("image")->chunk(0));
  ASSERT_EQ(images->length(), 2);
  EXPECT_EQ(images->type()->ToString(), "struct<bytes: binary, path: string>");
  EXPECT_EQ(static_cast<const arrow::BinaryArray&>(*images->field(0)).GetView(0), bytes);
  EXPECT_EQ(static_cast<const arrow::StringArray&>(*images->field(1)).GetView(0), "a/b.jpg");
  EXPECT_TRUE(images->IsNull(1)) << "no bytes, no picture";
  auto hub = table->schema()->metadata()->Get("huggingface");
  ASSERT_TRUE(hub.ok());
  EXPECT_NE(hub->find(R"("image":{"_type":"Image"})"), std::string::npos) << *hub;
}

TEST_F(ImageColumn, PicturesEndARowGroup) {
  const std::string big(1 << 20, 'x');
  write(4 << 20, std::vector<ImageValue>(10, ImageValue{big, "x.png"}));
  std::shared_ptr<ReadableFile> file = *real_disk().open(path_);
  auto footer = parquet::ParquetFileReader::Open(arrow_input(std::move(file)))->metadata();
  ASSERT_EQ(footer->num_row_groups(), 3);
  EXPECT_EQ(footer->RowGroup(0)->num_rows(), 4);
  EXPECT_EQ(footer->RowGroup(2)->num_rows(), 2);
}

}  // namespace
}  // namespace kale
