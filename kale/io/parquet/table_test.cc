#include "kale/io/parquet/table.h"

#include <arrow/api.h>
#include <gtest/gtest.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/page_index.h>

#include <fstream>

#include "kale/io/disk_fake.h"
#include "kale/io/parquet/arrow_door.h"
#include "kale/io/temp_folder.h"

namespace kale {
namespace {
namespace fs = std::filesystem;

Row row_with(std::string key, std::string caption) {
  Row row;
  row.key = std::move(key);
  row.caption = std::move(caption);
  row.filled = {Column::kKey, Column::kCaption};
  return row;
}

TableSpec small_spec() {
  return {{row_field(Column::kKey), row_field(Column::kCaption), row_field(Column::kWidth),
           row_field(Column::kTextDensity), text_field("note"), whole_field("number")}};
}

class Table : public testing::Test {
 protected:
  TableFile write(const TableSpec& spec, const std::vector<Row>& rows) {
    auto writer = TableWriter::create(real_disk(), path_, spec);
    EXPECT_TRUE(writer);
    std::int64_t number = 0;
    for (const Row& row : rows) {
      std::vector<BesideValue> beside{std::string_view(number % 2 ? "odd" : ""), number};
      Status added = (*writer)->append(row, beside);
      EXPECT_TRUE(added) << describe_error(added.error());
      ++number;
    }
    auto file = (*writer)->finish();
    EXPECT_TRUE(file) << describe_error(file.error());
    return *file;
  }

  std::vector<TableBatch> read(std::string_view extras_prefix = "") {
    std::vector<TableBatch> batches;
    auto reader = TableReader::open(real_disk(), path_, extras_prefix);
    EXPECT_TRUE(reader) << describe_error(reader.error());
    while (auto batch = *(*reader)->next()) batches.push_back(std::move(*batch));
    return batches;
  }

