#include "kale/write/format.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "kale/io/digest.h"
#include "kale/io/disk_fake.h"
#include "kale/io/temp_folder.h"
#include "kale/write/parquet_sink.h"
#include "kale/write/publish.h"
#include "kale/write/shard_fake.h"

namespace kale {
namespace {
namespace fs = std::filesystem;
using nlohmann::ordered_json;

// A source that gives the rows of shards as they were, with their pictures.
class FakeReader : public RowReader {
 public:
  explicit FakeReader(std::vector<SourceRow> rows) : rows_(std::move(rows)) {}
  Result<std::optional<SourceRow>> next() override {
    if (at_ == rows_.size()) return std::optional<SourceRow>();
    return std::optional(rows_[at_++]);
  }

 private:
  std::vector<SourceRow> rows_;
  std::size_t at_ = 0;
};

class Formats : public testing::Test {
 protected:
  Formats() {
    plan_.out = folder_.path();
    plan_.options.formats = {"sidecar", "webdataset", "parquet", "imagefolder"};
    plan_.options.image_bytes = true;
    plan_.open_shard = [this](std::int64_t shard) -> Result<std::unique_ptr<RowReader>> {
      ++opened_;
      return std::unique_ptr<RowReader>(
          std::make_unique<FakeReader>(sources_[static_cast<std::size_t>(shard)]));
    };
  }

  // Of every three rows the first is kept, so with 7 rows: a png, a jpeg, an svg.
  void add_shard(std::int64_t index, std::int64_t rows = 7) {
    static constexpr std::array kFormats{"png", "jpeg", "svg"};
    FinishedShard shard = fake_shard(index, rows);
    std::vector<SourceRow> source;
    for (std::size_t i = 0; i < shard.rows.size(); ++i) {
      Row& row = shard.rows[i].row;
      const std::string bytes = fmt::format("picture {} {}", index, i);
      row.key = xxh128_hex(bytes);
      row.path = fmt::format("birds/{}/train.{}", index, i);
      row.image_format = kFormats[i / 3 % 3];
      row.sha256 = sha256_hex(bytes);
      SourceRow& found = source.emplace_back();
      found.row.key = row.key;
      found.row.image_bytes = std::make_shared<const std::string>(bytes);
    }
    sources_.push_back(std::move(source));
    auto written = make_parquet_sink(real_disk(), folder_.path(), "w0")->write(shard);
    ASSERT_TRUE(written) << describe_error(written.error());
    plan_.shards.push_back(*written);
  }

  // Names and contents of all files in the formats' folders.
  std::map<std::string, std::string> published() const {
    std::map<std::string, std::string> files;
    for (const FormatInfo& info : format_table()) {
      if (!fs::exists(folder_.path() / info.folder)) continue;
      for (const auto& entry : fs::recursive_directory_iterator(folder_.path() / info.folder))
        if (entry.is_regular_file())
          files[fs::relative(entry.path(), folder_.path())] =
              *real_disk().read(entry.path(), 1 << 26);
    }
    return files;
  }

  std::string key(int shard, int row) const {
    return sources_[static_cast<std::size_t>(shard)][static_cast<std::size_t>(row)].row.key;
  }

