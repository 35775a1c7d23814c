#include "kale/io/parquet/records.h"

#include <arrow/buffer.h>
#include <arrow/io/interfaces.h>
#include <arrow/util/future.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <span>
#include <thread>

#include "kale/io/file_fake.h"
#include "kale/io/parquet/arrow_door.h"
#include "kale/io/parquet/foreign_table_fake.h"
#include "kale/io/parquet/record_batches.h"
#include "kale/io/parquet/records_fake.h"
#include "kale/io/temp_folder.h"

namespace kale {
namespace {

namespace fs = std::filesystem;

RecordWants wants(bool images = true) {
  RecordWants all{{}, images};
  auto set = [&](Role role, std::vector<std::string> names) {
    all.names[static_cast<std::size_t>(role)] = std::move(names);
  };
  set(Role::kAltText, {"text", "TEXT"});
  set(Role::kImage, {"image"});
  set(Role::kUid, {"uid"});
  return all;
}

std::string contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

ForeignTable numbered(int rows) {
  ForeignTable table;
  std::vector<ForeignTable::Text> texts;
  std::vector<std::pair<ForeignTable::Text, ForeignTable::Text>> pictures;
  std::vector<std::int64_t> numbers;
  for (int i = 0; i < rows; ++i) {
    texts.push_back("thing " + std::to_string(i));
    pictures.push_back({"bytes " + std::to_string(i), std::to_string(i) + ".png"});
    numbers.push_back(i);
  }
  table.texts("text", texts).pictures("image", pictures).wholes("number", numbers);
  return table;
}

class RecordsTest : public testing::Test {
 protected:
  fs::path file(const std::string& name) const { return folder_.path() / name; }
  void damage(const fs::path& path, std::size_t at, std::string_view bytes) {
    std::fstream out(path, std::ios::binary | std::ios::in | std::ios::out);
    out.seekp(static_cast<std::streamoff>(at));
    out << bytes;
  }
  TempFolder folder_;
};

TEST_F(RecordsTest, EveryFormGivesTheSameRecords) {
  ForeignTable table = numbered(25);
  table.write_parquet(file("a.parquet"), 10);
  table.write_arrow_file(file("b.arrow"), 10);
  table.write_arrow_stream(file("c.arrow"), 10);
  EXPECT_EQ(count_parquet_records(file("a.parquet")).value(), 25);
  EXPECT_EQ(count_arrow_records(file("b.arrow")).value(), 25);
  EXPECT_EQ(count_arrow_records(file("c.arrow")).value(), 25);
  for (const char* name : {"a.parquet", "b.arrow", "c.arrow"}) {
    auto reader = fs::path(name).extension() == ".parquet"
                      ? open_parquet_records(file(name), wants())
                      : open_arrow_records(file(name), wants());
    ASSERT_TRUE(reader) << name;
    auto records = all_records(**reader);
    ASSERT_EQ(records.size(), 25u) << name;
    for (std::size_t i = 0; i < records.size(); ++i) {
      std::string number = std::to_string(i);
      ASSERT_FALSE(records[i].error) << name << ": " << records[i].error->message;
      EXPECT_EQ(records[i].text(Role::kAltText), "thing " + number);
      EXPECT_EQ(records[i].text(Role::kImage), number + ".png");
      EXPECT_EQ(*records[i].image, "bytes " + number);
      EXPECT_EQ(extra_text(records[i], "number"), number);
      EXPECT_EQ(extras_names(records[i].extras), std::vector<std::string>{"number"});
    }
  }
}

TEST_F(RecordsTest, SkippingLeadsToTheSameRecordsWhereverItStarts) {
  ForeignTable table = numbered(25);
  table.write_parquet(file("a.parquet"), 7);
  table.write_arrow_stream(file("a.arrow"), 7);
  for (std::int64_t first = 0; first <= 26; ++first) {
    for (bool parquet : {true, false}) {
      auto reader = parquet ? open_parquet_records(file("a.parquet"), wants()).value()
                            : open_arrow_records(file("a.arrow"), wants()).value();
      EXPECT_EQ(reader->skip(first).value(), std::min<std::int64_t>(first, 25));
      auto record = reader->next().value();
      ASSERT_EQ(record.has_value(), first < 25) << first;
      if (record) {
        EXPECT_EQ(record->text(Role::kAltText), "thing " + std::to_string(first));
      }
      EXPECT_EQ(reader->skip(3).value(), std::clamp<std::int64_t>(24 - first, 0, 3));
      auto later = reader->next().value();
      ASSERT_EQ(later.has_value(), first + 4 < 25);
      if (later) {
        EXPECT_EQ(later->text(Role::kAltText), "thing " + std::to_string(first + 4));
      }
    }
  }
}

TEST_F(RecordsTest, PicturesAreReadOnlyWhereWanted) {
  numbered(3).write_parquet(file("a.parquet"));
  auto records = all_records(*open_parquet_records(file("a.parquet"), wants(false)).value());
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[1].image, nullptr);
  EXPECT_EQ(records[1].text(Role::kImage), "1.png");
  ForeignTable().bytes("image", {"x"}).write_parquet(file("b.parquet"));
  records = all_records(*open_parquet_records(file("b.parquet"), wants(false)).value());
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].image, nullptr);
  EXPECT_EQ(records[0].extras, nullptr);
}

