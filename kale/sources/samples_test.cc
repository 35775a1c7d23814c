#include "kale/sources/samples.h"

#include <gtest/gtest.h>

#include "kale/io/file_fake.h"
#include "kale/io/tar/tar_fake.h"

namespace kale {
namespace {

using Kind = FakeMember::Kind;
const SampleFields kFields{{"jpg", "png"}, "txt", "json", 1000, 100};
constexpr SampleWants kAll{true, true};

struct Found {
  std::vector<Sample> samples;
  std::optional<Error> error;

  std::vector<std::string> keys() const {
    std::vector<std::string> keys;
    for (const Sample& sample : samples) keys.push_back(sample.key);
    return keys;
  }
};

Found read(std::string tar, SampleWants wants = kAll,
           std::int64_t fails_at = MemoryFile::kNowhere) {
  SampleReader reader(std::make_unique<MemoryFile>(std::move(tar), fails_at), "t.tar", kFields);
  Found found;
  while (true) {
    auto sample = reader.next(wants);
    if (!sample) {
      found.error = sample.error();
      return found;
    }
    if (!*sample) {
      EXPECT_FALSE(*reader.next(wants)) << "the end stays the end";
      return found;
    }
    found.samples.push_back(std::move(**sample));
  }
}

std::string why(const Sample& sample) {
  if (auto* failed = std::get_if<Failed>(&sample.outcome)) return failed->error.message;
  if (auto* dropped = std::get_if<Dropped>(&sample.outcome))
    return std::string(drop_name(dropped->reason)) + ": " + dropped->detail;
  return "";
}

using Keys = std::vector<std::string>;

TEST(Samples, AKeyIsEverythingToTheFirstDotOfTheBaseName) {
  Found found = read(fake_tar({{"a.b/1.seg.PNG", "mask"},
                               {"a.b/1.JPG", "picture"},
                               {"a.b/1.txt", "text"},
                               {"a.b/1.json", "{}"},
                               {"./2.png", "p"}}));
  ASSERT_EQ(found.keys(), (Keys{"a.b/1", "./2"}));
  const Sample& first = found.samples[0];
  EXPECT_EQ(first.picture, "a.b/1.JPG");
  EXPECT_EQ(*first.picture_bytes, "picture");
  EXPECT_EQ(first.text, "text");
  EXPECT_EQ(first.json, "{}");
  EXPECT_EQ(first.bytes, 7 + 4 + 2);
  EXPECT_TRUE(std::holds_alternative<On>(first.outcome));
  EXPECT_EQ(found.samples[1].text, std::nullopt);
}

TEST(Samples, WhatIsNoFieldIsPassedOver) {
  Found found = read(fake_tar({{"__index.v1__", "x"},
                               {"d/", "", Kind::kFolder},
                               {"README", "x"},
                               {"1.jpg", "x"},
                               {"d/._1.jpg", "x"},
                               {"other.jpg", "1.jpg", Kind::kSymbolicLink},
                               {"1.txt", "t"},
                               {"2.jpg", "1.jpg", Kind::kHardLink},
                               {"d/__x.y__", "kept"}}));
  EXPECT_EQ(found.keys(), (Keys{"1", "d/__x"}));
  EXPECT_EQ(found.samples[0].text, "t");
}

TEST(Samples, AKeyThatComesAgainIsAnotherSample) {
  Found found = read(fake_tar({{"1.jpg", "a"}, {"2.jpg", "b"}, {"1.txt", "t"}, {"1.png", "c"}}));
  EXPECT_EQ(found.keys(), (Keys{"1", "2", "1"}));
  EXPECT_EQ(found.samples[2].text, "t");
  EXPECT_EQ(*found.samples[2].picture_bytes, "c");
}

TEST(Samples, AFieldThatComesTwiceFailsItsSampleAlone) {
  Found found = read(
      fake_tar({{"1.jpg", "a"}, {"1.Cls", "0"}, {"1.cls", "1"}, {"1.txt", "t"}, {"2.jpg", "b"}}));
  ASSERT_EQ(found.keys(), (Keys{"1", "2"}));
  EXPECT_EQ(why(found.samples[0]), "t.tar: sample 1 has field cls twice");
  EXPECT_EQ(std::get<Failed>(found.samples[0].outcome).error.code, Code::kCorrupt);
  EXPECT_EQ(why(found.samples[1]), "");
}

TEST(Samples, TheBestPictureIsTaken) {
  for (bool best_first : {false, true}) {
    FakeMember jpg{"1.jpg", "jpg"}, png{"1.png", "png"};
    Found found = read(fake_tar(best_first ? std::vector{jpg, png} : std::vector{png, jpg}));
    EXPECT_EQ(found.samples[0].picture, "1.jpg");
    EXPECT_EQ(*found.samples[0].picture_bytes, "jpg");
  }
}

TEST(Samples, LimitsHoldForEachMember) {
  Found found = read(fake_tar({{"1.jpg", std::string(1001, 'x')},
                               {"1.txt", "t"},
                               {"2.jpg", "x"},
                               {"2.txt", std::string(101, 'x')},
                               {"3.jpg", "x"}}));
  ASSERT_EQ(found.keys(), (Keys{"1", "2", "3"}));
  EXPECT_EQ(why(found.samples[0]), "too_many_bytes: 1.jpg: 1001 bytes, the limit is 1000");
  EXPECT_EQ(found.samples[0].picture_bytes, nullptr);
  EXPECT_EQ(why(found.samples[1]), "too_many_bytes: 2.txt: 101 bytes, the limit is 100");
  EXPECT_EQ(why(found.samples[2]), "");

  std::vector<FakeMember> many;
  for (std::size_t i = 0; i <= kSampleFieldsMax; ++i)
    many.push_back({"1." + std::to_string(i), ""});
  many.push_back({"2.jpg", "x"});
  found = read(fake_tar(many));
  ASSERT_EQ(found.keys(), (Keys{"1", "2"}));
  EXPECT_EQ(why(found.samples[0]), "t.tar: sample 1 has more than 1000 fields");
}

TEST(Samples, WhatIsNotWantedIsNotRead) {
  Found found = read(fake_tar({{"1.jpg", "a"}, {"1.txt", "t"}}), {false, true});
  EXPECT_EQ(found.samples[0].picture, "1.jpg");
  EXPECT_EQ(found.samples[0].picture_bytes, nullptr);
  EXPECT_EQ(found.samples[0].text, "t");
  found = read(fake_tar({{"1.jpg", "a"}, {"1.txt", "t"}}), {});
  EXPECT_EQ(found.samples[0].text, std::nullopt);
}

TEST(Samples, ATarCutInAMemberEndsWithAFailedSample) {
  std::string whole = fake_tar({{"1.jpg", "a"}, {"1.txt", "t"}, {"2.jpg", std::string(900, 'x')}});
  Found found = read(whole.substr(0, 4 * 512 + 512 + 100));
  ASSERT_EQ(found.keys(), (Keys{"1", "2"}));
  EXPECT_EQ(why(found.samples[0]), "");
  EXPECT_EQ(why(found.samples[1]),
            "t.tar is cut or damaged in or behind 2.jpg; copy it again and start a new output "
            "folder");
  found = read(whole.substr(0, 4 * 512 + 100));  // in the header of 2.jpg
  ASSERT_EQ(found.keys(), (Keys{"1", ""}));
  EXPECT_EQ(why(found.samples[0]), "");
  EXPECT_NE(why(found.samples[1]).find("in or behind 1.txt"), std::string::npos);
}

TEST(Samples, WhatIsNoTarIsOneFailedSample) {
  for (std::string bytes : {std::string(), std::string(5000, 'x')}) {
    Found found = read(bytes);
    ASSERT_EQ(found.keys(), Keys{""});
    EXPECT_EQ(std::get<Failed>(found.samples[0].outcome).error.code, Code::kCorrupt);
  }
  EXPECT_TRUE(read(fake_tar({})).samples.empty());
}

TEST(Samples, CutOrDamagedAnywhereCountingAgreesWithReading) {
  for (const char* packing : {"none", "gzip", "zstd", "xz", "bzip2"}) {
    const std::string whole = fake_tar({{"1.jpg", std::string(513, 'x')},
                                        {"1.txt", "one"},
                                        {"2.txt", "two"},
                                        {"2.png", std::string(1001, 'x')},
                                        {"3.jpg", "c"},
                                        {"3.jpg", "d"},
                                        {"3.json", "{}"}},
                                       packing);
    auto check = [&](const std::string& bytes, std::size_t at) {
      Found counted = read(bytes, {});
      Found found = read(bytes, kAll);
      ASSERT_FALSE(counted.error);
      ASSERT_EQ(counted.keys(), found.keys()) << packing << at;
      for (std::size_t i = 0; i < found.samples.size(); ++i)
        ASSERT_EQ(why(counted.samples[i]), why(found.samples[i])) << packing << at;
    };
    for (std::size_t length = 0; length <= whole.size(); ++length) {
      check(whole.substr(0, length), length);
      std::string damaged = whole;
      if (length < whole.size()) damaged[length] = static_cast<char>(damaged[length] ^ 0x31);
      check(damaged, length);
    }
  }
}

TEST(Samples, TheDisksFailureIsNoSamplesFault) {
  std::string tar = fake_tar({{"1.jpg", "a"}, {"2.jpg", std::string(200 << 10, 'x')}});
  Found found = read(tar, kAll, 100 << 10);
  EXPECT_EQ(found.keys(), Keys{"1"});
  ASSERT_TRUE(found.error);
  EXPECT_EQ(found.error->code, Code::kIo);
}

}  // namespace
}  // namespace kale
