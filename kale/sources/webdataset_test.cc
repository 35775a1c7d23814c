#include "kale/sources/webdataset.h"

#include <gtest/gtest.h>

#include <fstream>

#include "kale/core/executor_fake.h"
#include "kale/io/parquet/extras.h"
#include "kale/io/tar/tar_fake.h"
#include "kale/io/temp_folder.h"
#include "kale/sources/row_key.h"
#include "kale/sources/sample_row.h"

namespace kale {
namespace {

namespace fs = std::filesystem;

std::vector<FakeMember> sample(const std::string& key, std::string_view text = "A thing.",
                               std::string_view json = "") {
  std::vector<FakeMember> members{{key + ".jpg", "picture " + key}};
  if (!json.empty()) members.push_back({key + ".json", std::string(json)});
  if (!text.empty()) members.push_back({key + ".txt", std::string(text)});
  return members;
}

std::vector<FakeMember> samples(int count) {
  std::vector<FakeMember> members;
  for (int i = 0; i < count; ++i)
    for (FakeMember& member : sample(std::to_string(i))) members.push_back(std::move(member));
  return members;
}

class WebdatasetTest : public testing::Test {
 protected:
  void put(const std::string& name, const std::string& bytes) {
    fs::create_directories((root() / name).parent_path());
    std::ofstream(root() / name, std::ios::binary) << bytes;
  }
  void put(const std::string& name, const std::vector<FakeMember>& members) {
    put(name, fake_tar(members));
  }

  std::unique_ptr<Source> make(WebdatasetOptions options = {}) {
    if (options.path.empty()) options.path = "root";
    BuildContext build{executor_, 1, folder_.path(), {}};
    return make_webdataset(std::move(options), build).value();
  }

  static std::vector<InputFile> files(Source& source) {
    std::vector<InputFile> listed;
    EXPECT_TRUE(source.list([&](InputFile file) -> Status {
      listed.push_back(std::move(file));
      return {};
    }));
    return listed;
  }
  static std::vector<std::string> paths(Source& source) {
    std::vector<std::string> found;
    for (const InputFile& file : files(source)) found.push_back(file.path);
    return found;
  }

  // Everything the source counts, as one shard; that reading gives as much is checked here for all.
  static std::vector<SourceRow> rows(Source& source, Columns wants = {Column::kImageBytes}) {
    ShardSpec shard;
    for (const InputFile& file : files(source)) {
      EXPECT_EQ(file.rows, InputFile::kUncounted);
      std::int64_t counted = source.count(file).value();
      if (counted > 0) shard.slices.push_back({file.path, 0, counted, file.bytes});
    }
    std::vector<SourceRow> found = rows_of(source, shard, wants);
    EXPECT_EQ(std::ssize(found), shard.rows());
    if (!shard.slices.empty()) ++shard.slices.back().rows;
    EXPECT_EQ(rows_of(source, shard, wants).size(), found.size()) << "no more than were counted";
    return found;
  }
  static std::vector<SourceRow> rows_of(Source& source, const ShardSpec& shard,
                                        Columns wants = {Column::kImageBytes}) {
    auto reader = source.open(shard, wants).value();
    std::vector<SourceRow> found;
    while (auto row = reader->next().value()) found.push_back(std::move(*row));
    return found;
  }

  fs::path root() const { return folder_.path() / "root"; }

