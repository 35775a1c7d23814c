#include "kale/io/disk.h"

#include <gtest/gtest.h>

#include <array>

#include "kale/io/disk_fake.h"
#include "kale/io/temp_folder.h"

namespace kale {
namespace {
namespace fs = std::filesystem;

class DiskTest : public testing::Test {
 protected:
  std::string read(const char* name) { return *disk_.read(folder_.path() / name, 1 << 20); }
  fs::path path(const char* name) { return folder_.path() / name; }
  Disk& disk_ = real_disk();
  TempFolder folder_;
};

TEST_F(DiskTest, CreateTruncatesAndAppendGoesOn) {
  for (const char* text : {"long text", "new"}) {
    auto file = disk_.create(path("a"));
    ASSERT_TRUE(file);
    EXPECT_TRUE((*file)->append(text) && (*file)->sync() && (*file)->close());
  }
  EXPECT_EQ(read("a"), "new");
  auto more = disk_.append_to(path("a"));
  ASSERT_TRUE(more);
  EXPECT_TRUE((*more)->append("er") && (*more)->close());
  EXPECT_EQ(read("a"), "newer");
}

TEST_F(DiskTest, WholeFilesReplaceAndLeaveNothingAside) {
  ASSERT_TRUE(write_whole_file(disk_, path("a"), "one"));
  ASSERT_TRUE(write_whole_file(disk_, path("a"), "two"));
  EXPECT_EQ(read("a"), "two");
  EXPECT_EQ(*disk_.list(folder_.path()), std::vector<std::string>{"a"});
}

TEST_F(DiskTest, AWholeFileIsTheOldOneUntilItsRename) {
  ASSERT_TRUE(write_whole_file(disk_, path("a"), "old"));
  for (int broken = 0; broken < 5; ++broken) {
    int change = 0;
    FaultDisk faulty(disk_, [&](std::string_view, const fs::path&) {
      return change++ == broken ? Status(Error{Code::kIo, "broken"}) : Status{};
    });
    EXPECT_FALSE(write_whole_file(faulty, path("a"), "new"));
    EXPECT_EQ(read("a"), "old") << "change " << broken;
  }
}

TEST_F(DiskTest, ExchangeSwapsFolders) {
  for (const char* name : {"a", "b"}) {
    ASSERT_TRUE(disk_.make_folders(path(name)));
    ASSERT_TRUE(write_whole_file(disk_, path(name) / "file", name));
  }
  ASSERT_TRUE(disk_.exchange(path("a"), path("b")));
  EXPECT_EQ(read("a/file"), "b");
  EXPECT_EQ(read("b/file"), "a");
  EXPECT_FALSE(disk_.exchange(path("a"), path("none")));
}

TEST_F(DiskTest, RemovingWhatIsNotThereIsFine) {
  EXPECT_TRUE(disk_.remove(path("none")));
  EXPECT_TRUE(disk_.remove_folder(path("none")));
  ASSERT_TRUE(disk_.make_folders(path("a/b")));
  ASSERT_TRUE(write_whole_file(disk_, path("a/b/file"), ""));
  EXPECT_TRUE(disk_.remove_folder(path("a")));
  EXPECT_FALSE(fs::exists(path("a")));
}

TEST_F(DiskTest, ReadsAtAnyPlace) {
  ASSERT_TRUE(write_whole_file(disk_, path("a"), "0123456789"));
  auto file = disk_.open(path("a"));
  ASSERT_TRUE(file);
  EXPECT_EQ((*file)->bytes(), 10);
  std::array<char, 4> out{};
  EXPECT_EQ(*(*file)->read_at(3, out), 4u);
  EXPECT_EQ(std::string(out.data(), 4), "3456");
  EXPECT_EQ(*(*file)->read_at(8, out), 2u);
  EXPECT_EQ(*(*file)->read_at(10, out), 0u);
}

TEST_F(DiskTest, ErrorsNameThePathAndTheirKind) {
  for (const auto& error :
       {disk_.open(path("none")).error(), disk_.read(path("none"), 1).error(),
        disk_.create(path("none/file")).error(), disk_.list(path("none")).error()}) {
    EXPECT_EQ(error.code, Code::kNotFound) << describe_error(error);
    EXPECT_NE(error.message.find("none"), std::string::npos);
  }
  EXPECT_EQ(disk_.open(folder_.path()).error().code, Code::kIo);
  EXPECT_EQ(disk_.read(folder_.path(), 1).error().code, Code::kIo);
}

TEST_F(DiskTest, AFileOverItsLimitIsNotRead) {
  ASSERT_TRUE(write_whole_file(disk_, path("a"), "12345"));
  EXPECT_EQ(*disk_.read(path("a"), 5), "12345");
  EXPECT_EQ(disk_.read(path("a"), 4).error().code, Code::kLimit);
}

TEST_F(DiskTest, StatTellsFilesFoldersAndNothing) {
  ASSERT_TRUE(write_whole_file(disk_, path("a"), "12345"));
  EXPECT_EQ((*disk_.stat(path("a")))->bytes, 5);
  EXPECT_FALSE((*disk_.stat(path("a")))->is_folder);
  EXPECT_TRUE((*disk_.stat(folder_.path()))->is_folder);
  EXPECT_FALSE(disk_.stat(path("none"))->has_value());
  EXPECT_FALSE(disk_.stat(path("a/none"))->has_value());
}

TEST_F(DiskTest, NamesAreListedInOrder) {
  for (const char* name : {"c", "a", "b"}) ASSERT_TRUE(write_whole_file(disk_, path(name), ""));
  EXPECT_EQ(*disk_.list(folder_.path()), (std::vector<std::string>{"a", "b", "c"}));
}

}  // namespace
}  // namespace kale
