#include "kale/write/publish.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "kale/io/digest.h"
#include "kale/io/disk_fake.h"
#include "kale/io/parquet/json_extras.h"
#include "kale/io/parquet/table.h"
#include "kale/io/temp_folder.h"
#include "kale/write/pack.h"
#include "kale/write/parquet_sink.h"
#include "kale/write/shard_fake.h"

namespace kale {
namespace {
namespace fs = std::filesystem;

class Publish : public testing::Test {
 protected:
  Publish() { plan_.out = folder_.path(); }

  void add_shard(const FinishedShard& shard) {
    auto written = make_parquet_sink(real_disk(), folder_.path(), "w0")->write(shard);
    ASSERT_TRUE(written) << describe_error(written.error());
    plan_.shards.push_back(*written);
  }

  // Names and digests of everything that a loader would see.
  std::map<std::string, std::string> published() const {
    std::map<std::string, std::string> files;
    if (fs::exists(folder_.path() / "core"))
      for (const auto& entry : fs::directory_iterator(folder_.path() / "core"))
        files[entry.path().filename()] = *xxh128_file(entry.path());
    return files;
  }

  std::string card() const { return *real_disk().read(folder_.path() / "README.md", 1 << 20); }

  static std::vector<std::string> names_of(const PublishReport& report) {
    std::vector<std::string> names;
    for (const PublishedFile& file : report.files) names.push_back(file.name);
    return names;
  }

  std::vector<Row> all_rows(const PublishReport& report) const {
    std::vector<Row> rows;
    for (const PublishedFile& file : report.files) {
      auto reader = TableReader::open(real_disk(), folder_.path() / file.name, "");
      EXPECT_TRUE(reader) << describe_error(reader.error());
      while (auto batch = *(*reader)->next())
        for (Row& row : batch->rows) rows.push_back(std::move(row));
    }
    return rows;
  }

