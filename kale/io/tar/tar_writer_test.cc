#include "kale/io/tar/tar_writer.h"

#include <gtest/gtest.h>

#include <string>

#include "kale/io/disk_fake.h"
#include "kale/io/temp_folder.h"

namespace kale {
namespace {
namespace fs = std::filesystem;

std::string bytes_of(const fs::path& path) { return *real_disk().read(path, 1 << 26); }

// A field of the header that begins at `block`, up to its NUL.
std::string field(const std::string& tar, std::size_t block, std::size_t at, std::size_t size) {
  return tar.substr(block + at, size).c_str();
}

TEST(TarWriter, WritesUstarByteForByte) {
  TempFolder folder;
  auto writer = TarWriter::create(real_disk(), folder.path() / "a.tar");
  ASSERT_TRUE(writer) << describe_error(writer.error());
  ASSERT_TRUE((*writer)->add("00ab.txt", "a bird"));
  ASSERT_TRUE((*writer)->add("sub/empty.json", ""));
  EXPECT_EQ((*writer)->bytes_so_far(), 3 * 512);
  auto bytes = (*writer)->finish();
  ASSERT_TRUE(bytes) << describe_error(bytes.error());
  std::string tar = bytes_of(folder.path() / "a.tar");
  EXPECT_EQ(*bytes, 10240);
  ASSERT_EQ(tar.size(), 10240u);
  EXPECT_EQ(field(tar, 0, 0, 100), "00ab.txt");
  EXPECT_EQ(std::stol(field(tar, 0, 100, 8), nullptr, 8), 0444);
  EXPECT_EQ(std::stol(field(tar, 0, 108, 8), nullptr, 8), 0) << "user id";
  EXPECT_EQ(std::stol(field(tar, 0, 124, 12), nullptr, 8), 6) << "size";
  EXPECT_EQ(std::stol(field(tar, 0, 136, 12), nullptr, 8), 0) << "time";
  EXPECT_EQ(tar[156], '0') << "a regular file";
  EXPECT_EQ(field(tar, 0, 257, 6), "ustar");
  EXPECT_EQ(field(tar, 0, 265, 32), "bigdata");
  EXPECT_EQ(field(tar, 0, 297, 32), "bigdata");
  EXPECT_EQ(tar.substr(512, 7), std::string("a bird\0", 7));
  EXPECT_EQ(field(tar, 1024, 0, 100), "sub/empty.json");
  EXPECT_EQ(tar.substr(1536), std::string(10240 - 1536, '\0')) << "the end is blank blocks";
}

TEST(TarWriter, TheDisksOwnErrorComesThrough) {
  TempFolder folder;
  FaultDisk full(real_disk(), [](std::string_view verb, const fs::path& path) {
    return verb == "append" ? Status(Error{Code::kIo, path.string() + ": no space left"})
                            : Status{};
  });
  auto writer = TarWriter::create(full, folder.path() / "a.tar");
  ASSERT_TRUE(writer);
  Status added = (*writer)->add("big.txt", std::string(3 << 20, 'x'));
  ASSERT_FALSE(added);
  EXPECT_NE(added.error().message.find("no space left"), std::string::npos)
      << added.error().message;
  EXPECT_FALSE((*writer)->finish());
}

TEST(TarWriter, ANameThatDoesNotFitIsAnErrorThatNamesIt) {
  TempFolder folder;
  auto writer = TarWriter::create(real_disk(), folder.path() / "a.tar");
  Status added = (*writer)->add(std::string(300, 'n'), "x");
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, Code::kLimit);
  EXPECT_NE(added.error().message.find("nnnn"), std::string::npos);
}

TEST(TarWriter, AnAbandonedTarHasNoEnd) {
  TempFolder folder;
  {
    auto writer = TarWriter::create(real_disk(), folder.path() / "a.tar");
    ASSERT_TRUE((*writer)->add("big.txt", std::string(3 << 20, 'x')));
  }
  EXPECT_LT(fs::file_size(folder.path() / "a.tar"), (3u << 20) + 512u);
}

}  // namespace
}  // namespace kale
