#include "kale/io/tables/text_records.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <fstream>
#include <utility>

#include "kale/io/temp_folder.h"

namespace kale {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kBytesMax = 100;

RecordWants wants() {
  RecordWants all;
  all.names[static_cast<std::size_t>(Role::kAltText)] = {"text", "caption"};
  all.names[static_cast<std::size_t>(Role::kImage)] = {"image"};
  all.names[static_cast<std::size_t>(Role::kUid)] = {"uid"};
  return all;
}

std::string gzip(std::string_view bytes) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string packed(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

class TextRecordsTest : public testing::Test {
 protected:
  // The alt-texts; for a record that failed, "!" and its message behind the file's name.
  std::vector<std::string> read(const std::string& name, std::string_view bytes, TextForm form,
                                std::int64_t bytes_max = kBytesMax) {
    fs::path path = folder_.path() / name;
    std::ofstream(path, std::ios::binary) << bytes;
    auto reader = open_text_records(path, form, wants(), bytes_max);
    if (!reader) return {"!!" + reader.error().message.substr(path.string().size())};
    std::vector<std::string> texts;
    records_.clear();
    while (auto record = (*reader)->next().value()) {
      texts.push_back(record->error ? "!" + record->error->message.substr(path.string().size())
                                    : record->text(Role::kAltText).value_or("(none)"));
      records_.push_back(std::move(*record));
    }
    EXPECT_EQ(count_text_records(path, form, bytes_max, 0).value(),
              static_cast<std::int64_t>(texts.size()));
    for (std::size_t first = 0; first <= texts.size(); ++first) {
      auto again = open_text_records(path, form, wants(), bytes_max).value();
      EXPECT_EQ(again->skip(static_cast<std::int64_t>(first)).value(),
                static_cast<std::int64_t>(first));
      EXPECT_EQ(again->next().value().has_value(), first < texts.size());
    }
    return texts;
  }
  std::vector<std::string> csv(std::string_view bytes, std::int64_t bytes_max = kBytesMax) {
    return read("a.csv", bytes, TextForm::kCsv, bytes_max);
  }
  std::vector<std::string> jsonl(std::string_view bytes) {
    return read("a.jsonl", bytes, TextForm::kJsonLines);
  }
  std::string extra(std::size_t record, std::string_view name) {
    Row row;
    row.extras = records_.at(record).extras;
    row.extras_row = records_.at(record).extras_row;
    return extras_value(row, name).value_or("(null)");
  }

  TempFolder folder_;
  std::vector<Record> records_;
};

using Texts = std::vector<std::string>;

TEST_F(TextRecordsTest, CsvQuotesAsRfc4180Says) {
  EXPECT_EQ(csv("uid,text\n1,a\r\n2,\"b, c\"\n3,\"two\nlines\"\n4,\"say \"\"hi\"\"\"\n"
                "5, \"blank first\"\n6,\"\"\n7,\n"),
            (Texts{"a", "b, c", "two\nlines", "say \"hi\"", " \"blank first\"", "", "(none)"}));
  EXPECT_EQ(records_[2].text(Role::kUid), "3");
  EXPECT_EQ(csv("text\nlast line without end"), Texts{"last line without end"});
  EXPECT_EQ(csv("text\n\"quoted at the end\""), Texts{"quoted at the end"});
}

TEST_F(TextRecordsTest, ByteOrderMarkAndBlankLinesAreNoRecords) {
  EXPECT_EQ(csv("\xEF\xBB\xBFtext,more\r\n\r\na,b\r\n\r\n\r\nc,d\r\n\r\n"), (Texts{"a", "c"}));
  EXPECT_EQ(jsonl("\xEF\xBB\xBF{\"text\":\"a\"}\r\n\r\n  \n{\"text\":\"b\"}"), (Texts{"a", "b"}));
  EXPECT_EQ(jsonl(""), Texts{});
}

TEST_F(TextRecordsTest, BadCsvRowsAreOneFailedRecordEach) {
  EXPECT_EQ(
      csv("text,n\na,1\nb,2,3\nc\n\"d\"e,4\nf,5\n"),
      (Texts{"a",
             "!, line 3: 3 fields, the header has 2; put fields that hold the separator in "
             "quotes",
             "c", "!, line 5: text behind a closing quote; inside quotes, write a quote twice",
             "f"}));
  EXPECT_EQ(extra(2, "n"), "(null)");
  EXPECT_EQ(extra(4, "n"), "5");
  EXPECT_EQ(csv("text\na\n\"open\nb\nc\n"),
            (Texts{"a", "!, line 3: the quote that opens in line 3 is never closed"}));
}

TEST_F(TextRecordsTest, RecordOverTheLimitIsOneFailedRecordAndTheNextLineGoesOn) {
  std::string longest(kBytesMax, 'x');
  std::string longer(kBytesMax + 1, 'x');
  EXPECT_EQ(csv("text\n" + longest + "\n" + longer + "\nb\n"),
            (Texts{longest, "!, line 3: longer than record_bytes_max, 100 bytes", "b"}));
  EXPECT_EQ(csv("text\n\"" + longer + "\nb\n")[0],
            "!, line 2: longer than record_bytes_max, 100 bytes; is the quote that opens in line 2 "
            "closed?");
  EXPECT_EQ(csv("text\n" + std::string(300, ',') + "\nb\n")[1], "b");
  std::string object = "{\"text\":\"" + std::string(kBytesMax - 11, 'x') + "\"}";
  ASSERT_EQ(object.size(), static_cast<std::size_t>(kBytesMax));
  auto found = jsonl(object + "\n " + object + "\n{\"text\":\"b\"}\n");
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[1], "!, line 2: longer than record_bytes_max, 100 bytes");
  EXPECT_EQ(found[2], "b");
}

// Raising record_bytes_max must not renumber the rows behind a long one.
TEST_F(TextRecordsTest, WhereRecordsBeginDoesNotDependOnTheLimit) {
  std::string field(kBytesMax, 'x');
  for (int i = 0; i < 20; ++i) field += "\nline, \"\"of\"\" a long field";
  const std::string csv_bytes =
      "text,n\na,1\n\"" + field + "\",2\r\n" + std::string(3 * kBytesMax, ' ') + "\nb,3\n";
  auto narrow = csv(csv_bytes);
  auto wide = csv(csv_bytes, 1 << 20);
  ASSERT_EQ(narrow.size(), 3u);
  EXPECT_EQ(wide.size(), narrow.size());
  EXPECT_TRUE(narrow[1].starts_with("!, line 3: longer than")) << narrow[1];
  EXPECT_EQ(narrow[2], "b");
  const std::string blank(2 * kBytesMax, ' ');
  EXPECT_EQ(csv("text\n" + blank + "\nb\n"), csv("text\n" + blank + "\nb\n", 1 << 20));
  EXPECT_EQ(jsonl("{\"text\":\"a\"}\n" + blank + "\n{\"text\":\"b\"}\n"), (Texts{"a", "b"}));
}

TEST_F(TextRecordsTest, CsvNeedsAHeaderThatNamesColumnsOnce) {
  EXPECT_EQ(csv(""), Texts{"!!, line 1: the file has no header row of column names"});
  EXPECT_EQ(csv("\n\n"), Texts{"!!, line 1: the file has no header row of column names"});
  EXPECT_EQ(csv("text,text\na,b\n"), Texts{"!!, line 1: the header names column 'text' twice"});
  EXPECT_EQ(csv(",text\n0,a\n"), Texts{"a"});  // an index without a name
  EXPECT_EQ(csv("text,n\n"), Texts{});
}

TEST_F(TextRecordsTest, CsvWhoseLinesEndInCarriageReturnsAloneSaysSo) {
  EXPECT_EQ(csv("n,text\r1,a\r2,b\r"),
            Texts{"!!, line 1: a carriage return in the header; end lines with a line feed"});
}

TEST_F(TextRecordsTest, CsvOfTooManyColumnsIsRefused) {
  auto header = [](std::size_t columns) {
    std::string names = "text";
    for (std::size_t i = 1; i < columns; ++i) names += fmt::format(",c{}", i);
    return names + "\na\n";
  };
  EXPECT_EQ(csv(header(kTableColumnsMax), 1 << 20), Texts{"a"});
  EXPECT_EQ(csv(header(kTableColumnsMax + 1), 1 << 20),
            Texts{"!!, line 1: 2001 columns, the limit is 2000; take out those that nobody needs"});
}

TEST_F(TextRecordsTest, TsvSeparatesByTabs) {
  EXPECT_EQ(read("a.tsv", "uid\ttext\n1\ta, b\n2\t\"c\td\"\n", TextForm::kTsv),
            (Texts{"a, b", "c\td"}));
}

TEST_F(TextRecordsTest, JsonLinesGiveTextAndTypedColumns) {
  auto found = jsonl(R"({"caption":"a","n":1,"tags":["x"],"uid":12}
{"text":null,"caption":"b","n":2.5}
{"text":"c","image":{"path":"c.png","bytes":null}}
{"text":3}
)");
  EXPECT_EQ(found, (Texts{"a", "b", "c", "3"}));
  EXPECT_EQ(records_[0].text(Role::kUid), "12");
  EXPECT_EQ(records_[2].text(Role::kImage), "c.png");
  EXPECT_EQ(extra(0, "n"), "1");
  EXPECT_EQ(extra(1, "n"), "2.5");
  EXPECT_EQ(extra(2, "n"), "(null)");
  EXPECT_EQ(extra(0, "caption"), "(null)");  // taken
  EXPECT_NE(extra(0, "tags").find("x"), std::string::npos);
}

TEST_F(TextRecordsTest, JsonLinesPassOverNamesThatHoldNothing) {
  EXPECT_EQ(jsonl("{\"text\":\" \",\"caption\":\"a\"}\n{\"text\":null,\"caption\":\"b\"}\n"
                  "{\"text\":\"\",\"caption\":null}\n{\"text\":0,\"caption\":\"d\"}\n"),
            (Texts{"a", "b", "", "0"}));
}

TEST_F(TextRecordsTest, BrokenJsonLinesAreOneFailedRecordEach) {
  auto found = jsonl("[1]\n{\"text\":\n{\"text\":{\"a\":1}}\n{\"text\":\"caf\xe9\"}\n" +
                     std::string(90, '[') + "\n{\"text\":\"a\"}\n");
  ASSERT_EQ(found.size(), 6u);
  for (std::size_t i = 0; i < 5; ++i)
    EXPECT_TRUE(found[i].starts_with("!, line " + std::to_string(i + 1))) << found[i];
  EXPECT_EQ(found[2], "!, line 3: 'text' is object, which is no text");
  EXPECT_EQ(found[5], "a");
}

// What a block of records takes in memory has a limit, not only how many they are.
TEST_F(TextRecordsTest, BlocksEndAtTheirBytes) {
  // How many records are in the block of the first.
  auto block = [&](const std::string& bytes, TextForm form) {
    std::ofstream(folder_.path() / "a", std::ios::binary) << bytes;
    auto reader = open_text_records(folder_.path() / "a", form, wants(), 2 << 20).value();
    std::int64_t records = 0;
    auto first = reader->next().value()->extras;
    do ++records;
    while (reader->next().value()->extras == first);
    return records;
  };
  std::string csv_bytes = "text,x\n";
  for (int i = 0; i < 12; ++i) csv_bytes += "a," + std::string(1 << 20, 'x') + "\n";
  EXPECT_EQ(block(csv_bytes, TextForm::kCsv), 8);
  std::string many = "{\"text\":\"a\",\"x\":[0";
  for (int i = 1; i < 20'000; ++i) many += ",0";
  std::string json_bytes;
  for (int i = 0; i < 8; ++i) json_bytes += many + "]}\n";
  EXPECT_EQ(block(json_bytes, TextForm::kJsonLines), 7) << "each takes 20,000 times 64 bytes";
}

TEST_F(TextRecordsTest, JsonOfTooManyValuesIsOneFailedRecord) {
  std::string many = "{\"x\":[0";
  for (int i = 0; i < 100'000; ++i) many += ",0";
  auto found = read("a.jsonl", many + "]}\n{\"text\":\"a\"}\n", TextForm::kJsonLines, 1 << 20);
  EXPECT_EQ(found, (Texts{"!, line 1 holds more than 100000 values", "a"}));
}

TEST_F(TextRecordsTest, ListsHoldOnePlaceALine) {
  read("a.txt", " a/b.png \n\nhttps://example.org/c.jpg\r\n", TextForm::kPlaces);
  ASSERT_EQ(records_.size(), 2u);
  EXPECT_EQ(records_[0].text(Role::kImagePath), "a/b.png");
  EXPECT_EQ(records_[1].text(Role::kImagePath), "https://example.org/c.jpg");
}

TEST_F(TextRecordsTest, GzipIsUnpackedMemberByMember) {
  std::string packed = gzip("text\na\n") + gzip("b\nc\n");
  EXPECT_EQ(read("a.csv.gz", packed, TextForm::kCsv), (Texts{"a", "b", "c"}));
  std::string text = "text\n";
  for (int i = 0; i < 60'000; ++i) text += std::to_string(i) + " things\n";  // more than a block
  packed = gzip(text);
  fs::path path = folder_.path() / "b.csv.gz";
  std::ofstream(path, std::ios::binary) << packed;
  EXPECT_EQ(count_text_records(path, TextForm::kCsv, kBytesMax, 0).value(), 60'000);
  EXPECT_EQ(count_text_records(path, TextForm::kCsv, kBytesMax, 7).value(), 7);
}

// A megabyte of gzip could keep a run counting rows for an hour.
TEST_F(TextRecordsTest, GzipThatUnpacksWithoutEndEndsWithOneFailedRecord) {
  const std::string member = gzip(std::string(std::size_t{4} << 20, '\n'));
  std::string packed = gzip("text\na\n");
  for (int i = 0; i < 17; ++i) packed += member;
  packed += gzip("b\n");
  fs::path path = folder_.path() / "bomb.csv.gz";
  std::ofstream(path, std::ios::binary) << packed;
  EXPECT_EQ(count_text_records(path, TextForm::kCsv, kBytesMax, 0).value(), 2);
  auto reader = open_text_records(path, TextForm::kCsv, wants(), kBytesMax).value();
  EXPECT_EQ(reader->next().value()->text(Role::kAltText), "a");
  auto last = reader->next().value();
  ASSERT_TRUE(last && last->error);
  for (const char* told : {"bomb.csv.gz", "unpacks to more than 67108864 bytes"})
    EXPECT_NE(last->error->message.find(told), std::string::npos) << last->error->message;
  EXPECT_FALSE(reader->next().value());
}

// Some bytes, and then a disk that does not answer.
class FailingBlocks : public ByteBlocks {
 public:
  explicit FailingBlocks(std::string_view bytes) : bytes_(bytes) {}
  Result<std::string_view> next() override {
    if (bytes_.empty()) return Error{Code::kIo, "input/output error"};
    return std::exchange(bytes_, std::string_view());
  }

 private:
  std::string_view bytes_;
};

TEST_F(TextRecordsTest, ADiskThatFailsIsNoRecord) {
  for (TextForm form : {TextForm::kCsv, TextForm::kTsv, TextForm::kJsonLines, TextForm::kPlaces}) {
    auto open = [&](std::string_view bytes) {
      return read_text_records(std::make_unique<FailingBlocks>(bytes), "a", form, wants(),
                               kBytesMax);
    };
    auto reader = open("{}\n{}\n\"{").value();
    Code code = Code::kBug;
    for (int records = 0; records < 4; ++records) {
      auto record = reader->next();
      if (record) {
        EXPECT_FALSE(record->value().error) << record->value().error->message;
      } else {
        code = record.error().code;
      }
    }
    EXPECT_EQ(code, Code::kIo);
    EXPECT_EQ(open("{}\n{}\n{").value()->skip(9).error().code, Code::kIo);
  }
  EXPECT_EQ(read_text_records(std::make_unique<FailingBlocks>("te"), "a", TextForm::kCsv, wants(),
                              kBytesMax)
                .error()
                .code,
            Code::kIo);
}

TEST_F(TextRecordsTest, GzipCutShortEndsWithOneFailedRecord) {
  std::string packed = gzip("{\"text\":\"a\"}\n{\"text\":\"b\"}\n");
  auto found = read("a.jsonl.gz", packed.substr(0, packed.size() - 4), TextForm::kJsonLines);
  ASSERT_FALSE(found.empty());
  EXPECT_TRUE(found.back().find("cut short") != std::string::npos) << found.back();
}

TEST_F(TextRecordsTest, GzipIsKnownByItsBytesNotItsName) {
  EXPECT_EQ(read("a.csv.gz", "text\na\n", TextForm::kCsv), Texts{"a"});
  EXPECT_EQ(read("A.CSV.GZ", gzip("text\na\n"), TextForm::kCsv), Texts{"a"});
  EXPECT_EQ(read("a.csv", gzip("text\na\n"), TextForm::kCsv), Texts{"a"});
}

TEST_F(TextRecordsTest, WhatStandsBeforeDamagedGzipIsRead) {
  std::string packed = gzip("{\"text\":\"a\"}\n{\"text\":\"b\"}\n");
  packed[packed.size() - 5] ^= 1;  // the checksum
  auto found = read("a.jsonl.gz", packed, TextForm::kJsonLines);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0], "a");
  EXPECT_EQ(found[1], "b");
  EXPECT_NE(found[2].find("damaged gzip"), std::string::npos) << found[2];
}

TEST_F(TextRecordsTest, ZerosBehindGzipAreItsEnd) {
  std::string packed = gzip("text\na\n");
  EXPECT_EQ(read("a.csv.gz", packed + std::string(512, '\0'), TextForm::kCsv), Texts{"a"});
  auto found = read("b.csv.gz", packed + std::string(3, '\0') + "no gzip at all", TextForm::kCsv);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_NE(found[1].find("damaged gzip"), std::string::npos) << found[1];
}

}  // namespace
}  // namespace kale