  TempFolder folder_;
  PublishPlan plan_;
};

TEST_F(Publish, GathersKeptRowsInShardOrder) {
  add_shard(fake_shard(0, 7));
  add_shard(fake_shard(1, 4));
  auto report = publish(real_disk(), plan_);
  ASSERT_TRUE(report) << describe_error(report.error());
  EXPECT_TRUE(report->changed);
  EXPECT_EQ(report->rows, 5);
  EXPECT_EQ(names_of(*report), std::vector<std::string>{"core/train-00000-of-00001.parquet"});
  std::vector<std::string> keys;
  for (const Row& row : all_rows(*report)) {
    keys.push_back(row.key);
    EXPECT_EQ(row.alt_text, fake_row(std::stoll(row.key.substr(4))).alt_text);
    EXPECT_EQ(column_names(row.filled),
              "key, path, url, alt_text, licence, attribution, width, height, sha256, "
              "caption_dense, fused_by, caption");
  }
  EXPECT_EQ(keys, (std::vector<std::string>{"key 0 ü", "key 3 ü", "key 6 ü", "key 1000 ü",
                                            "key 1003 ü"}));
}

TEST_F(Publish, ProvenanceSaysWhichWayTheRowWent) {
  add_shard(fake_shard(0, 4));
  auto report = publish(real_disk(), plan_);
  ASSERT_TRUE(report);
  auto reader = TableReader::open(real_disk(), folder_.path() / report->files[0].name, "");
  auto batch = (*reader)->next();
  ASSERT_TRUE(batch && *batch);
  const std::string& first = (*batch)->texts["provenance"][0];
  const std::string& second = (*batch)->texts["provenance"][1];
  EXPECT_NE(first.find(R"("fused_by":"llm")"), std::string::npos) << first;
  EXPECT_NE(second.find(R"("fused_by":"no_candidate")"), std::string::npos) << second;
  EXPECT_NE(first.find(R"("xxh128":"ab12")"), std::string::npos) << first;
  EXPECT_EQ((*batch)->texts["alt_text_de"], (std::vector<std::string>{"Bild 0", ""}));
}

// What JSON calls a number in one shard and a text in the next must not end a run.
TEST_F(Publish, ExtraColumnsWhoseTypesDisagreeBecomeText) {
  using nlohmann::json;
  std::int64_t index = 0;
  for (const json& extras : {json{{"n", 5}, {"o", json::object()}}, json{{"n", "five"}},
                             json{{"n", {1, nullptr}}, {"o", {{"k", true}}}}}) {
    FinishedShard shard = fake_shard(index++, 1);
    shard.rows[0].row.extras = JsonExtras().batch({extras});
    add_shard(shard);
  }
  auto report = publish(real_disk(), plan_);
  ASSERT_TRUE(report) << describe_error(report.error());
  auto reader = TableReader::open(real_disk(), folder_.path() / report->files[0].name, "");
  auto batch = (*reader)->next();
  EXPECT_EQ((*batch)->texts["n"], (std::vector<std::string>{"5", "five", "[1,null]"}));
  EXPECT_EQ((*batch)->texts["o"], (std::vector<std::string>{"{}", "", R"({"k":true})"}));
}

TEST_F(Publish, LeavesOutPathOrUrlWhereNoRowHasIt) {
  FinishedShard shard = fake_shard(0, 2);
  for (FinishedRow& row : shard.rows) row.row.filled = row.row.filled - Columns{Column::kUrl};
  add_shard(shard);
  auto report = publish(real_disk(), plan_);
  ASSERT_TRUE(report);
  auto reader = TableReader::open(real_disk(), folder_.path() / report->files[0].name, "");
  EXPECT_TRUE((*reader)->any_value("path"));
  EXPECT_FALSE((*reader)->any_value("url"));
}

TEST_F(Publish, AnUnchangedDatasetIsLeftAlone) {
  add_shard(fake_shard(0, 7));
  ASSERT_TRUE(publish(real_disk(), plan_));
  FaultDisk untouched(real_disk(), [](std::string_view verb, const fs::path& path) {
    ADD_FAILURE() << verb << " " << path;
    return Status{};
  });
  auto again = publish(untouched, plan_);
  ASSERT_TRUE(again);
  EXPECT_FALSE(again->changed);
  EXPECT_EQ(again->rows, 3);
  ASSERT_EQ(again->formats.size(), 1u);
  EXPECT_EQ(again->formats[0].files, 1);
  EXPECT_GT(again->formats[0].bytes, 0);
}

TEST_F(Publish, AMissingFileOrAnotherOptionPublishesAgain) {
  add_shard(fake_shard(0, 7));
  auto first = publish(real_disk(), plan_);
  ASSERT_TRUE(first);
  auto files = published();
  fs::remove(folder_.path() / first->files[0].name);
  EXPECT_TRUE(publish(real_disk(), plan_)->changed);
  EXPECT_EQ(published(), files);
  fs::remove(folder_.path() / "README.md");
  EXPECT_TRUE(publish(real_disk(), plan_)->changed);
  plan_.options.licence = "cc-by-4.0";
  EXPECT_TRUE(publish(real_disk(), plan_)->changed);
  EXPECT_NE(card().find("license: \"cc-by-4.0\""), std::string::npos);
}

// What a user put into the folder of a format that was never published is not ours to replace.
TEST_F(Publish, AFolderOfAnothersInAFormatsPlaceIsRefused) {
  add_shard(fake_shard(0, 7));
  ASSERT_TRUE(publish(real_disk(), plan_));
  const fs::path mine = folder_.path() / "captions" / "mine.txt";
  fs::create_directories(mine.parent_path());
  plan_.options.formats = {"parquet", "sidecar"};
  EXPECT_TRUE(check_places(real_disk(), plan_.out, plan_.options)) << "an empty one is no loss";
  ASSERT_TRUE(write_whole_file(real_disk(), mine, "precious"));
  for (const Status& refused : {check_places(real_disk(), plan_.out, plan_.options),
                                Status(publish(real_disk(), plan_).error())}) {
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::kBadConfig);
    EXPECT_NE(refused.error().message.find("captions"), std::string::npos);
    EXPECT_NE(refused.error().message.find("mine.txt"), std::string::npos);
    EXPECT_NE(refused.error().message.find("move"), std::string::npos);
  }
  EXPECT_EQ(*real_disk().read(mine, 100), "precious");
  fs::remove(mine);
  EXPECT_TRUE(publish(real_disk(), plan_));
  EXPECT_TRUE(check_places(real_disk(), plan_.out, plan_.options)) << "now it is ours";
}

TEST_F(Publish, ARedoneShardReplacesWhatWasPublished) {
  add_shard(fake_shard(0, 7));
  ASSERT_TRUE(publish(real_disk(), plan_));
  auto before = published();
  FinishedShard redone = fake_shard(0, 7);
  redone.generation = 1;
  redone.rows[0].row.caption = "another caption";
  plan_.shards.clear();
  add_shard(redone);
  auto report = publish(real_disk(), plan_);
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->changed);
  EXPECT_EQ(all_rows(*report)[0].caption, "another caption");
  EXPECT_NE(published(), before);
  EXPECT_EQ(published().size(), 1u);
  EXPECT_FALSE(fs::exists(folder_.path() / "core.aside"));
}

