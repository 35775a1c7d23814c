#include "kale/io/tar/tar_reader.h"

#include <gtest/gtest.h>
#include <locale.h>

#include <map>

#include "kale/io/file_fake.h"
#include "kale/io/tar/tar_fake.h"

namespace kale {
namespace {

using Kind = FakeMember::Kind;
const std::vector<std::string> kPackings{"none", "gzip", "zstd", "xz", "bzip2"};

TarReader open(std::string bytes, std::int64_t fails_at = MemoryFile::kNowhere) {
  return TarReader(std::make_unique<MemoryFile>(std::move(bytes), fails_at), "t.tar");
}

std::string noise(std::size_t bytes) {
  std::string made;
  std::uint64_t state = 1;
  while (made.size() < bytes)
    made += static_cast<char>((state = state * 6364136223846793005u + 1) >> 56);
  return made;
}

struct Walk {
  std::vector<std::string> whole;  // members that could be read, or passed over, to their end
  std::string error;
  Code code = Code::kBug;
};

Walk walk(TarReader tar, bool reads) {
  Walk walked;
  while (true) {
    auto member = tar.next();
    if (member && !*member) return walked;
    Status done;
    if (member) {
      if (reads)
        if (auto bytes = tar.read(1 << 20); !bytes) done = std::move(bytes).error();
      if (Status skipped = tar.skip(); done) done = skipped;
    } else {
      done = std::move(member).error();
    }
    if (!done) {
      walked.error = done.error().message;
      walked.code = done.error().code;
      EXPECT_FALSE(tar.next()) << "what is damaged stays so";
      return walked;
    }
    walked.whole.push_back((*member)->name);
  }
}

TEST(TarReader, GivesMembersOfEveryPacking) {
  for (const std::string& packing : kPackings) {
    TarReader tar = open(fake_tar({{"a/", "", Kind::kFolder},
                                   {"a/1.jpg", std::string(700, 'j')},
                                   {"2.txt", ""},
                                   {"3.json", "{}"}},
                                  packing));
    EXPECT_FALSE((*tar.next())->is_file);
    auto picture = *tar.next();
    EXPECT_EQ(picture->name, "a/1.jpg");
    EXPECT_TRUE(picture->is_file);
    EXPECT_EQ(picture->bytes, 700);
    EXPECT_EQ(picture->position, 512);
    EXPECT_EQ(*tar.read(700), std::string(700, 'j')) << packing;
    auto text = *tar.next();
    EXPECT_EQ(text->position, 512 + 512 + 1024);
    EXPECT_EQ(*tar.read(1), "");
    ASSERT_TRUE(*tar.next());
    EXPECT_EQ(*tar.read(2), "{}");
    EXPECT_FALSE(*tar.next());
    EXPECT_FALSE(*tar.next());
  }
}

TEST(TarReader, LinksAndPipesAreNoFiles) {
  TarReader tar = open(fake_tar({{"1.jpg", "x"},
                                 {"2.jpg", "1.jpg", Kind::kHardLink},
                                 {"3.jpg", "/etc/passwd", Kind::kSymbolicLink},
                                 {"4.jpg", "", Kind::kPipe}}));
  EXPECT_TRUE((*tar.next())->is_file);
  for (int i = 0; i < 3; ++i) EXPECT_FALSE((*tar.next())->is_file) << i;
}

TEST(TarReader, AMemberBeyondTheLimitIsRefusedAndTheNextOneRead) {
  TarReader tar = open(fake_tar({{"1.jpg", noise(5000)}, {"2.jpg", "two"}}));
  ASSERT_TRUE(tar.next());
  auto bytes = tar.read(4999);
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error().code, Code::kLimit);
  EXPECT_EQ(bytes.error().message, "1.jpg of t.tar has 5000 bytes, the limit is 4999");
  ASSERT_TRUE(tar.next());
  EXPECT_EQ(*tar.read(4999), "two");
}

// A member of 8 GiB by its header, most of which is not there.
TEST(TarReader, AHeaderThatLiesTakesNoMemory) {
  std::string bytes = fake_tar({{"1.jpg", "x"}}, "none", "gnutar");
  bytes.replace(124, 12, std::string("\x80\0\0\0\0\0\0\x02\0\0\0\0", 12));
  unsigned sum = 8 * ' ';
  for (std::size_t i = 0; i < 512; ++i)
    if (i < 148 || i >= 156) sum += static_cast<unsigned char>(bytes[i]);
  char digits[8];
  std::snprintf(digits, sizeof(digits), "%06o", sum);
  bytes.replace(148, 7, digits, 7);
  TarReader tar = open(bytes);
  auto member = tar.next();
  ASSERT_TRUE(member) << member.error().message;
  EXPECT_EQ((*member)->bytes, std::int64_t{1} << 33);
  EXPECT_EQ(tar.read(1 << 20).error().code, Code::kLimit);
  EXPECT_EQ(tar.skip().error().code, Code::kCorrupt);
}

class CountingFile : public MemoryFile {
 public:
  CountingFile(std::string bytes, std::int64_t& read) : MemoryFile(std::move(bytes)), read_(read) {}
  Result<std::size_t> read_at(std::int64_t offset, std::span<char> out) override {
    read_ += std::ssize(out);
    return MemoryFile::read_at(offset, out);
  }