  TempFolder folder_;
  FakeExecutor executor_;
};

bool is_on(const SourceRow& row) { return std::holds_alternative<On>(row.outcome); }
Drop reason(const SourceRow& row) { return std::get<Dropped>(row.outcome).reason; }
const Error& error(const SourceRow& row) { return std::get<Failed>(row.outcome).error; }
using Names = std::vector<std::string>;

TEST_F(WebdatasetTest, ListsTarsOfEveryPacking) {
  for (auto name : {"b.tar", "a/2.tar.gz", "a/1.TGZ", "c.tar.zst", "d.tar.xz", "e.tar.bz2"})
    put(name, samples(1));
  for (auto name : {"x.gz", "y.parquet", "tar", "z.tar.aside"}) put(name, samples(1));
  EXPECT_EQ(paths(*make()),
            (Names{"a/1.TGZ", "a/2.tar.gz", "b.tar", "c.tar.zst", "d.tar.xz", "e.tar.bz2"}));
  EXPECT_EQ(paths(*make({.include = {"c.*", "a"}, .limit = 2})), (Names{"a/1.TGZ", "c.tar.zst"}));
  EXPECT_EQ(paths(*make({.path = "root/a/2.tar.gz"})), (Names{"2.tar.gz"}));
}

TEST_F(WebdatasetTest, TarsAreKnownByTheirEnding) {
  for (auto name : {"a.tar", "b/A.TAR.GZ", "a.b.tgz", "a.tbz"}) EXPECT_TRUE(is_tar(name)) << name;
  for (auto name : {"a.tar.md5", "a.tar.txt", "tar", "a.gz", "x.tar/a.png"})
    EXPECT_FALSE(is_tar(name)) << name;
}

TEST_F(WebdatasetTest, RowHoldsKeyPathTextAndBytes) {
  put("d/0.tar", sample("x/7", "\xEF\xBB\xBF  A penguin\non ice. \n"));
  auto found = rows(*make({.licence = "CC0-1.0"}));
  ASSERT_EQ(found.size(), 1u);
  const Row& row = found[0].row;
  ASSERT_TRUE(is_on(found[0]));
  EXPECT_EQ(row.key, row_key("d/0.tar/x/7", 0));
  EXPECT_EQ(row.path, "d/0.tar/x/7.jpg");
  EXPECT_EQ(row.alt_text, "A penguin\non ice.");
  EXPECT_EQ(row.licence, "CC0-1.0");
  EXPECT_EQ(*row.image_bytes, "picture x/7");
  EXPECT_EQ(row.filled, (Columns{Column::kKey, Column::kPath, Column::kAltText, Column::kLicence,
                                 Column::kImageBytes}));
  EXPECT_EQ(row.extras, nullptr);
  EXPECT_EQ(rows(*make(), {})[0].row.image_bytes, nullptr);
  EXPECT_EQ(rows(*make({.alt_text_lines = "first"}))[0].row.alt_text, "A penguin");
}

TEST_F(WebdatasetTest, TheJsonFillsColumnsAndTheRestTravels) {
  put("0.tar", sample("1", "", R"({"caption": "A dog.", "url": "http://x/y.jpg", "uid": "u1",
      "sha256": "ab", "license": "CC-BY", "width": 640, "tags": ["a"], "exif": null})"));
  auto found = rows(*make({.licence = "unknown"}));
  ASSERT_TRUE(is_on(found[0]));
  const Row& row = found[0].row;
  EXPECT_EQ(row.key, row_key("u1"));
  EXPECT_EQ(row.alt_text, "A dog.");
  EXPECT_EQ(row.url, "http://x/y.jpg");
  EXPECT_EQ(row.licence, "CC-BY");
  EXPECT_FALSE(row.filled.has(Column::kSha256)) << "theirs is not that of the picture in the tar";
  EXPECT_EQ(extras_value(row, "sha256"), "ab");
  EXPECT_EQ(extras_names(row.extras), (Names{"exif", "sha256", "tags", "uid", "width"}));
  EXPECT_EQ(extras_value(row, "width"), "640");
}

TEST_F(WebdatasetTest, NamesThatHoldNothingHideNoOther) {
  put("0.tar", sample("1", "", R"({"alt_text": null, "caption": " ", "text": "A dog.", "url": "",
      "URL": "http://x/y.jpg"})"));
  put("1.tar", sample("1", "", R"({"alt_text": null, "caption": " "})"));
  auto found = rows(*make());
  ASSERT_EQ(found.size(), 2u);
  ASSERT_TRUE(is_on(found[0]));
  EXPECT_EQ(found[0].row.alt_text, "A dog.");
  EXPECT_EQ(found[0].row.url, "http://x/y.jpg");
  EXPECT_FALSE(is_on(found[1]));
}

TEST_F(WebdatasetTest, ACaptionThatIsNotTheAltTextTravels) {
  auto members = sample("1", "A dog.", R"({"caption": "A dog.", "key": "1"})");
  for (auto& member : sample("2", "A cat.", R"({"caption": "Something else."})"))
    members.push_back(member);
  put("0.tar", members);
  auto found = rows(*make());
  EXPECT_EQ(found[1].row.alt_text, "A cat.");
  EXPECT_EQ(extras_value(found[0].row, "caption"), std::nullopt);
  EXPECT_EQ(extras_value(found[0].row, "key"), "1");
  EXPECT_EQ(extras_value(found[1].row, "caption"), "Something else.");
}

TEST_F(WebdatasetTest, JsonWhoseTypesDisagreeEndsNothing) {
  auto members = sample("1", "A.", R"({"n": 1, "url": 5})");
  for (auto& member : sample("2", "B.", R"({"n": "one", "url": null})")) members.push_back(member);
  put("0.tar", members);
  auto found = rows(*make());
  EXPECT_EQ(extras_value(found[0].row, "n"), "1");
  EXPECT_EQ(extras_value(found[1].row, "n"), "one");
  EXPECT_EQ(found[0].row.url, "5");
  EXPECT_FALSE(found[1].row.filled.has(Column::kUrl));
}

TEST_F(WebdatasetTest, RowsThatAreBadFromBirthSayWhy) {
  put("0.tar", {{"a.txt", "no picture"},
                {"b.jpg", "x"},
                {"c.jpg", "x"},
                {"c.txt", " \n"},
                {"d.jpg", "x"},
                {"d.txt", "\xFF"},
                {"e.jpg", "x"},
                {"e.txt", "a\x01"},
                {"f.jpg", "x"},
                {"f.json", R"({"text": ["no", "text"]})"},
                {"g.jpg", "x"},
                {"g.txt", "t"},
                {"g.json", "{"},
                {"h.jpg", "x"},
                {"h.jpg", "y"},
                {"h.txt", "t"},
                {"i.jpg", std::string(101, 'x')},
                {"i.txt", "t"}});
  auto found = rows(*make({.bytes_max = 100}));
  ASSERT_EQ(found.size(), 9u);
  EXPECT_EQ(reason(found[0]), Drop::kNoImage);
  EXPECT_EQ(found[0].row.path, "0.tar/a");
  EXPECT_EQ(found[0].row.alt_text, "no picture") << "what is known of a rejected row is kept";
  EXPECT_EQ(reason(found[1]), Drop::kNoAltText);
  EXPECT_EQ(reason(found[2]), Drop::kEmptyAltText);
  EXPECT_EQ(reason(found[3]), Drop::kNotUtf8);
  EXPECT_EQ(reason(found[4]), Drop::kControlChars);
  EXPECT_EQ(reason(found[5]), Drop::kNoAltText);
  EXPECT_EQ(error(found[6]).message, "0.tar/g.json is no JSON object");
  EXPECT_EQ(error(found[6]).code, Code::kCorrupt);
  EXPECT_EQ(error(found[7]).message, "0.tar: sample h has field jpg twice");
  EXPECT_EQ(reason(found[8]), Drop::kTooManyBytes);
}

TEST_F(WebdatasetTest, FieldsAreOptions) {
  put("0.tar", {{"1.img", "x"},
                {"1.caption", "A dog."},
                {"1.meta", R"({"a": 1})"},
                {"1.jpg", "y"},
                {"1.txt", "no"}});
  auto found =
      rows(*make({.image_fields = {"img"}, .alt_text_field = "caption", .json_field = "meta"}));
  EXPECT_EQ(*found[0].row.image_bytes, "x");
  EXPECT_EQ(found[0].row.alt_text, "A dog.");
  EXPECT_EQ(extras_value(found[0].row, "a"), "1");
}

TEST_F(WebdatasetTest, AKeyThatComesTwiceMakesTwoRows) {
  auto members = sample("1");
  for (const char* key : {"2", "1"})
    for (auto& member : sample(key)) members.push_back(member);
  put("0.tar", members);
  auto found = rows(*make());
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].row.path, found[2].row.path);
  EXPECT_NE(found[0].row.key, found[2].row.key);
  EXPECT_EQ(found[2].row.key, row_key("0.tar/1", 2));
}

