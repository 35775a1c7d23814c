#include "kale/sources/folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "kale/core/executor_fake.h"
#include "kale/io/parquet/extras.h"
#include "kale/sources/row_key.h"

namespace kale {
namespace {

namespace fs = std::filesystem;

class FolderTest : public testing::Test {
 protected:
  void SetUp() override {
    base_ = fs::path(testing::TempDir()) /
            ("kale_folder_" + std::to_string(::getpid()) + "_" +
             testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::create_directories(base_ / "root");
  }
  void TearDown() override { fs::remove_all(base_); }

  void put(const fs::path& path, std::string_view bytes) {
    fs::create_directories((base_ / "root" / path).parent_path());
    std::ofstream(base_ / "root" / path, std::ios::binary) << bytes;
  }
  void pair(const std::string& stem, std::string_view alt_text = "A thing.") {
    put(stem + ".png", "bytes of " + stem);
    put(stem + ".txt", alt_text);
  }

  std::unique_ptr<Source> make(FolderOptions options = {}) {
    options.path = "root";
    BuildContext build{executor_, 1, base_, {}};
    return make_folder(std::move(options), build).value();
  }

  std::vector<std::string> paths(FolderOptions options = {}) {
    std::vector<std::string> found;
    auto listed = make(std::move(options))->list([&](InputFile file) -> Status {
      found.push_back(file.path);
      return {};
    });
    EXPECT_TRUE(listed);
    return found;
  }

  // Everything the source lists, as one shard.
  std::vector<SourceRow> rows(Source& source, Columns wants = {Column::kImageBytes}) {
    ShardSpec shard;
    EXPECT_TRUE(source.list([&](InputFile file) -> Status {
      shard.slices.push_back({file.path, 0, file.rows, file.bytes});
      return {};
    }));
    return rows_of(source, shard, wants);
  }
  std::vector<SourceRow> rows_of(Source& source, const ShardSpec& shard, Columns wants) {
    auto reader = source.open(shard, wants).value();
    std::vector<SourceRow> out;
    while (auto row = reader->next().value()) out.push_back(std::move(*row));
    return out;
  }

  FakeExecutor executor_;
  fs::path base_;
};

using Paths = std::vector<std::string>;

Drop reason(const SourceRow& row) { return std::get<Dropped>(row.outcome).reason; }

TEST_F(FolderTest, ListsPicturesInTheOrderOfTheirPaths) {
  for (auto name : {"b.png", "a/z.JPG", "a.svg", "a-b.jpeg", "a/deep/er/x.png"}) put(name, "x");
  for (auto name : {"a.txt", "a.ogg", "png", ".png", "a/notes"}) put(name, "x");
  EXPECT_EQ(paths(), (Paths{"a-b.jpeg", "a.svg", "a/deep/er/x.png", "a/z.JPG", "b.png"}));
  EXPECT_EQ(paths({.extensions = {"svg"}}), Paths{"a.svg"});
}

TEST_F(FolderTest, Img2datasetsFilesLayoutIsAFolder) {
  for (auto name : {"00000/000000000", "00001/000010003"}) {
    put(std::string(name) + ".jpg", "bytes");
    put(std::string(name) + ".txt", "A dog.");
    put(std::string(name) + ".json", "{}");
  }
  put("00000.parquet", "PAR1");
  put("00000_stats.json", "{}");
  for (auto name : {"a.webp", "b.GIF", "c.tif", "d.tiff"}) put(name, "x");
  auto found = rows(*make());
  ASSERT_EQ(found.size(), 6u);
  EXPECT_EQ(found[1].row.path, "00001/000010003.jpg");
  EXPECT_EQ(found[1].row.alt_text, "A dog.");
  EXPECT_EQ(found[2].row.path, "a.webp");
}

TEST_F(FolderTest, RowHoldsKeyPathTextAndBytes) {
  pair("birds/penguin", "A penguin.\nde.utf8=Ein Pinguin.\n");
  auto source = make({.licence = "CC0-1.0"});
  auto found = rows(*source);
  ASSERT_EQ(found.size(), 1u);
  const Row& row = found[0].row;
  EXPECT_TRUE(std::holds_alternative<On>(found[0].outcome));
  EXPECT_EQ(row.key, row_key("birds/penguin.png"));
  EXPECT_EQ(row.key.size(), 32u);
  EXPECT_EQ(row.path, "birds/penguin.png");
  EXPECT_EQ(row.alt_text, "A penguin.");
  EXPECT_EQ(row.licence, "CC0-1.0");
  EXPECT_EQ(*row.image_bytes, "bytes of birds/penguin");
  EXPECT_EQ(row.filled, (Columns{Column::kKey, Column::kPath, Column::kAltText, Column::kLicence,
                                 Column::kImageBytes}));
  EXPECT_EQ(row.filled, source->traits().provides);
}

TEST_F(FolderTest, KeyDependsOnThePathInsideTheFolderAlone) {
  EXPECT_EQ(row_key("birds/penguin.png"), "479b43546566046b8e6e931482c94cb8");
  EXPECT_NE(row_key("birds/penguin.png", 1), row_key("birds/penguin.png"));
}

TEST_F(FolderTest, ImagesAreReadOnlyWhereWanted) {
  pair("a");
  auto source = make();
  auto found = rows(*source, {});
  EXPECT_EQ(found[0].row.image_bytes, nullptr);
  EXPECT_FALSE(found[0].row.filled.has(Column::kImageBytes));
}

TEST_F(FolderTest, BadRowsComeOutWithTheirReasons) {
  put("1.png", "x");
  pair("2", "");
  pair("3", "caf\xe9");
  pair("4", "a\x07 bell");
  pair("5", "too much text");
  put("6.png", std::string(101, 'x'));
  put("6.txt", "A thing.");
  put("caf\xe9.png", "x");
  auto source = make({.bytes_max = 100, .sidecar_bytes_max = 12});
  auto found = rows(*source);
  ASSERT_EQ(found.size(), 7u);
  EXPECT_EQ(reason(found[0]), Drop::kNoAltText);
  EXPECT_EQ(reason(found[1]), Drop::kEmptyAltText);
  EXPECT_EQ(reason(found[2]), Drop::kNotUtf8);
  EXPECT_EQ(reason(found[3]), Drop::kControlChars);
  EXPECT_EQ(reason(found[4]), Drop::kTooManyBytes);
  EXPECT_EQ(reason(found[5]), Drop::kTooManyBytes);
  EXPECT_EQ(reason(found[6]), Drop::kNotUtf8);
  EXPECT_EQ(found[6].row.path, "caf%E9.png");
  for (const SourceRow& row : found) {
    EXPECT_EQ(row.row.image_bytes, nullptr);
    EXPECT_FALSE(row.row.filled.has(Column::kAltText));
  }
}

TEST_F(FolderTest, PictureThatHasGoneFailsAndAFolderThatHasGoneStops) {
  pair("a");
  auto source = make();
  ShardSpec shard{0, {{"a.png", 0, 1, 10}, {"b.png", 0, 1, 10}}};
  auto found = rows_of(*source, shard, {Column::kImageBytes});
  ASSERT_EQ(found.size(), 2u);
  EXPECT_TRUE(std::holds_alternative<On>(found[0].outcome));
  EXPECT_EQ(std::get<Failed>(found[1].outcome).error.code, Code::kNotFound);
  fs::remove_all(base_ / "root");
  auto reader = source->open(shard, {}).value();
  EXPECT_EQ(reader->next().error().code, Code::kNotFound);
  EXPECT_EQ(source->list([](InputFile) -> Status { return {}; }).error().code, Code::kNotFound);
}

TEST_F(FolderTest, LinksThatLeaveTheFolderOrLoopAreSkipped) {
  pair("real");
  std::ofstream(base_ / "outside.png") << "secret";
  fs::create_symlink(base_ / "outside.png", base_ / "root/out.png");
  fs::create_symlink("../outside.png", base_ / "root/up.png");
  fs::create_symlink("nothing.png", base_ / "root/broken.png");
  fs::create_symlink("self.png", base_ / "root/self.png");
  fs::create_symlink("real.png", base_ / "root/inside.png");
  fs::create_directory_symlink("..", base_ / "root/loop");
  fs::create_directories(base_ / "root_but_longer");
  std::ofstream(base_ / "root_but_longer/x.png") << "x";
  fs::create_symlink("../root_but_longer/x.png", base_ / "root/near.png");
  ASSERT_EQ(::mkfifo((base_ / "root/pipe.png").c_str(), 0600), 0);
  fs::create_directory(base_ / "root/folder.png");
  EXPECT_EQ(paths(), (Paths{"inside.png", "real.png"}));
}

TEST_F(FolderTest, LinksThatLeaveTheFolderAreNotReadEither) {
  for (auto stem : {"a", "b", "c", "d"}) pair(stem);
  std::ofstream(base_ / "secret") << "A secret.";
  fs::remove(base_ / "root/a.txt");
  fs::create_symlink("../secret", base_ / "root/a.txt");
  fs::remove(base_ / "root/b.txt");
  fs::create_symlink("d.txt", base_ / "root/b.txt");
  auto source = make();
  ShardSpec shard{0, {}};
  for (auto path : {"a.png", "b.png", "c.png", "d.png"}) shard.slices.push_back({path, 0, 1, 10});
  fs::remove(base_ / "root/c.png");  // replaced since it was listed
  fs::create_symlink(base_ / "secret", base_ / "root/c.png");
  auto found = rows_of(*source, shard, {Column::kImageBytes});
  ASSERT_EQ(found.size(), 4u);
  for (std::size_t i : {0u, 2u}) {
    ASSERT_TRUE(std::holds_alternative<Failed>(found[i].outcome)) << i;
    EXPECT_EQ(std::get<Failed>(found[i].outcome).error.code, Code::kIo);
    EXPECT_EQ(found[i].row.image_bytes, nullptr);
  }
  EXPECT_TRUE(found[0].row.alt_text.empty());
  EXPECT_EQ(found[1].row.alt_text, "A thing.");
  EXPECT_TRUE(std::holds_alternative<On>(found[3].outcome));
}

TEST_F(FolderTest, PipeBesideAPictureFailsTheRowAndHoldsNobody) {
  put("a.png", "x");
  pair("b");
  ASSERT_EQ(::mkfifo((base_ / "root/a.txt").c_str(), 0600), 0);
  auto source = make();
  auto found = rows(*source);
  ASSERT_EQ(found.size(), 2u);
  ASSERT_TRUE(std::holds_alternative<Failed>(found[0].outcome));
  EXPECT_EQ(std::get<Failed>(found[0].outcome).error.code, Code::kIo);
  EXPECT_TRUE(std::holds_alternative<On>(found[1].outcome));
}

TEST_F(FolderTest, FolderOnTheWayThatBecameALinkOutwardsIsNotRead) {
  pair("inner/a");
  auto source = make();
  fs::rename(base_ / "root/inner", base_ / "outer");
  fs::create_directory_symlink("../outer", base_ / "root/inner");
  auto found = rows_of(*source, ShardSpec{0, {{"inner/a.png", 0, 1, 10}}}, {Column::kImageBytes});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<Failed>(found[0].outcome));
  EXPECT_TRUE(found[0].row.alt_text.empty());
}

TEST_F(FolderTest, IncludeChoosesInOrderOfPriority) {
  for (auto name : {"a/1.png", "a/2.png", "b/1_photo.png", "b/2.png", "bb/1.png", "c/1.png"})
    put(name, "x");
  EXPECT_EQ(paths({.include = {"b"}}), (Paths{"b/1_photo.png", "b/2.png"}));
  EXPECT_EQ(paths({.include = {"c/", "*_photo.png", "a"}, .limit = 3}),
            (Paths{"a/1.png", "b/1_photo.png", "c/1.png"}));
  EXPECT_EQ(paths({.include = {"c", "*"}, .limit = 2}), (Paths{"a/1.png", "c/1.png"}));
  EXPECT_EQ(paths({.limit = 2}), (Paths{"a/1.png", "a/2.png"}));
  EXPECT_EQ(paths({.include = {"none"}}), Paths{});
}

TEST_F(FolderTest, LanguagesBecomeExtraColumns) {
  for (int i = 0; i < 100; ++i) {
    std::string number = std::to_string(100 + i);
    pair(number, "A thing.\nde.utf8=Ding " + number + "\npt_BR.utf8=Coisa\n");
  }
  put("999.png", "no text");
  auto source = make({.languages = {"de", "pt_BR", "fr"}});
  auto found = rows(*source);
  ASSERT_EQ(found.size(), 101u);
  EXPECT_EQ(extras_names(found[0].row.extras),
            (std::vector<std::string>{"alt_text_de", "alt_text_pt_BR", "alt_text_fr"}));
  EXPECT_EQ(extras_value(found[0].row, "alt_text_de"), "Ding 100");
  EXPECT_EQ(extras_value(found[77].row, "alt_text_de"), "Ding 177");
  EXPECT_EQ(extras_value(found[77].row, "alt_text_pt_BR"), "Coisa");
  EXPECT_FALSE(extras_value(found[77].row, "alt_text_fr"));
  EXPECT_FALSE(extras_value(found[100].row, "alt_text_de"));
  auto plain = make();
  EXPECT_EQ(rows(*plain)[0].row.extras, nullptr);
}

TEST_F(FolderTest, OptionsThatCannotWorkAreErrors) {
  BuildContext build{executor_, 1, base_, {}};
  EXPECT_EQ(make_folder({}, build).error().code, Code::kBadConfig);
  EXPECT_EQ(make_folder({.path = "x", .extensions = {}}, build).error().code, Code::kBadConfig);
  EXPECT_EQ(make_folder({.path = "x", .languages = {"../a"}}, build).error().code,
            Code::kBadConfig);
  EXPECT_EQ(make_folder({.path = "x", .languages = {"a-b", "a_b"}}, build).error().code,
            Code::kBadConfig);
}

}  // namespace
}  // namespace kale
