#include "kale/write/parquet_sink.h"

#include <gtest/gtest.h>

#include <fstream>

#include "kale/io/digest.h"
#include "kale/io/disk_fake.h"
#include "kale/io/temp_folder.h"
#include "kale/write/shard_fake.h"

namespace kale {
namespace {

// What a row holds in the columns that are filled; the others are of no account.
void expect_same_row(const Row& got, const Row& given) {
  EXPECT_EQ(column_names(got.filled), column_names(given.filled));
  for (const ColumnInfo& info : column_table()) {
    if (info.transient() || !given.filled.has(info.column)) continue;
    SCOPED_TRACE(info.name);
    if (auto* text = std::get_if<std::string Row::*>(&info.field)) {
      EXPECT_EQ(got.*(*text), given.*(*text));
    } else if (auto* whole = std::get_if<std::int64_t Row::*>(&info.field)) {
      EXPECT_EQ(got.*(*whole), given.*(*whole));
    } else if (auto* real = std::get_if<double Row::*>(&info.field)) {
      EXPECT_EQ(got.*(*real), given.*(*real));
    }
  }
}

TEST(ParquetSink, GivesBackWhatWasWritten) {
  TempFolder folder;
  auto sink = make_parquet_sink(real_disk(), folder.path(), "w0");
  FinishedShard shard = fake_shard(3, 10);
  auto written = sink->write(shard);
  ASSERT_TRUE(written) << describe_error(written.error());
  EXPECT_EQ(written->part.name, "parts/part-00003-g0-w0.parquet");
  EXPECT_EQ(written->rejects.name, "rejects/rejects-00003-g0-w0.parquet");
  EXPECT_EQ(written->part.rows, 4);
  EXPECT_EQ(written->rejects.rows, 6);
  EXPECT_EQ(written->reasons,
            (std::map<std::string, std::int64_t>{{"drop:no_alt_text", 3}, {"fail:kLimit", 3}}));
  EXPECT_EQ(written->part.digest, *xxh128_file(folder.path() / written->part.name));
  EXPECT_EQ(
      written->part.bytes,
      static_cast<std::int64_t>(std::filesystem::file_size(folder.path() / written->part.name)));

  auto rows = sink->read(*written);
  ASSERT_TRUE(rows) << describe_error(rows.error());
  ASSERT_EQ(rows->size(), shard.rows.size());
  for (std::size_t i = 0; i < rows->size(); ++i) {
    const FinishedRow& got = (*rows)[i];
    const FinishedRow& given = shard.rows[i];
    EXPECT_EQ(got.fate, given.fate);
    EXPECT_EQ(got.step, given.step);
    EXPECT_EQ(got.reason, given.reason);
    EXPECT_EQ(got.detail, given.detail);
    expect_same_row(got.row, given.row);
    EXPECT_EQ(extras_value(got.row, "alt_text_de"), extras_value(given.row, "alt_text_de"));
  }
}

TEST(ParquetSink, SameRowsGiveSameBytesAlsoAfterReadingThemBack) {
  TempFolder folder;
  auto sink = make_parquet_sink(real_disk(), folder.path(), "w0");
  FinishedShard shard = fake_shard(0, 30);
  auto first = sink->write(shard);
  ASSERT_TRUE(first);
  auto rows = sink->read(*first);
  ASSERT_TRUE(rows);
  auto again = sink->write(shard);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->part.digest, first->part.digest);
  EXPECT_EQ(again->rejects.digest, first->rejects.digest);
  shard.rows = std::move(*rows);
  auto redone = sink->write(shard);
  ASSERT_TRUE(redone);
  EXPECT_EQ(redone->part.digest, first->part.digest);
  EXPECT_EQ(redone->rejects.digest, first->rejects.digest);
}

TEST(ParquetSink, WritesAPartWhereNoRowWasKept) {
  TempFolder folder;
  auto sink = make_parquet_sink(real_disk(), folder.path(), "w0");
  FinishedShard shard = fake_shard(0, 2);
  shard.rows.erase(shard.rows.begin());
  auto written = sink->write(shard);
  ASSERT_TRUE(written);
  EXPECT_EQ(written->part.rows, 0);
  EXPECT_TRUE(std::filesystem::exists(folder.path() / written->part.name));
  auto rows = sink->read(*written);
  ASSERT_TRUE(rows) << describe_error(rows.error());
  EXPECT_EQ(rows->size(), 1u);
}

TEST(ParquetSink, ReplacesBytesThatAreNotUtf8) {
  TempFolder folder;
  auto sink = make_parquet_sink(real_disk(), folder.path(), "w0");
  FinishedShard shard = fake_shard(0, 1);
  shard.rows[0].row.alt_text = "caf\xE9 \xF0\x9F\x90\xA7";
  auto written = sink->write(shard);
  ASSERT_TRUE(written);
  auto rows = sink->read(*written);
  ASSERT_TRUE(rows);
  EXPECT_EQ((*rows)[0].row.alt_text, "caf\xEF\xBF\xBD \xF0\x9F\x90\xA7");
}

TEST(ParquetSink, WritesRejectsThenPartEachSyncedBeforeItsName) {
  TempFolder folder;
  std::vector<std::string> changes;
  FaultDisk disk(real_disk(), [&](std::string_view verb, const std::filesystem::path& path) {
    changes.push_back(fmt::format("{} {}", verb, path.filename().string()));
    return Status{};
  });
  ASSERT_TRUE(make_parquet_sink(disk, folder.path(), "w0")->write(fake_shard(1, 6)));
  std::vector<std::string> wanted;
  for (std::string file : {"rejects-00001-g0-w0.parquet", "part-00001-g0-w0.parquet"}) {
    for (const char* verb : {"create ", "append ", "sync ", "close "})
      wanted.push_back(verb + file + ".aside");
    wanted.push_back("rename " + file);
  }
  EXPECT_EQ(changes, wanted);
}

TEST(ParquetSink, AFailingDiskGivesAnErrorAndNoFinalName) {
  int changes = 10;  // as counted above
  for (int broken = 0; broken < changes; ++broken) {
    TempFolder folder;
    int change = 0;
    FaultDisk disk(real_disk(), [&](std::string_view, const std::filesystem::path& path) {
      if (change++ == broken)
        return Status(Error{Code::kIo, path.string() + ": no space left on device"});
      return Status{};
    });
    auto written = make_parquet_sink(disk, folder.path(), "w0")->write(fake_shard(1, 6));
    ASSERT_FALSE(written) << "change " << broken;
    EXPECT_EQ(written.error().code, Code::kIo);
    EXPECT_NE(written.error().message.find("no space left"), std::string::npos)
        << written.error().message;
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "parts/part-00001-g0-w0.parquet"));
    EXPECT_EQ(std::filesystem::exists(folder.path() / "rejects/rejects-00001-g0-w0.parquet"),
              broken >= 5);
  }
}

TEST(ParquetSink, NamesAMissingOrChangedFileAndTheCure) {
  TempFolder folder;
  auto sink = make_parquet_sink(real_disk(), folder.path(), "w0");
  auto written = sink->write(fake_shard(0, 6));
  ASSERT_TRUE(written);
  std::filesystem::path part = folder.path() / written->part.name;
  { std::fstream(part, std::ios::in | std::ios::out | std::ios::binary).seekp(40).put('\x7f'); }
  auto changed = sink->read(*written);
  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().code, Code::kCorrupt);
  EXPECT_NE(changed.error().message.find("part-00000-g0-w0.parquet"), std::string::npos);
  EXPECT_NE(changed.error().message.find("run `kale run` again"), std::string::npos);
  std::filesystem::remove(part);
  auto missing = sink->read(*written);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Code::kNotFound);
}

}  // namespace
}  // namespace kale