  TempFolder folder_;
  PublishPlan plan_;
  std::vector<std::vector<SourceRow>> sources_;
  int opened_ = 0;
};

// Member names and contents of a tar without long names.
std::vector<std::pair<std::string, std::string>> members(const std::string& tar) {
  std::vector<std::pair<std::string, std::string>> all;
  for (std::size_t at = 0; at + 512 <= tar.size() && tar[at] != '\0';) {
    std::size_t size = std::stoul(tar.substr(at + 124, 11), nullptr, 8);
    all.emplace_back(tar.substr(at, 100).c_str(), tar.substr(at + 512, size));
    at += 512 + (size + 511) / 512 * 512;
  }
  return all;
}

std::vector<ordered_json> json_lines(const std::string& text) {
  std::vector<ordered_json> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(ordered_json::parse(line));
  return lines;
}

TEST_F(Formats, AllInOnePass) {
  add_shard(0);
  add_shard(1);
  auto report = publish(real_disk(), plan_);
  ASSERT_TRUE(report) << describe_error(report.error());
  EXPECT_EQ(opened_, 2) << "each shard's pictures are read once, whatever the formats";
  std::vector<std::string> told;
  for (const PublishedFormat& format : report->formats)
    told.push_back(fmt::format("{} {} {}", format.name, format.folder, format.files));
  EXPECT_EQ(told, (std::vector<std::string>{"parquet core 1", "webdataset webdataset 1",
                                            "imagefolder imagefolder 5", "sidecar captions 6"}));
  std::int64_t bytes = 0;
  for (const PublishedFormat& format : report->formats) bytes += format.bytes;
  std::int64_t on_disk = 0;
  for (const auto& [name, content] : published()) on_disk += std::ssize(content);
  EXPECT_EQ(bytes, on_disk);
  FaultDisk untouched(real_disk(), [](std::string_view verb, const fs::path& path) {
    ADD_FAILURE() << verb << " " << path;
    return Status{};
  });
  auto again = publish(untouched, plan_);
  ASSERT_TRUE(again);
  EXPECT_FALSE(again->changed);
  EXPECT_EQ(again->formats.size(), 4u);
  EXPECT_EQ(opened_, 2);
}

TEST_F(Formats, WebdatasetSortsFieldsByName) {
  add_shard(0);
  ASSERT_TRUE(publish(real_disk(), plan_));
  auto all = members(published()["webdataset/core-00000.tar"]);
  std::vector<std::string> names;
  for (const auto& [name, content] : all) names.push_back(name);
  EXPECT_EQ(names, (std::vector<std::string>{
                       key(0, 0) + ".json", key(0, 0) + ".png", key(0, 0) + ".txt",
                       key(0, 3) + ".jpg", key(0, 3) + ".json", key(0, 3) + ".txt",
                       key(0, 6) + ".json", key(0, 6) + ".svg", key(0, 6) + ".txt"}));
  ASSERT_EQ(all.size(), 9u);
  EXPECT_EQ(all[1].second, "picture 0 0");
  EXPECT_EQ(all[2].second, fake_row(0).caption);
  ordered_json columns = ordered_json::parse(all[0].second);
  EXPECT_EQ(columns["caption"], fake_row(0).caption);
  EXPECT_EQ(columns["width"], fake_row(0).width);
  EXPECT_EQ(columns["key"], key(0, 0));
  EXPECT_EQ(columns["alt_text_de"], "Bild 0");
  EXPECT_TRUE(columns["provenance"].is_string());
  EXPECT_FALSE(columns.contains("image"));
  EXPECT_TRUE(ordered_json::parse(all[4].second)["alt_text_de"].is_null());
}

TEST_F(Formats, RowsOfOneKeyAreSamplesOfTheirOwn) {
  add_shard(0);
  plan_.options.formats = {"webdataset"};
  plan_.options.image_bytes = false;
  FinishedShard shard = fake_shard(0, 7);
  for (auto& finished : shard.rows) finished.row.key = "aa";
  shard.rows[3].row.key = "bb";  // not side by side
  plan_.shards[0] = *make_parquet_sink(real_disk(), folder_.path(), "w0")->write(shard);
  auto report = publish(real_disk(), plan_);
  ASSERT_TRUE(report) << describe_error(report.error());
  std::vector<std::string> names;
  for (const auto& [name, content] : members(published()["webdataset/core-00000.tar"]))
    names.push_back(name);
  EXPECT_EQ(names, (std::vector<std::string>{"aa.json", "aa.txt", "bb.json", "bb.txt", "aa-2.json",
                                             "aa-2.txt"}));
}

TEST_F(Formats, ATarEndsWithTheRowThatFillsIt) {
  add_shard(0);
  plan_.options.formats = {"webdataset"};
  plan_.options.file_megabytes = 1;
  const std::string big(600'000, 'x');
  for (SourceRow& row : sources_[0]) row.row.image_bytes = std::make_shared<const std::string>(big);
  FinishedShard shard = fake_shard(0, 7);
  for (std::size_t i = 0; i < shard.rows.size(); ++i) {
    shard.rows[i].row.key = sources_[0][i].row.key;
    shard.rows[i].row.sha256 = sha256_hex(big);
  }
  plan_.shards[0] = *make_parquet_sink(real_disk(), folder_.path(), "w0")->write(shard);
  auto report = publish(real_disk(), plan_);
  ASSERT_TRUE(report) << describe_error(report.error());
  ASSERT_EQ(report->files.size(), 2u);
  EXPECT_EQ(report->files[1].name, "webdataset/core-00001.tar");
  EXPECT_EQ(members(published()["webdataset/core-00000.tar"]).size(), 6u);
  EXPECT_EQ(members(published()["webdataset/core-00001.tar"]).size(), 3u);
}

TEST_F(Formats, ImagefolderNamesItsPicturesFirstAndByKey) {
  add_shard(0);
  ASSERT_TRUE(publish(real_disk(), plan_));
  auto files = published();
  auto lines = json_lines(files["imagefolder/metadata.jsonl"]);
  ASSERT_EQ(lines.size(), 3u);
  const std::string name = fmt::format("{}/{}.png", key(0, 0).substr(0, 2), key(0, 0));
  EXPECT_EQ(lines[0].begin().key(), "file_name");
  EXPECT_EQ(lines[0]["file_name"], name);
  EXPECT_EQ(lines[0]["text"], fake_row(0).caption);
  EXPECT_EQ(lines[0]["path"], "birds/0/train.0");
  EXPECT_EQ(files["imagefolder/" + name], "picture 0 0");
  EXPECT_TRUE(lines[2]["file_name"].is_null()) << "no image library reads SVG";
}

TEST_F(Formats, WithoutPicturesTheSourceIsNotAsked) {
  add_shard(0);
  plan_.options.image_bytes = false;
  plan_.open_shard = nullptr;
  auto report = publish(real_disk(), plan_);
  ASSERT_TRUE(report) << describe_error(report.error());
  auto files = published();
  EXPECT_EQ(members(files["webdataset/core-00000.tar"]).size(), 6u);
  auto lines = json_lines(files["imagefolder/metadata.jsonl"]);
  EXPECT_EQ(lines[1]["file_name"], "birds/0/train.3") << "as the folder of pictures has it";
  EXPECT_EQ(files["captions/birds/0/train.txt"], fake_row(0).caption + "\n");
  EXPECT_EQ(files["captions/birds/0/train-2.txt"], fake_row(3).caption + "\n");
}

TEST_F(Formats, APictureThatChangedIsAnErrorThatNamesRowAndCure) {
  add_shard(0);
  ASSERT_TRUE(publish(real_disk(), plan_));
  auto before = published();
  add_shard(1);
  sources_[1][3].row.image_bytes = std::make_shared<const std::string>("another");
  auto report = publish(real_disk(), plan_);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, Code::kNotFound);
  for (const std::string& told :
       {std::string("birds/1/train.3"), key(1, 3), std::string("has changed"),
        plan_.shards[1].part.name, std::string("publish.image_bytes=false")})
    EXPECT_NE(report.error().message.find(told), std::string::npos) << report.error().message;
  EXPECT_EQ(published(), before);
}

TEST_F(Formats, APictureThatHasGoneIsAnError) {
  add_shard(0);
  auto gone = [&] {
    auto report = publish(real_disk(), plan_);
    EXPECT_FALSE(report);
    EXPECT_TRUE(published().empty());
    return report ? "" : report.error().message;
  };
  const auto whole = sources_[0];
  sources_[0][3].outcome = Failed{Error{Code::kNotFound, "was listed and has gone since"}};
  EXPECT_NE(gone().find("has gone since"), std::string::npos);
  sources_[0] = {whole.begin(), whole.begin() + 5};
  EXPECT_NE(gone().find("birds/0/train.6"), std::string::npos);
  sources_[0] = whole;
  std::swap(sources_[0][3], sources_[0][4]);
  EXPECT_NE(gone().find(whole[4].row.key), std::string::npos);
  sources_[0] = whole;
  sources_[0][4].outcome = Failed{Error{Code::kNotFound, "of a row that was dropped"}};
  EXPECT_TRUE(publish(real_disk(), plan_));
}

TEST_F(Formats, AFormatNoLongerAskedForGoesAndFoldersOfOthersStay) {
  add_shard(0);
  fs::create_directories(folder_.path() / "captions");
  std::ofstream(folder_.path() / "captions" / "mine.txt") << "precious";
  plan_.options.formats = {"parquet", "webdataset"};
  ASSERT_TRUE(publish(real_disk(), plan_));
  plan_.options.formats = {"parquet"};
  auto report = publish(real_disk(), plan_);
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->changed);
  EXPECT_FALSE(fs::exists(folder_.path() / "webdataset"));
  EXPECT_EQ(report->removed, std::vector<std::string>{"webdataset"});
  EXPECT_TRUE(fs::exists(folder_.path() / "captions" / "mine.txt"));
}

TEST_F(Formats, ARemovedFolderPublishesAgain) {
  add_shard(0);
  ASSERT_TRUE(publish(real_disk(), plan_));
  auto before = published();
  fs::remove_all(folder_.path() / "captions");
  auto report = publish(real_disk(), plan_);
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->changed);
  EXPECT_EQ(published(), before);
}

