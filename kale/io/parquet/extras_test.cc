#include "kale/io/parquet/extras.h"

#include <arrow/api.h>
#include <gtest/gtest.h>

#include "kale/io/parquet/arrow_door.h"

namespace kale {
namespace {

ExtrasPtr empty_column(std::string name, std::shared_ptr<arrow::DataType> type) {
  auto batch = arrow::RecordBatch::MakeEmpty(
      arrow::schema({arrow::field(std::move(name), std::move(type))}));
  return std::make_shared<ArrowExtras>(*batch);
}

TEST(Extras, TextsAndNulls) {
  Row row;
  row.extras = make_text_extras({"de", "fr"}, {{"Hund", std::nullopt}, {std::nullopt, "chat"}});
  EXPECT_EQ(extras_value(row, "de"), "Hund");
  EXPECT_EQ(extras_value(row, "fr"), std::nullopt);
  row.extras_row = 1;
  EXPECT_EQ(extras_value(row, "fr"), "chat");
  EXPECT_EQ(extras_value(row, "nl"), std::nullopt);
  EXPECT_EQ(extras_value(Row(), "de"), std::nullopt);
}

TEST(Extras, UniteInOrderOfFirstAppearance) {
  auto united = unite_extras(
      std::array{make_text_extras({"b"}, {}), ExtrasPtr(), make_text_extras({"a", "b"}, {})});
  ASSERT_TRUE(united);
  EXPECT_EQ(extras_names(*united), (std::vector<std::string>{"b", "a"}));
  auto none = unite_extras({});
  ASSERT_TRUE(none);
  EXPECT_TRUE(extras_names(*none).empty());
}

TEST(Extras, AColumnOfNullsTakesTheTypeOfTheOthers) {
  for (bool nulls_first : {false, true}) {
    ExtrasPtr nulls = empty_column("a", arrow::null());
    ExtrasPtr wholes = empty_column("a", arrow::int32());
    auto united = unite_extras(nulls_first ? std::array{nulls, wholes} : std::array{wholes, nulls});
    ASSERT_TRUE(united);
    EXPECT_EQ(arrow_batch(united->get())->schema()->field(0)->type()->id(), arrow::Type::INT32);
  }
}

std::shared_ptr<arrow::DataType> united_type(std::shared_ptr<arrow::DataType> a,
                                             std::shared_ptr<arrow::DataType> b) {
  auto united = unite_extras(std::array{empty_column("a", a), empty_column("a", b)});
  auto other_way = unite_extras(std::array{empty_column("a", b), empty_column("a", a)});
  auto type = arrow_batch(united->get())->schema()->field(0)->type();
  auto other = arrow_batch(other_way->get())->schema()->field(0)->type();
  EXPECT_EQ(type->id(), other->id());
  EXPECT_EQ(type->num_fields(), other->num_fields());
  return type;
}

TEST(Extras, TwoTypesOfOneNameBecomeOneThatHoldsBoth) {
  EXPECT_EQ(united_type(arrow::int32(), arrow::int64())->ToString(), "int64");
  EXPECT_EQ(united_type(arrow::int64(), arrow::float32())->ToString(), "double");
  EXPECT_EQ(united_type(arrow::int32(), arrow::utf8())->ToString(), "string");
  EXPECT_EQ(united_type(arrow::uint64(), arrow::int64())->ToString(), "string");
  EXPECT_EQ(united_type(arrow::binary(), arrow::utf8())->ToString(), "string");
  EXPECT_EQ(united_type(arrow::list(arrow::null()), arrow::list(arrow::int32()))->ToString(),
            "list<item: int32>");
  EXPECT_EQ(united_type(arrow::list(arrow::int32()), arrow::int32())->ToString(), "string");
  EXPECT_EQ(united_type(arrow::struct_({}), arrow::struct_({}))->ToString(), "string");
  auto x = arrow::field("x", arrow::int32());
  auto wide = arrow::field("x", arrow::float64());
  EXPECT_EQ(united_type(arrow::struct_({x}), arrow::struct_({wide}))->ToString(),
            "struct<x: double>");
}

TEST(Extras, AStructWithTooManyFieldsIsText) {
  auto fields = [](int first) {
    arrow::FieldVector made;
    for (int i = first; i < first + 40; ++i)
      made.push_back(arrow::field(std::to_string(i), arrow::int32()));
    return arrow::struct_(made);
  };
  EXPECT_EQ(united_type(fields(0), fields(10))->num_fields(), 50);
  EXPECT_EQ(united_type(fields(0), fields(40))->ToString(), "string");
}

TEST(Extras, ColumnsBeyondTheLimitAreCountedInTheError) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < kExtraColumnsMax; ++i) names.push_back("c" + std::to_string(i));
  ExtrasPtr full = make_text_extras(names, {});
  EXPECT_TRUE(unite_extras(std::array{full, full}));
  auto over = unite_extras(std::array{full, make_text_extras({"one more"}, {})});
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().code, Code::kLimit);
  EXPECT_NE(over.error().message.find("4001 other columns, 'one more' among them"),
            std::string::npos)
      << over.error().message;
}

}  // namespace
}  // namespace kale