  TempFolder folder_;
  fs::path path_ = folder_.path() / "table.parquet";
};

TEST_F(Table, KeepsNullsApartFromEmptyAndZero) {
  Row full = row_with("a", "");
  full.width = 0;
  full.text_density = 0.25;
  full.filled |= Columns{Column::kWidth, Column::kTextDensity};
  TableFile file = write(small_spec(), {full, row_with("b", "x")});
  EXPECT_EQ(file.rows, 2);
  auto batches = read();
  ASSERT_EQ(batches.size(), 1u);
  const std::vector<Row>& rows = batches[0].rows;
  EXPECT_EQ(column_names(rows[0].filled), "key, width, text_density, caption");
  EXPECT_EQ(column_names(rows[1].filled), "key, caption");
  EXPECT_EQ(rows[0].text_density, 0.25);
  EXPECT_EQ(batches[0].texts["note"], (std::vector<std::string>{"", "odd"}));
  EXPECT_EQ(batches[0].wholes["number"], (std::vector<std::int64_t>{0, 1}));
}

TEST_F(Table, CutsRowGroupsByRowsAndByBytes) {
  TableSpec spec = small_spec();
  spec.group_rows = 10;
  spec.group_bytes = 10'000;
  auto group_rows = [&](const std::vector<Row>& rows) {
    write(spec, rows);
    std::vector<std::size_t> counts;
    for (const TableBatch& batch : read()) counts.push_back(batch.rows.size());
    return counts;
  };
  EXPECT_EQ(group_rows(std::vector<Row>(21, row_with("a", "short"))),
            (std::vector<std::size_t>{10, 10, 1}));
  EXPECT_EQ(group_rows(std::vector<Row>(5, row_with("a", std::string(4'000, 'x')))),
            (std::vector<std::size_t>{3, 2}));  // the row that reaches the limit is in
  EXPECT_EQ(group_rows({}), std::vector<std::size_t>());
}

// Extra columns count too: their batch's bytes, shared by its rows.
TEST_F(Table, LargeExtrasEndAGroup) {
  std::vector<Row> rows(5, row_with("a", "b"));
  ExtrasPtr extras = make_text_extras({"page"}, {5, {std::string(4'000, 'x')}});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].extras = extras;
    rows[i].extras_row = static_cast<std::int64_t>(i);
  }
  TableSpec spec = small_spec();
  spec.extras = *unite_extras(std::array{extras});
  spec.group_bytes = 10'000;
  write(spec, rows);
  EXPECT_EQ(read().size(), 2u);
}

TEST_F(Table, SameRowsGiveSameBytesHoweverTheirExtrasAreBatched) {
  const std::vector<std::string> names{"lang", "source"};
  std::vector<std::vector<std::optional<std::string>>> values;
  for (int i = 0; i < 3000; ++i)
    values.push_back({i % 5 == 0 ? std::nullopt : std::optional("de" + std::to_string(i % 7)),
                      std::to_string(i)});
  std::vector<Row> together(values.size(), row_with("a", "b"));
  std::vector<Row> apart = together;
  ExtrasPtr all = make_text_extras(names, values);
  for (std::size_t i = 0; i < values.size(); ++i) {
    together[i].extras = all;
    together[i].extras_row = static_cast<std::int64_t>(i);
    apart[i].extras = make_text_extras(names, {values[i]});
  }
  TableSpec spec = small_spec();
  spec.extras = *unite_extras(std::array{all});
  spec.extras_prefix = "extra_";
  EXPECT_EQ(write(spec, together).digest, write(spec, apart).digest);
  auto batches = read("extra_");
  EXPECT_EQ(extras_value(batches[0].rows[0], "lang"), std::nullopt);
  EXPECT_EQ(extras_value(batches[0].rows[8], "lang"), "de1");
  EXPECT_EQ(extras_value(batches[0].rows[8], "source"), "8");
}

TEST_F(Table, ExtraColumnsOfAnyTypeTravel) {
  auto lists =
      arrow::ListBuilder(arrow::default_memory_pool(), std::make_shared<arrow::DoubleBuilder>());
  auto& items = static_cast<arrow::DoubleBuilder&>(*lists.value_builder());
  ASSERT_TRUE(lists.Append().ok() && items.Append(0.5).ok() && items.Append(1).ok());
  ASSERT_TRUE(lists.AppendNull().ok());
  arrow::StringDictionaryBuilder words;
  ASSERT_TRUE(words.Append("yes").ok() && words.Append("no").ok());
  arrow::TimestampBuilder times(arrow::timestamp(arrow::TimeUnit::MICRO, "UTC"),
                                arrow::default_memory_pool());
  ASSERT_TRUE(times.Append(1).ok() && times.AppendNull().ok());
  arrow::ArrayVector columns{*lists.Finish(), *words.Finish(), *times.Finish()};
  auto schema = arrow::schema({arrow::field("boxes", columns[0]->type()),
                               arrow::field("safe", columns[1]->type()),
                               arrow::field("seen", columns[2]->type())});
  auto given = arrow::RecordBatch::Make(schema, 2, columns);
  std::vector<Row> rows(3, row_with("a", "b"));  // the last has no extras at all
  for (int i = 0; i < 2; ++i) {
    rows[i].extras = std::make_shared<ArrowExtras>(given);
    rows[i].extras_row = i;
  }
  TableSpec spec = small_spec();
  spec.extras = *unite_extras(std::array{rows[0].extras, rows[2].extras});
  spec.extras_prefix = "extra_";
  write(spec, rows);
  auto batches = read("extra_");
  const arrow::RecordBatch* got = arrow_batch(batches[0].rows[1].extras.get());
  ASSERT_EQ(got->num_rows(), 3);
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(got->column(i)->type()->Equals(columns[i]->type())) << schema->field(i)->name();
    EXPECT_TRUE(got->column(i)->IsNull(2));
    EXPECT_TRUE(got->column(i)->Slice(0, 2)->Equals(columns[i])) << schema->field(i)->name();
  }
}

TEST_F(Table, TwoExtraColumnsNeverShareAName) {
  TableSpec spec = small_spec();
  spec.extras_prefix = "";
  spec.extras = *unite_extras(std::array{make_text_extras(
      {"caption", "input_caption", "breed", "file_name"}, {{"a", "b", "c", "d"}})});
  EXPECT_EQ(extra_column_names(spec, std::array<std::string_view, 1>{"file_name"}),
            (std::vector<std::string>{"input_input_caption", "input_caption", "breed",
                                      "input_file_name"}));
}

TEST_F(Table, AnExtraColumnNeverTakesANameOfKale) {
  std::vector<Row> rows(1, row_with("a", "ours"));
  rows[0].extras = make_text_extras({"caption", "facts", "note"}, {{"theirs", "f", "n"}});
  TableSpec spec = small_spec();
  spec.extras = *unite_extras(std::array{rows[0].extras});
  write(spec, rows);
  auto batches = read();
  EXPECT_EQ(batches[0].rows[0].caption, "ours");
  EXPECT_EQ(batches[0].texts["input_caption"][0], "theirs");
  EXPECT_EQ(batches[0].texts["input_facts"][0], "f");
  EXPECT_EQ(batches[0].texts["input_note"][0], "n");
}

TEST_F(Table, HasPageIndexChecksumsAndHubMetadata) {
  TableSpec spec = small_spec();
  spec.for_hub = true;
  write(spec, {row_with("a", "b")});
  auto reader = parquet::ParquetFileReader::OpenFile(path_);
  auto footer = reader->metadata();
  EXPECT_EQ(footer->created_by(), "kale version " KALE_VERSION);
  auto index = reader->GetPageIndexReader()->RowGroup(0);
  ASSERT_NE(index, nullptr);
  for (int column = 0; column < footer->num_columns(); ++column) {
    EXPECT_NE(index->GetOffsetIndex(column), nullptr) << column;
    EXPECT_NE(index->GetColumnIndex(column), nullptr) << column;
  }
  auto features = footer->key_value_metadata()->Get("huggingface");
  ASSERT_TRUE(features.ok());
  EXPECT_EQ(*features, R"({"info":{"features":{"key":{"dtype":"string","_type":"Value"},)"
                       R"("caption":{"dtype":"string","_type":"Value"},)"
                       R"("width":{"dtype":"int64","_type":"Value"},)"
                       R"("text_density":{"dtype":"float64","_type":"Value"},)"
                       R"("note":{"dtype":"string","_type":"Value"},)"
                       R"("number":{"dtype":"int64","_type":"Value"}}}})");
}

TEST_F(Table, DamagedPagesAndTornFilesAreCorrupt) {
  write(small_spec(), {row_with("a", "some caption")});
  std::string bytes = *real_disk().read(path_, 1 << 20);
  for (std::size_t length : {std::size_t{0}, std::size_t{3}, bytes.size() / 2, bytes.size() - 1}) {
    std::ofstream(path_, std::ios::binary).write(bytes.data(), std::ssize(bytes.substr(0, length)));
    auto torn = TableReader::open(real_disk(), path_, "");
    ASSERT_FALSE(torn) << length;
    EXPECT_EQ(torn.error().code, Code::kCorrupt);
    EXPECT_NE(torn.error().message.find("table.parquet"), std::string::npos);
  }
  std::size_t at = bytes.find("some caption");
  ASSERT_NE(at, std::string::npos);
  bytes[at] = 'S';
  std::ofstream(path_, std::ios::binary).write(bytes.data(), std::ssize(bytes));
  auto reader = TableReader::open(real_disk(), path_, "");
  ASSERT_TRUE(reader);
  auto batch = (*reader)->next();
  ASSERT_FALSE(batch);
  EXPECT_EQ(batch.error().code, Code::kCorrupt);
}

TEST_F(Table, TheDisksOwnErrorComesThrough) {
  FaultDisk disk(real_disk(), [](std::string_view verb, const fs::path&) {
    return verb == "append" ? Status(Error{Code::kIo, "no space left"}) : Status{};
  });
  auto writer = TableWriter::create(disk, path_, {{row_field(Column::kKey)}});
  ASSERT_TRUE(writer);
  ASSERT_TRUE((*writer)->append(row_with("a", ""), {}));
  auto file = (*writer)->finish();
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().message, "no space left");
}

}  // namespace
}  // namespace kale