TEST_F(Formats, UnknownOrNoFormatsAreRefused) {
  for (const std::vector<std::string>& formats : {std::vector<std::string>{}, {"parquet", "zip"}}) {
    plan_.options.formats = formats;
    Status checked = check_publish(plan_.options);
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, Code::kBadConfig);
    EXPECT_NE(checked.error().message.find("webdataset"), std::string::npos);
  }
}

// The files of one folder among all.
std::map<std::string, std::string> below(const std::map<std::string, std::string>& files,
                                         std::string_view folder) {
  std::map<std::string, std::string> some;
  for (const auto& [name, content] : files)
    if (name.starts_with(folder)) some.emplace(name, content);
  return some;
}

// Whatever change fails, each folder is the whole old one or the whole new one, nothing new is seen
// before all is written, and the next publish heals.
TEST_F(Formats, ABreakAtAnyChangeLeavesEachFolderOldOrNew) {
  add_shard(0, 1);
  ASSERT_TRUE(publish(real_disk(), plan_));
  const auto old_files = published();
  add_shard(1, 4);
  TempFolder old;
  fs::copy(folder_.path(), old.path(), fs::copy_options::recursive);
  ASSERT_TRUE(publish(real_disk(), plan_));
  const auto new_files = published();
  bool whole = false;
  int mixed = 0;
  for (int broken = 0; !whole; ++broken) {
    ASSERT_LT(broken, 300);
    fs::remove_all(folder_.path());
    fs::copy(old.path(), folder_.path(), fs::copy_options::recursive);
    int change = 0;
    FaultDisk disk(real_disk(), [&](std::string_view, const fs::path& path) {
      return change++ == broken ? Status(Error{Code::kIo, path.string() + ": gone"}) : Status{};
    });
    whole = bool(publish(disk, plan_));
    auto seen = published();
    mixed += seen != old_files && seen != new_files ? 1 : 0;
    for (const FormatInfo& info : format_table()) {
      auto folder = below(seen, info.folder);
      EXPECT_TRUE(folder == below(old_files, info.folder) ||
                  folder == below(new_files, info.folder))
          << info.folder << " at change " << broken;
    }
    auto healed = publish(real_disk(), plan_);
    ASSERT_TRUE(healed) << describe_error(healed.error());
    EXPECT_EQ(published(), new_files) << "change " << broken;
    for (const FormatInfo& info : format_table())
      EXPECT_FALSE(fs::exists(folder_.path() / (std::string(info.folder) + ".aside")));
  }
  EXPECT_GT(mixed, 0) << "the folders are exchanged one after another";
  EXPECT_LE(mixed, 8) << "and only then old and new stand side by side";
}

// Going back to the old plan while a publish of the new one is half done must not pass for done.
TEST_F(Formats, APublishCutBetweenTwoFoldersIsNotTakenForTheOldOne) {
  add_shard(0, 1);
  ASSERT_TRUE(publish(real_disk(), plan_));
  const auto old_files = published();
  PublishPlan other = plan_;
  other.options.formats = {"sidecar", "parquet"};
  FaultDisk disk(real_disk(), [](std::string_view verb, const fs::path& path) {
    return verb == "exchange" && path.filename() == "captions" ? Status(Error{Code::kIo, "killed"})
                                                               : Status{};
  });
  ASSERT_FALSE(publish(disk, other));
  auto report = publish(real_disk(), plan_);
  ASSERT_TRUE(report) << describe_error(report.error());
  EXPECT_TRUE(report->changed);
  EXPECT_EQ(published(), old_files);
  EXPECT_FALSE(publish(real_disk(), plan_)->changed);
}

}  // namespace
}  // namespace kale
