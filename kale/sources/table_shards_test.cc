#include <algorithm>
#include <random>

#include "kale/io/parquet/extras.h"
#include "kale/io/parquet/foreign_table_fake.h"
#include "kale/sources/row_key.h"
#include "kale/sources/table_fake.h"

namespace kale {
namespace {

TEST_F(TableTest, ShardsInAnyOrderGiveTheRowsOfOneReading) {
  std::vector<ForeignTable::Text> texts;
  std::string lines = "text\n";
  for (int i = 0; i < 100; ++i) {
    texts.push_back("parquet " + std::to_string(i));
    lines += "csv " + std::to_string(i) + "\n";
  }
  ForeignTable().texts("text", texts).write_parquet(file("a.parquet"), 30);
  put("b.csv", lines);
  auto source = make();
  std::vector<std::string> expected;
  for (const SourceRow& row : rows_of(*source, whole(*source), kNoImages))
    expected.push_back(row.row.alt_text);
  ASSERT_EQ(expected.size(), 200u);
  std::vector<std::int64_t> firsts;
  for (std::int64_t first = 0; first < 100; first += 7) firsts.push_back(first);
  std::mt19937 random(1);
  for (int round = 0; round < 5; ++round) {
    for (std::int64_t first : firsts) {
      std::int64_t rows = std::min<std::int64_t>(7, 100 - first);
      ShardSpec shard{0, {{"a.parquet", first, rows, 1}, {"b.csv", first, rows, 1}}};
      auto found = rows_of(*source, shard, kNoImages);
      ASSERT_EQ(found.size(), static_cast<std::size_t>(2 * rows));
      for (std::size_t i = 0; i < found.size(); ++i) {
        auto at = static_cast<std::size_t>(first) + i % static_cast<std::size_t>(rows);
        bool second = i >= static_cast<std::size_t>(rows);
        EXPECT_EQ(found[i].row.alt_text, expected[at + (second ? 100 : 0)]);
      }
    }
    std::shuffle(firsts.begin(), firsts.end(), random);
  }
}

TEST_F(TableTest, NextShardGoesOnWhereTheLastReaderStopped) {
  put("a.csv", "text\na\nb\nc\nd\n");
  auto source = make();
  rows_of(*source, {0, {{"a.csv", 0, 2, 1}}}, kNoImages);
  fs::remove(root() / "a.csv");  // who has to open it again finds nothing
  auto found = rows_of(*source, {1, {{"a.csv", 2, 2, 1}}}, kNoImages);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].row.alt_text, "c");
  EXPECT_EQ(found[1].row.alt_text, "d");
}

// A shard that is made again alone must give the bytes it gave among others.
TEST_F(TableTest, ColumnsOfAShardDoNotDependOnOtherShards) {
  std::string lines;
  for (int i = 0; i < 300; ++i) {  // more names than a shard may have, in ten rows
    if (i % 30 == 0) lines += R"({"text":"a","n":"text")";
    lines += ",\"x" + std::to_string(i) + "\":1";
    if (i % 30 == 29) lines += "}\n";
  }
  for (int i = 0; i < 10; ++i) lines += "{\"text\":\"b\",\"n\":1,\"mine\":2}\n";
  for (int i = 0; i < 10; ++i) lines += "{\"text\":\"c\",\"behind\":3}\n";
  put("a.jsonl", lines);
  const ShardSpec before{0, {{"a.jsonl", 0, 10, 1}}};
  const ShardSpec shard{1, {{"a.jsonl", 10, 10, 1}}};
  auto source = make();
  rows_of(*source, before, kNoImages);
  auto among = rows_of(*source, shard, kNoImages);
  auto alone = rows_of(*make(), shard, kNoImages);
  EXPECT_EQ(extras_names(alone[0].row.extras), (std::vector<std::string>{"mine", "n"}));
  EXPECT_EQ(extras_names(among[0].row.extras), extras_names(alone[0].row.extras));
  EXPECT_EQ(extras_value(among[9].row, "mine"), "2");
  EXPECT_EQ(among[9].row.extras_row, alone[9].row.extras_row);
  auto behind = rows_of(*source, {2, {{"a.jsonl", 25, 5, 1}}}, kNoImages);  // passes over some
  EXPECT_EQ(behind.at(4).row.alt_text, "c");
  EXPECT_EQ(extras_names(behind[0].row.extras), std::vector<std::string>{"behind"});
}

TEST_F(TableTest, FileThatHasGoneFailsItsRowsAndAFolderThatHasGoneStops) {
  put("a.csv", "text\na\nb\n");
  auto source = make();
  ShardSpec shard = whole(*source);
  fs::rename(root() / "a.csv", root() / "b.csv");
  auto found = rows_of(*source, shard, kNoImages);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(code(found[0]), Code::kNotFound);
  EXPECT_EQ(std::get<Failed>(found[0].outcome).error.message,
            "a.csv was listed and has gone since");
  fs::remove_all(root());
  auto reader = source->open(shard, kNoImages).value();
  EXPECT_EQ(reader->next().error().code, Code::kNotFound);
}

// A disk that does not answer says nothing of the rows.
TEST_F(TableTest, AFileThatCannotBeReadStops) {
  fs::create_directories(file("a.csv"));  // as little a file as one on a disk that fails
  auto source = make();
  EXPECT_EQ(source->count({.path = "a.csv", .rows = -1, .bytes = 1}).error().code, Code::kIo);
  auto reader = source->open({0, {{"a.csv", 0, 1, 1}}}, kNoImages).value();
  EXPECT_EQ(reader->next().error().code, Code::kIo);
}

// What another source once listed, and the list of files is frozen.
TEST_F(TableTest, AFileThatIsNoTableIsOneFailedRow) {
  put("a.png", "picture");
  auto source = make();
  EXPECT_EQ(source->count({.path = "a.png", .rows = -1, .bytes = 7}).value(), 1);
  ShardSpec shard;
  shard.slices = {{"a.png", 0, 1, 7}};
  auto found = rows_of(*source, shard);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(code(found[0]), Code::kCorrupt);
  EXPECT_NE(std::get<Failed>(found[0].outcome).error.message.find("tables end in"),
            std::string::npos);
}

TEST_F(TableTest, BadRecordsFailWithFileAndLine) {
  put("a.jsonl", "{\"text\":\"a\"}\n{broken\n\n{\"text\":\"b\"}\n");
  put("b.parquet", "no parquet");
  put("c.csv", "");
  auto found = rows({}, kNoImages);
  ASSERT_EQ(found.size(), 5u);
  EXPECT_TRUE(is_on(found[0]));
  EXPECT_TRUE(is_on(found[2]));
  for (std::size_t i : {1u, 3u, 4u}) EXPECT_EQ(code(found[i]), Code::kCorrupt);
  const std::string& why = std::get<Failed>(found[1].outcome).error.message;
  EXPECT_EQ(why, "a.jsonl, line 2 is no JSON object") << "no place on this machine";
  const std::string& other = std::get<Failed>(found[3].outcome).error.message;
  EXPECT_TRUE(other.starts_with("b.parquet")) << other;
  EXPECT_EQ(found[1].row.path, "a.jsonl#1");
  EXPECT_EQ(found[1].row.key, row_key("a.jsonl", 1));
}

}  // namespace
}  // namespace kale