TEST_F(WebdatasetTest, NamesThatLeadAwayAreOnlyNames) {
  put("0.tar", fake_tar({{"../../etc/passwd.jpg", "x"},
                         {"../../etc/passwd.txt", "t"},
                         {"/etc/./shadow.jpg", "x"},
                         {"/etc/./shadow.txt", "t"},
                         {"caf\xE9\n.jpg", "x"},
                         {"caf\xE9\n.txt", "t"}},
                        "none", "gnutar"));
  auto found = rows(*make());
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].row.path, "0.tar/%2E%2E/%2E%2E/etc/passwd.jpg");
  EXPECT_EQ(found[1].row.path, "0.tar/etc/shadow.jpg");
  EXPECT_EQ(found[2].row.path, "0.tar/caf%E9%0A.jpg");
  for (const SourceRow& row : found) EXPECT_TRUE(is_on(row));
  EXPECT_EQ(harmless_name("a/\xC3\xA9.jpg"), "a/\xC3\xA9.jpg");
}

TEST_F(WebdatasetTest, TornTarsCostOneRowEach) {
  put("0.tar", std::string());
  put("1.tar", "this is no tar");
  std::string whole = fake_tar(samples(3));
  put("2.tar", whole.substr(0, whole.size() - 2 * 512 - 100));
  put("3.tar", fake_tar({}));
  put("4.tar", samples(1));
  auto found = rows(*make());
  ASSERT_EQ(found.size(), 6u);
  EXPECT_EQ(error(found[0]).code, Code::kCorrupt);
  EXPECT_EQ(error(found[1]).code, Code::kCorrupt);
  EXPECT_EQ(found[1].row.path, "1.tar");
  EXPECT_TRUE(is_on(found[2]));
  EXPECT_TRUE(is_on(found[3]));
  EXPECT_NE(error(found[4]).message.find("2.tar is cut or damaged in or behind 2.txt"),
            std::string::npos)
      << error(found[4]).message;
  EXPECT_TRUE(is_on(found[5]));
}

