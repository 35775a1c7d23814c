#include "kale/io/parquet/extras_json.h"

#include <arrow/api.h>
#include <arrow/json/from_string.h>
#include <gtest/gtest.h>

#include "kale/io/parquet/arrow_door.h"
#include "kale/io/parquet/extras.h"

namespace kale {
namespace {

// One column called "c" with the only value 7 or what `fill` appends.
template <class Builder, class Fill>
std::string json_of(Builder& builder, Fill fill) {
  fill(builder);
  auto array = *builder.Finish();
  Row row;
  row.extras_row = array->length() - 1;
  row.extras = std::make_shared<ArrowExtras>(arrow::RecordBatch::Make(
      arrow::schema({arrow::field("c", array->type())}), array->length(), {array}));
  return ExtrasJson({"c"}).value(row, 0).dump();
}

TEST(ExtrasJson, TextsAndNulls) {
  Row row;
  row.extras = make_text_extras({"de", "fr"}, {{"Hund", std::nullopt}});
  ExtrasJson columns({"de", "fr", "nl"});
  EXPECT_EQ(columns.value(row, 0).dump(), R"("Hund")");
  EXPECT_EQ(columns.value(row, 1).dump(), "null");
  EXPECT_EQ(columns.value(row, 2).dump(), "null");
  EXPECT_EQ(columns.value(Row(), 0).dump(), "null");
}

TEST(ExtrasJson, EachBatchHasItsColumnsInItsOwnOrder) {
  Row first, second;
  first.extras = make_text_extras({"de", "fr"}, {{"Hund", "chien"}});
  second.extras = make_text_extras({"nl", "fr", "de"}, {{"poes", "chat", "Katze"}});
  ExtrasJson columns({"de", "nl"});
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(columns.value(first, 0).dump(), R"("Hund")");
    EXPECT_EQ(columns.value(first, 1).dump(), "null");
    EXPECT_EQ(columns.value(second, 0).dump(), R"("Katze")");
    EXPECT_EQ(columns.value(second, 1).dump(), R"("poes")");
  }
}

TEST(ExtrasJson, NumbersStayNumbers) {
  arrow::UInt8Builder bytes;
  EXPECT_EQ(json_of(bytes, [](auto& b) { ASSERT_TRUE(b.Append(200).ok()); }), "200");
  arrow::Int64Builder wholes;
  EXPECT_EQ(json_of(wholes, [](auto& b) { ASSERT_TRUE(b.Append(-5'000'000'000).ok()); }),
            "-5000000000");
  arrow::DoubleBuilder reals;
  EXPECT_EQ(json_of(reals, [](auto& b) { ASSERT_TRUE(b.Append(0.25).ok()); }), "0.25");
  arrow::BooleanBuilder truths;
  EXPECT_EQ(json_of(truths, [](auto& b) { ASSERT_TRUE(b.Append(true).ok()); }), "true");
}

TEST(ExtrasJson, ListsKeepTheirFormAndBytesHaveNone) {
  auto words = std::make_shared<arrow::StringBuilder>();
  arrow::ListBuilder lists(arrow::default_memory_pool(), words);
  EXPECT_EQ(json_of(lists,
                    [&](auto& b) {
                      ASSERT_TRUE(b.Append().ok());
                      ASSERT_TRUE(words->Append("of another row").ok());
                      ASSERT_TRUE(b.Append().ok());
                      ASSERT_TRUE(words->Append("a").ok());
                      ASSERT_TRUE(words->AppendNull().ok());
                    }),
            R"(["a",null])");
  arrow::BinaryBuilder bytes;
  EXPECT_EQ(json_of(bytes, [](auto& b) { ASSERT_TRUE(b.Append("\xff").ok()); }), "null");
}

std::string json_of_type(const std::shared_ptr<arrow::DataType>& type, std::string_view values) {
  auto array = *arrow::json::ArrayFromJSONString(type, values);
  Row row;
  row.extras = std::make_shared<ArrowExtras>(
      arrow::RecordBatch::Make(arrow::schema({arrow::field("c", type)}), array->length(), {array}));
  row.extras_row = array->length() - 1;
  return ExtrasJson({"c"}).value(row, 0).dump();
}

TEST(ExtrasJson, NoTypeBecomesArrowsDebugText) {
  EXPECT_EQ(json_of_type(arrow::dictionary(arrow::int8(), arrow::utf8()), R"(["a", "b"])"),
            R"("b")");
  EXPECT_EQ(json_of_type(arrow::fixed_size_list(arrow::int32(), 2), "[[1, 2], [3, null]]"),
            "[3,null]");
  EXPECT_EQ(
      json_of_type(arrow::map(arrow::utf8(), arrow::int64()), R"([[], [["a", 1], ["b", null]]])"),
      R"({"a":1,"b":null})");
  EXPECT_EQ(json_of_type(arrow::map(arrow::int64(), arrow::utf8()), R"([[[7, "x"]]])"),
            R"([[7,"x"]])");
  EXPECT_EQ(json_of_type(arrow::decimal128(9, 2), R"(["1.25"])"), R"("1.25")");
  EXPECT_EQ(json_of_type(arrow::list(arrow::dictionary(arrow::int8(), arrow::utf8())),
                         R"([["a"], ["b", null]])"),
            R"(["b",null])");
}

}  // namespace
}  // namespace kale