// Rows that are all kept, with captions that hardly compress, so that files fill.
FinishedShard noisy_shard(std::int64_t rows) {
  FinishedShard shard;
  shard.provenance = kFakeProvenance;
  for (std::int64_t i = 0; i < rows; ++i) {
    FinishedRow finished;
    finished.row = fake_row(i);
    finished.row.caption.clear();
    for (int part = 0; part < 16; ++part)
      finished.row.caption += xxh128_hex(fmt::format("{} {}", i, part));
    shard.rows.push_back(std::move(finished));
  }
  return shard;
}

TEST_F(Publish, StartsAFileWhenOneIsFull) {
  plan_.options.file_megabytes = 1;
  add_shard(noisy_shard(2 * kGroupRows + 1));
  auto report = publish(real_disk(), plan_);
  ASSERT_TRUE(report) << describe_error(report.error());
  EXPECT_EQ(names_of(*report), (std::vector<std::string>{"core/train-00000-of-00003.parquet",
                                                         "core/train-00001-of-00003.parquet",
                                                         "core/train-00002-of-00003.parquet"}));
  auto rows = all_rows(*report);
  ASSERT_EQ(rows.size(), static_cast<std::size_t>(2 * kGroupRows + 1));
  EXPECT_EQ(rows.back().key, fake_row(2 * kGroupRows).key);
  std::int64_t bytes = 0;
  for (const PublishedFile& file : report->files)
    bytes += static_cast<std::int64_t>(fs::file_size(folder_.path() / file.name));
  EXPECT_EQ(report->formats[0].bytes, bytes);
  EXPECT_EQ(report->formats[0].files, 3);
}

// Whatever change fails, a loader sees the whole old dataset or the whole new one, and the next
// publish heals.
TEST_F(Publish, ABreakAtAnyChangeLeavesOldOrNew) {
  add_shard(fake_shard(0, 7));
  const PublishPlan before = plan_;
  add_shard(fake_shard(1, 7));
  ASSERT_TRUE(publish(real_disk(), plan_));
  const auto new_files = published();
  ASSERT_TRUE(publish(real_disk(), before));
  const auto old_files = published();
  bool whole = false;
  int broken = 0;
  for (; !whole; ++broken) {
    ASSERT_LT(broken, 100);
    int change = 0;
    FaultDisk disk(real_disk(), [&](std::string_view, const fs::path& path) {
      return change++ == broken ? Status(Error{Code::kIo, path.string() + ": gone"}) : Status{};
    });
    whole = bool(publish(disk, plan_));
    auto seen = published();
    EXPECT_TRUE(seen == old_files || seen == new_files) << "change " << broken;
    auto healed = publish(real_disk(), plan_);
    ASSERT_TRUE(healed) << describe_error(healed.error());
    EXPECT_EQ(published(), new_files);
    EXPECT_FALSE(fs::exists(folder_.path() / "core.aside"));
    ASSERT_TRUE(publish(real_disk(), before));
    EXPECT_EQ(published(), old_files);
  }
  EXPECT_GT(broken, 10);
}

