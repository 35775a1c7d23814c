#include "kale/write/loose_files.h"

#include <gtest/gtest.h>

#include "kale/io/temp_folder.h"

namespace kale {
namespace {
namespace fs = std::filesystem;

TEST(SafePath, StaysBelowTheFolder) {
  using namespace std::string_literals;
  EXPECT_EQ(safe_path("animals/birds/auk"), "animals/birds/auk");
  EXPECT_EQ(safe_path("/etc/passwd"), "etc/passwd");
  EXPECT_EQ(safe_path("../../a"), "__/__/a");
  EXPECT_EQ(safe_path("a/./b//c/"), "a/b/c");
  EXPECT_EQ(safe_path("a\0b\n\\..\\c"s), "a_b__.._c");
  EXPECT_EQ(safe_path(".."), "__");
  EXPECT_EQ(safe_path("."), "");
  EXPECT_EQ(safe_path(""), "");
  EXPECT_EQ(safe_path("été/…"), "été/…");
}

TEST(SafePath, CutsLongNamesBetweenCharacters) {
  std::string name(kNameBytesMax - 1, 'x');
  EXPECT_EQ(safe_path(name + "é/y"), name + "/y");
  std::string deep;
  for (int i = 0; i < 20; ++i) deep += std::string(100, 'd') + "/";
  EXPECT_EQ(safe_path(deep), "") << "longer than kPathBytesMax";
}

TEST(WithoutEnding, TakesTheLastOneOfTheName) {
  EXPECT_EQ(without_ending("a.b/c.tar.png"), "a.b/c.tar");
  EXPECT_EQ(without_ending("a.b/c"), "a.b/c");
  EXPECT_EQ(without_ending("a/.hidden"), "a/.hidden");
  EXPECT_EQ(without_ending("png"), "png");
}

class LooseFilesTest : public testing::Test {
 protected:
  std::string write(std::string_view stem, std::string_view key = "0123") {
    auto name = files_.write(stem, ".txt", key, "t");
    EXPECT_TRUE(name) << describe_error(name.error());
    EXPECT_TRUE(fs::is_regular_file(folder_.path() / *name)) << *name;
    return *name;
  }
  TempFolder folder_;
  LooseFiles files_{real_disk(), folder_.path()};
};

TEST_F(LooseFilesTest, TwoRowsNeverShareAFile) {
  EXPECT_EQ(write("a/b"), "a/b.txt");
  EXPECT_EQ(write("a/b"), "a/b-2.txt");
  EXPECT_EQ(write("a/b"), "a/b-3.txt");
  EXPECT_EQ(write("a/b-2"), "a/b-2-2.txt");
  EXPECT_EQ(write(""), "0123.txt");
  EXPECT_EQ(files_.files(), 5);
  EXPECT_EQ(files_.bytes(), 5);
}

TEST_F(LooseFilesTest, AFileNeverStandsWhereAFolderIsNeeded) {
  EXPECT_EQ(write("a"), "a.txt");
  EXPECT_EQ(write("a.txt/deep/b", "77"), "77.txt");
  EXPECT_EQ(write("c.txt/d"), "c.txt/d.txt");
  EXPECT_EQ(write("c"), "c-2.txt");
}

TEST_F(LooseFilesTest, AnyNumberOfRowsMayShareTheirNameAndKey) {
  EXPECT_EQ(write("same"), "same.txt");
  for (int i = 2; i <= 300; ++i) EXPECT_EQ(write("same"), "same-" + std::to_string(i) + ".txt");
  EXPECT_EQ(write("gap-3"), "gap-3.txt");
  EXPECT_EQ(write("gap"), "gap.txt");
  EXPECT_EQ(write("gap"), "gap-2.txt");
  EXPECT_EQ(write("gap"), "gap-4.txt");
}

}  // namespace
}  // namespace kale