 private:
  std::int64_t& read_;
};

TEST(TarReader, PassingOverAMemberOfAPlainTarReadsNothing) {
  std::string large(8 << 20, 'x');
  std::int64_t read = 0;
  TarReader tar(std::make_unique<CountingFile>(fake_tar({{"1.jpg", large}, {"2.txt", "t"}}), read),
                "t.tar");
  ASSERT_TRUE(*tar.next());
  ASSERT_TRUE(tar.skip());
  EXPECT_EQ((*tar.next())->name, "2.txt");
  EXPECT_EQ(*tar.read(10), "t");
  EXPECT_LT(read, 512 << 10);
}

TEST(TarReader, NamesAreTheirBytesInEveryLocale) {
  const std::string long_name = std::string(200, 'd') + "/p\xC3\xBC.jpg";
  const std::string latin = "caf\xE9.jpg";
  for (const char* locale : {"C", "C.UTF-8"}) {
    ASSERT_NE(::setlocale(LC_ALL, locale), nullptr);
    for (const char* format : {"gnutar", "pax"}) {
      std::string bytes =
          fake_tar({{"../../x.jpg", "1"}, {"/etc/y.jpg", "2"}, {latin, "3"}, {long_name, "4"}},
                   "none", format);
      ASSERT_NE(::setlocale(LC_ALL, locale[1] == 0 ? "C.UTF-8" : "C"), nullptr);
      Walk walked = walk(open(bytes), true);
      EXPECT_EQ(walked.error, "");
      EXPECT_EQ(walked.whole,
                (std::vector<std::string>{"../../x.jpg", "/etc/y.jpg", latin, long_name}))
          << locale << format;
    }
  }
  ::setlocale(LC_ALL, "C");
}

TEST(TarReader, WhatIsNoTarSaysSo) {
  for (const std::string& bytes : {std::string(), std::string("no tar"), noise(4000),
                                   std::string("PK\3\4") + noise(4000), noise(600)}) {
    Walk walked = walk(open(bytes), true);
    EXPECT_EQ(walked.code, Code::kCorrupt) << bytes.size();
    EXPECT_NE(walked.error.find("t.tar is cut or damaged at its first member"), std::string::npos)
        << walked.error;
  }
  EXPECT_EQ(walk(open(fake_tar({})), true).error, "");
}

// Whoever only counts must come to the same members as whoever reads.
TEST(TarReader, CutAnywhereReadingAndPassingOverAgree) {
  for (const std::string& packing : kPackings) {
    std::string whole = fake_tar({{"1.jpg", noise(600)},
                                  {"1.txt", "one"},
                                  {"2.jpg", noise(512)},
                                  {"2.txt", ""},
                                  {"3.jpg", noise(1)}},
                                 packing);
    std::size_t last = 0;
    for (std::size_t length = 0; length <= whole.size(); ++length) {
      Walk read = walk(open(whole.substr(0, length)), true);
      Walk passed = walk(open(whole.substr(0, length)), false);
      ASSERT_EQ(read.whole, passed.whole) << packing << length;
      ASSERT_EQ(read.error, passed.error) << packing << length;
      ASSERT_GE(read.whole.size(), last) << packing << length;
      last = read.whole.size();
    }
    EXPECT_EQ(last, 5U);
  }
}

TEST(TarReader, DamagedAnywhereReadingAndPassingOverAgree) {
  for (const std::string& packing : kPackings) {
    std::string whole = fake_tar({{"1.jpg", noise(600)}, {"2.txt", "two"}}, packing);
    for (std::size_t at = 0; at < whole.size(); ++at) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(damaged[at] ^ 0x15);
      Walk read = walk(open(damaged), true);
      Walk passed = walk(open(damaged), false);
      ASSERT_EQ(read.whole, passed.whole) << packing << at;
      ASSERT_EQ(read.error.empty(), passed.error.empty()) << packing << at;
    }
  }
}

TEST(TarReader, TheDisksOwnErrorComesThrough) {
  for (const std::string& packing : kPackings) {
    std::string bytes = fake_tar({{"1.jpg", noise(300 << 10)}, {"2.txt", "two"}}, packing);
    Walk walked = walk(open(bytes, std::ssize(bytes) - 100), true);
    EXPECT_EQ(walked.code, Code::kIo) << packing;
    EXPECT_EQ(walked.error, "the disk does not answer");
  }
}

}  // namespace
}  // namespace kale