TEST_F(Publish, NamesAPartThatIsGone) {
  add_shard(fake_shard(0, 7));
  fs::remove(folder_.path() / plan_.shards[0].part.name);
  auto report = publish(real_disk(), plan_);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, Code::kNotFound);
  EXPECT_NE(report.error().message.find("part-00000-g0-w0.parquet"), std::string::npos);
  EXPECT_NE(report.error().message.find("kale run"), std::string::npos);
}

TEST_F(Publish, NoRowsGiveAnEmptyDataset) {
  FinishedShard shard = fake_shard(0, 2);
  shard.rows.erase(shard.rows.begin());
  add_shard(shard);
  auto report = publish(real_disk(), plan_);
  ASSERT_TRUE(report) << describe_error(report.error());
  EXPECT_EQ(report->rows, 0);
  EXPECT_EQ(report->files.size(), 1u);
  EXPECT_TRUE(sample_rows(real_disk(), folder_.path(), plan_.shards, 5)->empty());
}

TEST_F(Publish, SamplesAreSpreadOverTheRows) {
  FinishedShard shard = fake_shard(0, 30);
  add_shard(shard);
  ASSERT_TRUE(publish(real_disk(), plan_));
  auto rows = sample_rows(real_disk(), folder_.path(), plan_.shards, 5);
  ASSERT_TRUE(rows);
  std::vector<std::string> keys;
  for (const Row& row : *rows) keys.push_back(row.key);
  EXPECT_EQ(keys,
            (std::vector<std::string>{"key 3 ü", "key 9 ü", "key 15 ü", "key 21 ü", "key 27 ü"}));
  EXPECT_EQ(sample_rows(real_disk(), folder_.path(), plan_.shards, 500)->size(), 10u);
}

TEST_F(Publish, SamplesAreSpreadOverAllParts) {
  add_shard(fake_shard(0, 6));
  add_shard(fake_shard(1, 1));
  add_shard(fake_shard(2, 30));
  auto rows = sample_rows(real_disk(), folder_.path(), plan_.shards, 4);
  ASSERT_TRUE(rows) << describe_error(rows.error());
  std::vector<std::string> keys;
  for (const Row& row : *rows) keys.push_back(row.key);
  EXPECT_EQ(keys, (std::vector<std::string>{"key 3 ü", "key 2003 ü", "key 2015 ü", "key 2024 ü"}));
}

TEST_F(Publish, TheCardCountsRowsAndReasons) {
  add_shard(fake_shard(0, 7));
  ASSERT_TRUE(publish(real_disk(), plan_));
  std::string text = card();
  for (const char* wanted :
       {"license: \"other\"", "- n<1K", "path: core/*.parquet",
        "Of 7 rows of input, 3 are here, 2 were dropped and 2 failed.",
        "| dropped | `no_alt_text` | 2 |", "| failed | `kLimit` | 2 |",
        "| `fused_by` | llm | 2 | 66.7 % |", "| `caption` | 3 | 3.00 | 5 | yes | fake:one |",
        "| fuse | fake:one | `ab12` |", "kale 0.1.0, recipe `kale`, seed 7."})
    EXPECT_NE(text.find(wanted), std::string::npos) << wanted << "\n" << text;
  EXPECT_EQ(text.find("{{"), std::string::npos);
}

}  // namespace
}  // namespace kale