TEST_F(RecordsTest, TypesTravelAndTextComesInManyTypes) {
  ForeignTable table;
  table.large_texts("text", {"a", std::nullopt})
      .wholes("uid", {7, 8})
      .bytes("image", {"p", std::nullopt})
      .coded_texts("kind", {"k", "k"})
      .days("day", {0, 1})
      .text_lists("tags", {{"x", "y"}, {}})
      .unions("odd", {4, 5});
  table.write_arrow_stream(file("a.arrow"));
  auto records = all_records(*open_arrow_records(file("a.arrow"), wants()).value());
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].text(Role::kAltText), "a");
  EXPECT_FALSE(records[1].text(Role::kAltText));
  EXPECT_EQ(records[1].text(Role::kUid), "8");
  EXPECT_EQ(extra_text(records[1], "uid"), "8");  // a row keeps only the hash
  EXPECT_EQ(*records[0].image, "p");
  EXPECT_EQ(records[1].image, nullptr);
  EXPECT_EQ(extra_text(records[0], "day"), "1970-01-01");
  EXPECT_NE(extra_text(records[0], "tags").find("y"), std::string::npos);
  EXPECT_NE(extra_text(records[1], "odd").find("5"),
            std::string::npos);  // no type of parquet: as text
}

TEST_F(RecordsTest, TextThatIsNotUtf8ReachesTheCallerAndIsMendedWhereItTravels) {
  ForeignTable()
      .texts("text", {"caf\xe9"})
      .texts("more", {"caf\xe9"})
      .write_parquet(file("a.parquet"));
  auto records = all_records(*open_parquet_records(file("a.parquet"), wants()).value());
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].text(Role::kAltText), "caf\xe9");
  EXPECT_EQ(extra_text(records[0], "more"), "caf\xef\xbf\xbd");
}

TEST_F(RecordsTest, ColumnOfAnotherTypeFailsItsRecords) {
  ForeignTable().text_lists("text", {{"a"}}).write_parquet(file("a.parquet"));
  auto records = all_records(*open_parquet_records(file("a.parquet"), wants()).value());
  ASSERT_EQ(records.size(), 1u);
  ASSERT_TRUE(records[0].error);
  EXPECT_NE(records[0].error->message.find("column 'text' is list"), std::string::npos)
      << records[0].error->message;
}

TEST_F(RecordsTest, DamagedPageFailsTheRestOfItsRowGroupAlone) {
  ForeignTable table;
  std::vector<ForeignTable::Text> texts;
  for (int i = 0; i < 30; ++i) texts.push_back("unmistakable " + std::to_string(100 + i));
  table.texts("text", texts).write_parquet(file("a.parquet"), 10);
  std::string bytes = contents(file("a.parquet"));
  std::size_t second_group = bytes.find("unmistakable 110");
  ASSERT_NE(second_group, std::string::npos);
  damage(file("a.parquet"), second_group - 4, "\xff\xff\xff\x7f");  // the length of the text
  EXPECT_EQ(count_parquet_records(file("a.parquet")).value(), 30);
  auto records = all_records(*open_parquet_records(file("a.parquet"), wants()).value());
  ASSERT_EQ(records.size(), 30u);
  for (std::size_t i = 0; i < records.size(); ++i)
    EXPECT_EQ(records[i].error.has_value(), i >= 10 && i < 20) << i;
  auto reader = open_parquet_records(file("a.parquet"), wants()).value();
  EXPECT_EQ(reader->skip(15).value(), 15);
  EXPECT_EQ(reader->next().value()->error->message, records[15].error->message);
  EXPECT_EQ(reader->skip(4).value(), 4);
  EXPECT_EQ(reader->next().value()->text(Role::kAltText), "unmistakable 120");
  const std::string& told = records[10].error->message;
  for (const char* part : {"a.parquet, column 'text', row group 1, from row 10 on: ", "copy it"})
    EXPECT_NE(told.find(part), std::string::npos) << told;
}

