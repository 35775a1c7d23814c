// What travels through a table beside kale's own columns.
#include <arrow/api.h>
#include <arrow/json/from_string.h>
#include <gtest/gtest.h>

#include "kale/io/parquet/arrow_door.h"
#include "kale/io/parquet/foreign_table_fake.h"
#include "kale/io/parquet/records.h"
#include "kale/io/parquet/records_fake.h"
#include "kale/io/temp_folder.h"

namespace kale {
namespace {

namespace fs = std::filesystem;

RecordWants wants() {
  RecordWants text;
  text.names[static_cast<std::size_t>(Role::kAltText)] = {"text"};
  return text;
}

class RecordsTypesTest : public testing::Test {
 protected:
  fs::path file(const std::string& name) const { return folder_.path() / name; }
  TempFolder folder_;
};

std::shared_ptr<arrow::Array> of_type(const std::shared_ptr<arrow::DataType>& type,
                                      std::string_view json) {
  return *arrow::json::ArrayFromJSONString(type, json);
}

// Arrow's types lie beside parquet's in the file; labelled with parquet's, the values of some are
// garbage.
TEST_F(RecordsTypesTest, EveryArrowTypeTravelsThroughEveryForm) {
  auto tags = arrow::field("item", arrow::utf8());
  const std::vector<std::pair<std::shared_ptr<arrow::DataType>, std::string>> columns{
      {arrow::large_list(tags), R"([["a", "b"], null, []])"},
      {arrow::fixed_size_list(tags, 2), R"([["a", "b"], ["c", "d"], ["e", "f"]])"},
      {arrow::map(arrow::utf8(), arrow::int64()), R"([[["a", 1]], null, []])"},
      {arrow::decimal128(9, 2), R"(["1.25", null, "-3.00"])"},
      {arrow::timestamp(arrow::TimeUnit::MILLI, "UTC"), "[1, null, 3]"},
      {arrow::timestamp(arrow::TimeUnit::MICRO), "[1, null, 3]"},
      {arrow::duration(arrow::TimeUnit::SECOND), "[1, null, 3]"},
      {arrow::time32(arrow::TimeUnit::MILLI), "[1, null, 3]"},
      {arrow::date32(), "[1, null, 3]"},
      {arrow::fixed_size_binary(2), R"(["ab", null, "cd"])"},
      {arrow::large_utf8(), R"(["a", null, "c"])"},
      {arrow::large_binary(), R"(["a", null, "c"])"},
      {arrow::uint64(), "[1, null, 3]"},
      {arrow::uint8(), "[1, null, 3]"},
      {arrow::float32(), "[1, null, 3]"},
      {arrow::dictionary(arrow::int8(), arrow::utf8()), R"(["a", null, "a"])"},
      {arrow::struct_({arrow::field("l", arrow::large_list(tags))}), R"([{"l": ["a"]}, null, {}])"},
  };
  ForeignTable table;
  table.texts("text", {"x", "y", "z"});
  for (const auto& [type, values] : columns) table.column(type->ToString(), of_type(type, values));
  table.write_parquet(file("a.parquet"));
  table.write_arrow_stream(file("a.arrow"));
  for (bool parquet : {true, false}) {
    auto records = all_records(parquet ? *open_parquet_records(file("a.parquet"), wants()).value()
                                       : *open_arrow_records(file("a.arrow"), wants()).value());
    ASSERT_EQ(records.size(), 3u);
    ASSERT_FALSE(records[0].error) << records[0].error->message;
    const arrow::RecordBatch* batch = arrow_batch(records[0].extras.get());
    ASSERT_TRUE(batch->ValidateFull().ok()) << batch->ValidateFull().ToString();
    for (const auto& [type, values] : columns) {
      auto column = batch->GetColumnByName(type->ToString());
      ASSERT_NE(column, nullptr) << type->ToString();
      auto expected = of_type(type, values);
      if (column->type_id() == arrow::Type::DICTIONARY)  // parquet's own indices are 32 bits wide
        expected = of_type(column->type(), values);
      EXPECT_TRUE(column->Equals(expected))
          << parquet << ": " << type->ToString() << " became " << column->type()->ToString() << " "
          << column->ToString();
    }
  }
}

TEST_F(RecordsTypesTest, AnExtraValueBeyondTheLimitIsNullAndItsRowGoesOn) {
  auto limit = static_cast<std::size_t>(kExtraValueBytesMax);
  const std::vector<ForeignTable::Text> values{std::string(limit, 'a'),
                                               std::string(limit + 1, 'a')};
  ForeignTable()
      .texts("text", values)
      .texts("page", values)
      .bytes("raw", values)
      .write_parquet(file("a.parquet"));
  auto records = all_records(*open_parquet_records(file("a.parquet"), wants()).value());
  ASSERT_EQ(records.size(), 2u);
  for (const char* name : {"page", "raw"}) {
    EXPECT_NE(extra_text(records[0], name), "(null)") << name;
    EXPECT_EQ(extra_text(records[1], name), "(null)") << name;
  }
  EXPECT_FALSE(records[1].error);
  EXPECT_EQ(records[1].text(Role::kAltText)->size(), limit + 1);  // a role has its own limit
}

}  // namespace
}  // namespace kale
