#include "kale/io/digest.h"

#include <gtest/gtest.h>

#include <fstream>

#include "kale/io/temp_folder.h"

namespace kale {
namespace {

// Published test values; a change of library or byte order would orphan every ledger.
TEST(Digest, KnownValues) {
  EXPECT_EQ(xxh128_hex(""), "99aa06d3014798d86001c324468d497f");
  EXPECT_EQ(xxh3_64(""), 0x2d06800538d394c2ULL);
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Digest, FieldsAreFramedAndAppendedBytesAreNot) {
  EXPECT_NE(Digest().add("ab").add("c").hex(), Digest().add("a").add("bc").hex());
  EXPECT_NE(Digest().add("").add("a").hex(), Digest().add("a").add("").hex());
  EXPECT_EQ(Digest().append("ab").append("c").hex(), xxh128_hex("abc"));
}

TEST(Digest, SeedChangesTheHash) { EXPECT_NE(xxh3_64("row", 1), xxh3_64("row", 2)); }

TEST(Digest, OfAFileIsThatOfItsBytes) {
  TempFolder folder;
  std::string bytes(3'000'001, 'k');
  std::ofstream(folder.path() / "file", std::ios::binary) << bytes;
  EXPECT_EQ(*xxh128_file(folder.path() / "file"), xxh128_hex(bytes));
  auto missing = xxh128_file(folder.path() / "none");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Code::kNotFound);
}

}  // namespace
}  // namespace kale
