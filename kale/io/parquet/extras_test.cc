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

TEST(Extras, TwoTypesOfOneNameAreRefused) {
  auto united =
      unite_extras(std::array{empty_column("a", arrow::int32()), empty_column("a", arrow::utf8())});
  ASSERT_FALSE(united);
  EXPECT_EQ(united.error().code, Code::kBadConfig);
  EXPECT_NE(united.error().message.find("'a' is int32 in one place and string"), std::string::npos)
      << united.error().message;
}

}  // namespace
}  // namespace kale