TEST_F(WebdatasetTest, ATarThatCannotBeOpenedIsOneFailedRow) {
  put("0.tar", samples(2));
  auto source = make();
  std::vector<InputFile> listed = files(*source);
  fs::remove(root() / "0.tar");
  EXPECT_EQ(*source->count(listed[0]), 1);
  auto found = rows_of(*source, {0, {{"0.tar", 0, 1, 1}, {"0.tar", 5, 2, 1}}});
  ASSERT_EQ(found.size(), 3u);
  for (const SourceRow& row : found) EXPECT_EQ(error(row).code, Code::kNotFound);
  EXPECT_NE(found[0].row.key, found[1].row.key);
  fs::create_directories(root() / "0.tar");  // no disk reads a folder: that is the world's
  EXPECT_EQ(source->count(listed[0]).error().code, Code::kIo);
  auto refused = *source->open({0, {{"0.tar", 0, 1, 1}}}, {});
  EXPECT_EQ(refused->next().error().code, Code::kIo);
  fs::remove_all(root());
  EXPECT_EQ(source->count(listed[0]).error().code, Code::kNotFound);
  auto reader = *source->open({0, {{"0.tar", 0, 1, 1}}}, {});
  EXPECT_EQ(reader->next().error().code, Code::kNotFound);
}

TEST_F(WebdatasetTest, ALinkOutOfTheFolderIsNotFollowed) {
  fs::create_directories(root());
  std::ofstream(folder_.path() / "secret.tar", std::ios::binary) << fake_tar(samples(1));
  put("0.tar", samples(1));
  auto source = make();
  fs::remove(root() / "0.tar");
  fs::create_symlink(folder_.path() / "secret.tar", root() / "0.tar");
  EXPECT_TRUE(paths(*source).empty());
  auto found = rows_of(*source, {0, {{"0.tar", 0, 1, 1}}});
  EXPECT_EQ(error(found[0]).code, Code::kIo);
  EXPECT_EQ(source->count({"0.tar"}).value(), 1);
  EXPECT_EQ(rows(*make({.path = "root/0.tar"})).size(), 1u) << "who names the link means it";
}