TEST_F(RecordsTest, ATableThatIsReadToItsEndHoldsNoMemory) {
  constexpr int kRows = 40;
  ForeignTable table;
  table.bytes("image", std::vector<ForeignTable::Text>(kRows, std::string(100'000, 'x')))
      .texts("note", std::vector<ForeignTable::Text>(kRows, std::string(10'000, 'n')));
  table.write_parquet(file("a.parquet"), kRows / 2);
  table.write_arrow_stream(file("b.arrow"), kRows / 2);
  for (const char* name : {"a.parquet", "b.arrow"}) {
    const std::int64_t before = arrow::default_memory_pool()->bytes_allocated();
    auto reader = std::string_view(name) == "a.parquet"
                      ? open_parquet_records(file(name), wants()).value()
                      : open_arrow_records(file(name), wants()).value();
    EXPECT_EQ(all_records(*reader).size(), static_cast<std::size_t>(kRows));
    const std::int64_t held = arrow::default_memory_pool()->bytes_allocated() - before;
    EXPECT_LT(held, 100'000) << name;
  }
}

TEST(OpenTable, MemoryIsALimitAndNoDamage) {
  OpenTable table{"a.parquet"};
  Status refused = table.guarded(
      [&] { return arrow::AllocateBuffer(kTableMemoryMax + 1, &table.memory.pool).status(); });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kLimit);
  EXPECT_NE(refused.error().message.find("smaller pages"), std::string::npos);
  EXPECT_EQ(refused.error().message.find("copy it"), std::string::npos);
}

TEST_F(RecordsTest, StreamThatBreaksOffEndsWithOneFailedRecord) {
  numbered(30).write_arrow_stream(file("a.arrow"), 10);
  std::string bytes = contents(file("a.arrow"));
  fs::resize_file(file("a.arrow"), bytes.size() * 2 / 3);
  std::int64_t count = count_arrow_records(file("a.arrow")).value();
  auto records = all_records(*open_arrow_records(file("a.arrow"), wants()).value());
  ASSERT_EQ(records.size(), static_cast<std::size_t>(count));
  EXPECT_EQ(count % 10, 1);
  EXPECT_TRUE(records.back().error);
  EXPECT_FALSE(records.front().error);
}

// Whatever byte is wrong, nothing crashes, and counting agrees with reading.
TEST_F(RecordsTest, AnyDamagedByteIsSurvived) {
  constexpr std::size_t kStride = 11;  // a prime: every kind of byte is met
  ForeignTable table = numbered(12);
  table.text_lists("tags", std::vector<std::vector<std::string>>(12, {"x", "y"}));
  table.write_parquet(file("whole.parquet"), 5);
  table.write_arrow_stream(file("whole.arrow"), 5);
  for (const char* name : {"whole.parquet", "whole.arrow"}) {
    bool parquet = std::string_view(name) == "whole.parquet";
    std::string bytes = contents(file(name));
    for (std::size_t at = 0; at < bytes.size(); at += kStride) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << (at % 8)));
      std::ofstream(file("damaged"), std::ios::binary) << damaged;
      auto count =
          parquet ? count_parquet_records(file("damaged")) : count_arrow_records(file("damaged"));
      auto reader = parquet ? open_parquet_records(file("damaged"), wants())
                            : open_arrow_records(file("damaged"), wants());
      if (!reader) continue;
      ASSERT_TRUE(count) << name << " " << at;
      EXPECT_EQ(static_cast<std::int64_t>(all_records(**reader).size()), *count)
          << name << " " << at;
    }
  }
}

// A table whose disk does not answer from some byte on fails no record: the run stops.
TEST_F(RecordsTest, WhatTheDiskRefusesIsNoRecordsFault) {
  ForeignTable table = numbered(300);
  table.write_parquet(file("a.parquet"), 100);
  table.write_arrow_file(file("b.arrow"), 100);
  table.write_arrow_stream(file("c.arrow"), 100);
  for (const char* name : {"a.parquet", "b.arrow", "c.arrow"}) {
    std::string bytes = contents(file(name));
    for (std::size_t place = 0; place < 12; ++place) {
      auto fails_at = static_cast<std::int64_t>(bytes.size() * place / 12);
      for (bool skips : {false, true}) {
        auto broken = std::make_unique<MemoryFile>(bytes, fails_at);
        auto reader = fs::path(name).extension() == ".parquet"
                          ? read_parquet_records(std::move(broken), name, wants())
                          : read_arrow_records(std::move(broken), name, wants());
        std::optional<Error> error;
        if (!reader) error = reader.error();
        for (int i = 0; i <= 300 && !error; ++i) {
          if (skips) {
            auto passed = (*reader)->skip(7);
            if (!passed) error = passed.error();
            if (passed && *passed == 0) break;
          }
          auto record = (*reader)->next();
          if (!record) error = record.error();
          if (!record || !*record) break;
          EXPECT_FALSE((*record)->error) << (*record)->error->message;
        }
        ASSERT_TRUE(error) << name << " " << place;
        EXPECT_EQ(error->code, Code::kIo) << error->message;
        EXPECT_NE(error->message.find("the disk does not answer"), std::string::npos);
      }
    }
  }
}

class ThreadNotingFile : public ReadableFile {
 public:
  explicit ThreadNotingFile(std::vector<std::thread::id>& seen) : seen_(seen) {}
  std::int64_t bytes() const override { return 100; }
  Result<std::size_t> read_at(std::int64_t, std::span<char> out) override {
    seen_.push_back(std::this_thread::get_id());
    return out.size();
  }

 private:
  std::vector<std::thread::id>& seen_;
};

// On another one, what was read would be given up when the table and its memory may have gone.
TEST_F(RecordsTest, ArrowReadsAheadOnTheCallersThread) {
  std::vector<std::thread::id> seen;
  TableMemory memory;
  arrow::io::IOContext context;
  std::shared_ptr<arrow::io::RandomAccessFile> input =
      arrow_input(std::make_shared<ThreadNotingFile>(seen), &memory.pool);
  for (const auto& future :
       {input->ReadAsync(context, 0, 10), input->ReadAsync(context, 10, 10, true)}) {
    ASSERT_TRUE(future.result().ok());
    EXPECT_EQ((*future.result())->size(), 10);
  }
  std::thread::id here = std::this_thread::get_id();
  EXPECT_EQ(seen, (std::vector{here, here}));
}

TEST_F(RecordsTest, FilesThatAreNoTablesAreErrors) {
  std::ofstream(file("empty.parquet"));
  std::ofstream(file("text.parquet")) << "version https://git-lfs.github.com/spec/v1\n";
  EXPECT_EQ(count_parquet_records(file("empty.parquet")).error().code, Code::kCorrupt);
  EXPECT_EQ(open_parquet_records(file("text.parquet"), wants()).error().code, Code::kCorrupt);
  EXPECT_EQ(open_arrow_records(file("text.parquet"), wants()).error().code, Code::kCorrupt);
  EXPECT_EQ(open_parquet_records(file("none.parquet"), wants()).error().code, Code::kNotFound);
}

TEST_F(RecordsTest, TablesOfTooManyColumnsAreErrors) {
  ForeignTable table = numbered(1);  // a text, a picture of two leaves, a number
  for (std::size_t i = 4; i < kTableColumnsMax; ++i) table.wholes("n" + std::to_string(i), {1});
  table.write_parquet(file("a.parquet"));
  table.write_arrow_file(file("a.arrow"));
  EXPECT_TRUE(open_parquet_records(file("a.parquet"), wants()));
  EXPECT_TRUE(open_arrow_records(file("a.arrow"), wants()));
  table.wholes("one more", {1});
  table.write_parquet(file("a.parquet"));
  table.write_arrow_file(file("a.arrow"));
  auto parquet = open_parquet_records(file("a.parquet"), wants());
  auto arrow = open_arrow_records(file("a.arrow"), wants());
  ASSERT_FALSE(parquet);
  ASSERT_FALSE(arrow);
  EXPECT_EQ(parquet.error().code, Code::kLimit);
  EXPECT_EQ(arrow.error().code, Code::kLimit);
  EXPECT_NE(parquet.error().message.find("2001 columns, the limit is 2000"), std::string::npos);
  EXPECT_NE(arrow.error().message.find("2001 columns, the limit is 2000"), std::string::npos);
}

}  // namespace
}  // namespace kale
