#include "kale/io/parquet/json_extras.h"

#include <arrow/api.h>
#include <gtest/gtest.h>

#include "kale/io/parquet/arrow_door.h"
#include "kale/io/parquet/common_type.h"
#include "kale/io/parquet/table.h"
#include "kale/io/temp_folder.h"

namespace kale {
namespace {

using nlohmann::json;

std::string type_of(const ExtrasPtr& extras, const std::string& name) {
  auto field = arrow_batch(extras.get())->schema()->GetFieldByName(name);
  return field ? field->type()->ToString() : "none";
}

std::string value(const ExtrasPtr& extras, std::int64_t row, std::string_view name) {
  Row holder;
  holder.extras = extras;
  holder.extras_row = row;
  return extras_value(holder, name).value_or("null");
}

TEST(JsonExtras, KeysBecomeTypedColumnsInOrderOfNames) {
  ExtrasPtr extras = JsonExtras().batch(
      {json{{"w", 640}, {"ok", true}, {"p", 0.5}, {"name", "café"}, {"none", nullptr}}, json(),
       json{{"w", -1}, {"tags", {"a", "b"}}, {"box", {{"x", 1}, {"y", 2.5}}}}});
  EXPECT_EQ(extras_names(extras),
            (std::vector<std::string>{"box", "name", "none", "ok", "p", "tags", "w"}));
  EXPECT_EQ(type_of(extras, "w"), "int64");
  EXPECT_EQ(type_of(extras, "ok"), "bool");
  EXPECT_EQ(type_of(extras, "p"), "double");
  EXPECT_EQ(type_of(extras, "name"), "string");
  EXPECT_EQ(type_of(extras, "none"), "null");
  EXPECT_EQ(type_of(extras, "tags"), "list<item: string>");
  EXPECT_EQ(type_of(extras, "box"), "struct<x: int64, y: double>");
  EXPECT_EQ(value(extras, 0, "w"), "640");
  EXPECT_EQ(value(extras, 1, "w"), "null");
  EXPECT_EQ(value(extras, 2, "w"), "-1");
  EXPECT_EQ(value(extras, 0, "name"), "café");
}

TEST(JsonExtras, RowsWithoutKeysNeedNoColumns) {
  EXPECT_EQ(JsonExtras().batch({}), nullptr);
  EXPECT_EQ(JsonExtras().batch({json(), json::object()}), nullptr);
}

TEST(JsonExtras, TypesThatDisagreeBecomeText) {
  ExtrasPtr extras =
      JsonExtras().batch({json{{"a", 5}, {"n", 1}, {"big", 18446744073709551615u}, {"l", {1, "x"}}},
                          json{{"a", "five"}, {"n", 1.5}, {"big", 1}, {"l", json::array()}},
                          json{{"a", {{"k", json::array({1, nullptr})}}}, {"l", {nullptr, 2}}}});
  EXPECT_EQ(type_of(extras, "a"), "string");
  EXPECT_EQ(value(extras, 0, "a"), "5");
  EXPECT_EQ(value(extras, 1, "a"), "five");
  EXPECT_EQ(value(extras, 2, "a"), R"({"k":[1,null]})");
  EXPECT_EQ(type_of(extras, "n"), "double");
  EXPECT_EQ(value(extras, 0, "big"), "18446744073709551615");
  EXPECT_EQ(value(extras, 1, "big"), "1");
  EXPECT_EQ(type_of(extras, "l"), "list<item: string>");
}

TEST(JsonExtras, MapsInDisguiseAndDeepValuesAreText) {
  json map = json::object();
  for (int i = 0; i <= kStructFieldsMax; ++i) map[std::to_string(i)] = i;
  json deep = 1;
  for (int i = 0; i <= kJsonNestingMax; ++i) deep = json::array({deep});
  ExtrasPtr extras = JsonExtras().batch({json{{"map", map}, {"deep", deep}, {"empty", {{}}}}});
  EXPECT_EQ(type_of(extras, "map"), "string");
  EXPECT_EQ(json::parse(value(extras, 0, "map")), map);
  EXPECT_NE(type_of(extras, "deep").find("string"), std::string::npos);
  ExtrasPtr empty = JsonExtras().batch({json{{"empty", json::object()}}});
  EXPECT_EQ(type_of(empty, "empty"), "struct<>");  // text in a file, unless another batch has keys
  EXPECT_EQ(type_of(*unite_extras(std::array{empty}), "empty"), "string");
}

TEST(JsonExtras, ColumnsOfAReaderAreBoundedTogether) {
  JsonExtras columns;
  json many = json::object();
  for (std::size_t i = 0; i < kJsonColumnsMax; ++i) many[std::to_string(i)] = 1;
  EXPECT_EQ(extras_names(columns.batch({many})).size(), kJsonColumnsMax);
  ExtrasPtr more = columns.batch({json{{"0", 2}, {"late", {1, 2}}}, json{{"0", 3}}});
  EXPECT_EQ(extras_names(more), (std::vector<std::string>{"0", "other_keys"}));
  EXPECT_EQ(value(more, 0, "other_keys"), R"({"late":[1,2]})");
  EXPECT_EQ(value(more, 1, "other_keys"), "null");
}

TEST(JsonExtras, WhatCannotBeReadSaysSo) {
  EXPECT_TRUE(parse_json_object(R"({"a": 1})", "x"));
  for (std::string text : {"", "[1]", "{", "\xff", "{\"a\": \"\xff\"}", "nul"}) {
    auto parsed = parse_json_object(text, "00.tar/7.json");
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, Code::kCorrupt);
    EXPECT_EQ(parsed.error().message, "00.tar/7.json is no JSON object");
  }
  std::string deep = "{\"a\": " + std::string(100'000, '[') + std::string(100'000, ']') + "}";
  auto parsed = parse_json_object(deep, "x");
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().message, "x is nested deeper than 64 levels");
}

TEST(JsonExtras, PythonsNonNumbersAreNull) {
  auto parsed =
      parse_json_object(R"({"a": NaN, "b": [-Infinity, Infinity], "c": "NaN \" NaN"})", "x");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(*parsed, (json{{"a", nullptr}, {"b", {nullptr, nullptr}}, {"c", "NaN \" NaN"}}));
}