// Shards in order, shards in any order and one whole read give the same rows.
TEST_F(WebdatasetTest, ShardsCutAnywhereGiveTheSameRows) {
  for (const char* packing : {"none", "gzip"}) {
    put("0.tar", fake_tar(samples(7), packing));
    put("1.tar", fake_tar(samples(150), packing));
    auto source = make();
    auto whole = rows(*source);
    ASSERT_EQ(whole.size(), 157u);
    std::vector<ShardSpec> shards{{0, {{"0.tar", 0, 5, 1}}},
                                  {1, {{"0.tar", 5, 2, 1}, {"1.tar", 0, 70, 1}}},
                                  {2, {{"1.tar", 70, 1, 1}}},
                                  {3, {{"1.tar", 71, 79, 1}}}};
    for (std::vector<int> order : {std::vector{0, 1, 2, 3}, {3, 0, 2, 1}, {1, 1, 3}}) {
      for (int index : order) {
        auto found = rows_of(*source, shards[static_cast<std::size_t>(index)]);
        std::size_t first = index == 0 ? 0 : index == 1 ? 5 : index == 2 ? 77 : 78;
        ASSERT_EQ(std::ssize(found), shards[static_cast<std::size_t>(index)].rows());
        for (std::size_t i = 0; i < found.size(); ++i) {
          EXPECT_EQ(found[i].row.key, whole[first + i].row.key);
          EXPECT_EQ(*found[i].row.image_bytes, *whole[first + i].row.image_bytes);
        }
      }
    }
  }
}

// The tar is gone, so only a reader that was handed on can still give its rows.
TEST_F(WebdatasetTest, TheNextShardGoesOnWhereTheLastOneStopped) {
  put("0.tar", fake_tar(samples(9), "gzip"));
  auto source = make();
  ASSERT_EQ(rows_of(*source, {0, {{"0.tar", 0, 3, 1}}}).size(), 3u);
  fs::remove(root() / "0.tar");
  auto next = rows_of(*source, {1, {{"0.tar", 3, 3, 1}}});
  ASSERT_EQ(next.size(), 3u);
  EXPECT_EQ(*next[0].row.image_bytes, "picture 3");
  auto later = rows_of(*source, {2, {{"0.tar", 8, 1, 1}}});
  EXPECT_EQ(*later.at(0).row.image_bytes, "picture 8");
  EXPECT_FALSE(is_on(rows_of(*source, {0, {{"0.tar", 0, 1, 1}}}).at(0)));
}

// What img2dataset leaves in its folder: only the tars matter, and failures stand in its parquet.
TEST_F(WebdatasetTest, Img2datasetsFolderWorksAsItIs) {
  const std::string json = R"({
    "caption": "A dog.",
    "url": "http://example.org/a.jpg",
    "key": "000010000",
    "status": "success",
    "error_message": null,
    "width": 256,
    "height": 256,
    "original_width": 1024,
    "original_height": 768,
    "exif": "{}",
    "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "similarity": NaN
})";
  put("00001.tar", sample("000010000", "A dog.", json));
  put("00001.parquet", std::string("PAR1"));
  put("00001_stats.json", std::string("{}"));
  auto found = rows(*make());
  ASSERT_EQ(found.size(), 1u);
  const Row& row = found[0].row;
  ASSERT_TRUE(is_on(found[0]));
  EXPECT_EQ(row.path, "00001.tar/000010000.jpg");
  EXPECT_EQ(row.url, "http://example.org/a.jpg");
  EXPECT_EQ(extras_names(row.extras),
            (Names{"error_message", "exif", "height", "key", "original_height", "original_width",
                   "sha256", "similarity", "status", "width"}));
}

TEST_F(WebdatasetTest, OptionsThatCannotWorkAreErrors) {
  BuildContext build{executor_, 1, folder_.path(), {}};
  auto refused = [&](WebdatasetOptions options) {
    auto source = make_webdataset(std::move(options), build);
    return source ? "" : source.error().message;
  };
  EXPECT_NE(refused({}).find("needs a path"), std::string::npos);
  EXPECT_NE(refused({.path = "x", .image_fields = {}}).find("image_fields"), std::string::npos);
  EXPECT_NE(refused({.path = "x", .image_fields = {"JPG"}}).find("lower case"), std::string::npos);
  EXPECT_NE(refused({.path = "x", .alt_text_field = "jpg"}).find("two things"), std::string::npos);
  auto nowhere = make({.path = "nowhere"});
  EXPECT_EQ(nowhere->list([](InputFile) { return Status(); }).error().code, Code::kNotFound);
}

}  // namespace
}  // namespace kale