// Batches whose types differ stand in one file, and what was written reads back.
TEST(JsonExtras, BatchesThatDisagreeShareAFile) {
  TempFolder folder;
  JsonExtras columns;
  std::vector<ExtrasPtr> batches{
      columns.batch({json{{"a", 1}, {"n", 1}, {"s", {{"x", 1}}}, {"l", json::array()}},
                     json{{"a", 2}, {"s", {{"x", nullptr}}}, {"e", json::object()}}}),
      columns.batch({json{{"a", {1, 2}}, {"n", 0.5}, {"s", {{"y", "t"}}}, {"l", {1.5, 2}}}}),
      nullptr, columns.batch({json{{"a", "text"}, {"l", {nullptr, 3}}, {"e", {{"k", true}}}}})};
  TableSpec spec;
  spec.fields = {row_field(Column::kKey)};
  spec.extras = *unite_extras(batches);
  spec.extras_prefix = "extra_";
  auto writer = *TableWriter::create(real_disk(), folder.path() / "t.parquet", spec);
  for (const ExtrasPtr& batch : batches) {
    std::int64_t rows = batch ? arrow_batch(batch.get())->num_rows() : 1;
    for (std::int64_t i = 0; i < rows; ++i) {
      Row row;
      row.extras = batch;
      row.extras_row = batch ? i : 0;
      ASSERT_TRUE(writer->append(row, {}));
    }
  }
  ASSERT_TRUE(writer->finish());
  auto reader = *TableReader::open(real_disk(), folder.path() / "t.parquet", "extra_");
  ExtrasPtr read = (*reader->next())->rows[0].extras;
  EXPECT_EQ(type_of(read, "a"), "string");
  const std::vector<std::string> texts{"1", "2", "[1,2]", "null", "text"};
  for (std::int64_t i = 0; i < std::ssize(texts); ++i)
    EXPECT_EQ(value(read, i, "a"), texts[i]) << i;
  EXPECT_EQ(type_of(read, "n"), "double");
  EXPECT_EQ(value(read, 2, "n"), "0.5");
  EXPECT_EQ(type_of(read, "s"), "struct<x: int64, y: string>");
  EXPECT_NE(value(read, 0, "s").find("x:int64 = 1"), std::string::npos) << value(read, 0, "s");
  EXPECT_NE(value(read, 2, "s").find("y:string = t"), std::string::npos) << value(read, 2, "s");
  EXPECT_EQ(value(read, 3, "s"), "null");
  EXPECT_EQ(type_of(read, "l"), "list<element: double>");
  EXPECT_NE(value(read, 2, "l").find("1.5"), std::string::npos) << value(read, 2, "l");
  EXPECT_EQ(type_of(read, "e"), "struct<k: bool>");
  EXPECT_EQ(value(read, 0, "e"), "null");
  EXPECT_NE(value(read, 4, "e").find("true"), std::string::npos) << value(read, 4, "e");
}

}  // namespace
}  // namespace kale
