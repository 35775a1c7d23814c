#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "kale/resume/counts.h"
#include "kale/resume/journal.h"
#include "kale/resume/ledger.h"
#include "kale/resume/manifest.h"
#include "kale/resume/plan.h"
#include "kale/resume/records.h"

namespace kale {
namespace {
namespace fs = std::filesystem;

class ResumeTest : public ::testing::Test {
 protected:
  ResumeTest() {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    root_ =
        fs::temp_directory_path() / ("kale_resume_" + std::to_string(::getpid()) + info->name());
    fs::remove_all(root_);
    fs::create_directories(root_);
  }
  ~ResumeTest() override { fs::remove_all(root_); }

  std::string read(const fs::path& path) { return real_disk().read(path, 1 << 30).value(); }
  void write(const fs::path& path, std::string_view bytes) {
    std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<long>(bytes.size()));
  }
  fs::path root_;
};

LedgerRecord record(std::int64_t shard, std::int64_t generation) {
  LedgerRecord record;
  record.shard = shard;
  record.generation = generation;
  record.prints = {{"source", "aa", ""}, {"decode", "bb", ""}, {"fuse", "cc", ""}};
  record.files.part = {"parts/p" + std::to_string(shard), 3, 5, "digest"};
  record.files.rejects = {"rejects/r" + std::to_string(shard), 1, 5, "digest"};
  record.files.reasons = {{"drop:empty_alt_text", 1}};
  return record;
}

Reply reply(const std::string& text) {
  return {{{text, Finish::kStop, 3}, {text + "\xff\x00 torn", Finish::kLength, 4}}, 7};
}

// Loads the file cut at every length: never an error, never more than was written, and the whole
// file is all of it.
TEST_F(ResumeTest, ALedgerCutAtEveryByteLoadsAndGoesOn) {
  fs::path path = root_ / "ledger";
  {
    auto ledger = Ledger::open(real_disk(), path).value();
    for (int shard = 0; shard < 4; ++shard) ASSERT_TRUE(ledger->append(record(shard, 0)));
  }
  std::string whole = read(path);
  std::size_t before = 0;
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    write(path, std::string_view(whole).substr(0, length));
    auto ledger = Ledger::open(real_disk(), path);
    ASSERT_TRUE(ledger) << "cut at " << length << ": " << describe_error(ledger.error());
    std::size_t records = (*ledger)->newest().size();
    ASSERT_GE(records, before);
    before = records;
    ASSERT_TRUE((*ledger)->append(record(9, 0)));
    auto again = Ledger::open(real_disk(), path).value();
    ASSERT_EQ(again->newest().size(), records + 1) << "appended after a cut at " << length;
  }
  EXPECT_EQ(before, 4u);
}

TEST_F(ResumeTest, ADamagedLedgerLineCostsItsShardOnly) {
  fs::path path = root_ / "ledger";
  {
    auto ledger = Ledger::open(real_disk(), path).value();
    for (int shard = 0; shard < 3; ++shard) ASSERT_TRUE(ledger->append(record(shard, 0)));
  }
  std::string bytes = read(path);
  bytes[bytes.find("\"shard\":1") + 8] = '7';
  write(path, bytes);
  auto ledger = Ledger::open(real_disk(), path).value();
  EXPECT_TRUE(ledger->find(0));
  EXPECT_FALSE(ledger->find(1));
  EXPECT_FALSE(ledger->find(7));
  EXPECT_TRUE(ledger->find(2));
}

TEST_F(ResumeTest, ANewerLedgerIsRefused) {
  write(root_ / "ledger", "kale ledger 2\n");
  auto ledger = Ledger::open(real_disk(), root_ / "ledger");
  ASSERT_FALSE(ledger);
  EXPECT_EQ(ledger.error().code, Code::kCorrupt);
  EXPECT_NE(ledger.error().message.find("kale ledger 2"), std::string::npos);
}

TEST_F(ResumeTest, TheNewestGenerationCounts) {
  auto ledger = Ledger::open(real_disk(), root_ / "ledger").value();
  ASSERT_TRUE(ledger->append(record(0, 0)));
  ASSERT_TRUE(ledger->append(record(0, 1)));
  EXPECT_EQ(Ledger::open(real_disk(), root_ / "ledger").value()->find(0)->generation, 1);
}

TEST_F(ResumeTest, AJournalCutAtEveryByteLoadsAndGoesOn) {
  fs::path path = root_ / "journal";
  {
    auto journal = Journal::open(real_disk(), path).value();
    for (int i = 0; i < 4; ++i)
      ASSERT_TRUE(journal->record("key" + std::to_string(i), reply("text " + std::to_string(i))));
  }
  std::string whole = read(path);
  std::size_t before = 0;
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    write(path, std::string_view(whole).substr(0, length));
    auto journal = Journal::open(real_disk(), path);
    ASSERT_TRUE(journal) << "cut at " << length;
    ASSERT_GE((*journal)->answers(), before);
    before = (*journal)->answers();
    ASSERT_TRUE((*journal)->record("new", reply("after a cut")));
    auto again = Journal::open(real_disk(), path).value();
    ASSERT_EQ(again->answers(), before + 1);
    ASSERT_EQ(again->find("new")->choices[0].text, "after a cut");
  }
  EXPECT_EQ(before, 4u);
}

TEST_F(ResumeTest, AJournalGivesBackRepliesByteForByte) {
  auto journal = Journal::open(real_disk(), root_ / "journal").value();
  ASSERT_TRUE(journal->record("k", reply("caf\xc3\xa9\n")));
  auto again = Journal::open(real_disk(), root_ / "journal").value();
  auto found = again->find("k");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->prompt_tokens, 7);
  ASSERT_EQ(found->choices.size(), 2u);
  EXPECT_EQ(found->choices[0].text, "caf\xc3\xa9\n");
  EXPECT_EQ(found->choices[1].text, reply("caf\xc3\xa9\n").choices[1].text);
  EXPECT_EQ(found->choices[1].finish, Finish::kLength);
  EXPECT_FALSE(again->find("another"));
}

class NamelessEngine : public Engine {
  EngineTraits traits() const override { return {}; }
  Task<Result<Reply>> generate(Prompt, Decoding) override { co_return Reply{}; }
};

TEST(MemoKey, AnotherBeginningIsAnotherQuestion) {
  NamelessEngine engine;
  auto key = [&](std::string begins_with, std::vector<std::string> stop) {
    Decoding decoding{.stop = std::move(stop), .begins_with = std::move(begins_with)};
    return memo_key("row", {"fuse", "print", ""}, 0, engine, Prompt{}, decoding);
  };
  EXPECT_EQ(key("A", {}), key("A", {}));
  EXPECT_NE(key("A", {}), key("", {}));
  EXPECT_NE(key("A", {}), key("B", {}));
  EXPECT_NE(key("A", {}), key("", {"begins_with", "A"}));
}

TEST(MemoKey, AnOptionOfTheEngineMakesItAnotherQuestion) {
  NamelessEngine engine;
  std::string before = memo_key("row", {"read", "a", ""}, 0, engine, Prompt{}, Decoding{});
  EXPECT_NE(before, memo_key("row", {"read", "b", ""}, 0, engine, Prompt{}, Decoding{}));
}

TEST_F(ResumeTest, ADamagedJournalFrameEndsWhatIsRead) {
  fs::path path = root_ / "journal";
  {
    auto journal = Journal::open(real_disk(), path).value();
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(journal->record(std::to_string(i), reply("x")));
  }
  std::string bytes = read(path);
  bytes[bytes.size() / 2] ^= 1;
  write(path, bytes);
  EXPECT_EQ(Journal::open(real_disk(), path).value()->answers(), 1u);
}

struct ListSource : Source {
  std::vector<InputFile> files;
  std::map<std::string, std::int64_t> rows;  // of files that come uncounted
  std::vector<std::string> counted;
  std::string cannot_count;  // the name where counting ends in an error
  Result<std::int64_t> count(const InputFile& file) override {
    if (file.path == cannot_count) return Error{Code::kIo, "the disk has gone"};
    counted.push_back(file.path);
    return rows.at(file.path);
  }
  SourceTraits traits() const override { return {"list", {}, 1}; }
  Status list(const std::function<Status(InputFile)>& take) override {
    for (const InputFile& file : files) KALE_OK(take(file));
    return {};
  }
  Result<std::unique_ptr<RowReader>> open(const ShardSpec&, Columns) override {
    return Error{Code::kNotBuilt, "a list has no rows"};
  }
};

TEST_F(ResumeTest, AManifestSlicesFilesAndAppendsNewOnes) {
  ListSource source;
  source.files = {{"a.tar", 25, 2500}, {"b.tar", 5, 500}, {"d\xff.png", 1, 10}};
  auto manifest = Manifest::open(real_disk(), root_ / "manifest").value();
  EXPECT_EQ(manifest.append_new(real_disk(), source, 10).value(), 4);
  EXPECT_EQ(manifest.rows(), 31);
  ShardSpec third = manifest.shard(2);
  ASSERT_EQ(third.slices.size(), 2u);
  EXPECT_EQ(third.slices[0].first_row, 20);
  EXPECT_EQ(third.slices[0].rows, 5);
  EXPECT_EQ(third.slices[1].path, "b.tar");

  source.files.insert(source.files.begin() + 1, {"aa.tar", 3, 30});
  auto again = Manifest::open(real_disk(), root_ / "manifest").value();
  EXPECT_EQ(again.append_new(real_disk(), source, 10).value(), 1);
  EXPECT_EQ(again.shard(3).slices[0].path, "d\xff.png") << "a path that is not UTF-8";
  EXPECT_EQ(again.shard(4).slices[0].path, "aa.tar");
  EXPECT_EQ(again.append_new(real_disk(), source, 10).value(), 0);
}

TEST_F(ResumeTest, CountingThatWasCutShortGoesOnWhereItWas) {
  ListSource source;
  source.rows = {{"a.jsonl", 25}, {"b.jsonl", 0}, {"c.jsonl", 3}};
  for (const auto& [name, rows] : source.rows)
    source.files.push_back({name, InputFile::kUncounted, 100});
  auto freeze = [&](const std::string& options) -> Result<std::int64_t> {
    KALE_TRY(Counts counts, Counts::open(real_disk(), root_ / "counts", options));
    KALE_TRY(Manifest manifest, Manifest::open(real_disk(), root_ / "manifest"));
    Listing listing{.counts = &counts};
    source.counted.clear();
    return manifest.append_new(real_disk(), source, 10, &listing);
  };
  source.cannot_count = "c.jsonl";
  EXPECT_FALSE(freeze("options"));
  EXPECT_EQ(source.counted, (std::vector<std::string>{"a.jsonl", "b.jsonl"}));
  source.cannot_count.clear();
  const std::string kept = read(root_ / "counts");
  for (std::size_t length = 0; length < kept.size(); ++length) {
    write(root_ / "counts", std::string_view(kept).substr(0, length));
    fs::remove(root_ / "manifest");
    EXPECT_EQ(freeze("options").value(), 3) << "cut at " << length;
  }
  write(root_ / "counts", kept);
  fs::remove(root_ / "manifest");
  EXPECT_EQ(freeze("other options").value(), 3);
  EXPECT_EQ(source.counted.size(), 3u) << "other options may give other rows";
  write(root_ / "counts", kept);
  fs::remove(root_ / "manifest");
  EXPECT_EQ(freeze("options").value(), 3);
  EXPECT_EQ(source.counted, std::vector<std::string>{"c.jsonl"});
  EXPECT_EQ(freeze("options").value(), 0);
  EXPECT_TRUE(source.counted.empty()) << "a file of no rows is remembered too";
  source.files[1].bytes = 101;
  freeze("options").value();
  EXPECT_EQ(source.counted, std::vector<std::string>{"b.jsonl"}) << "it has grown";
}

// A file that was still being copied when it was frozen is not whole later on: its user must know.
TEST_F(ResumeTest, AFrozenFileWhoseSizeChangedIsNamed) {
  ListSource source;
  source.files = {{"a.tar", 27, 2501}, {"b.tar", 5, 500}};
  ASSERT_TRUE(Manifest::open(real_disk(), root_ / "manifest")->append_new(real_disk(), source, 10));
  auto changed = [&] {
    Listing listing;
    auto manifest = Manifest::open(real_disk(), root_ / "manifest").value();
    EXPECT_EQ(manifest.append_new(real_disk(), source, 10, &listing).value(), 0);
    EXPECT_EQ(listing.files_changed, std::ssize(listing.changed));
    return listing.changed;
  };
  EXPECT_TRUE(changed().empty());
  source.files[0].bytes = 2502;
  ASSERT_EQ(changed().size(), 1u);
  EXPECT_EQ(changed()[0].path, "a.tar");
  EXPECT_EQ(changed()[0].bytes_then, 2501);
  EXPECT_EQ(changed()[0].bytes_now, 2502);
}

// Shards are known by their place in the manifest: a damaged one must stop the run, not shift rows.
TEST_F(ResumeTest, ADamagedManifestIsRefused) {
  ListSource source;
  source.files = {{"a.tar", 25, 2500}, {"b.tar", 5, 500}};
  auto manifest = Manifest::open(real_disk(), root_ / "manifest").value();
  ASSERT_TRUE(manifest.append_new(real_disk(), source, 10));
  std::string whole = read(root_ / "manifest");
  for (std::size_t at = whole.find('\n') + 1; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] ^= 1;
    write(root_ / "manifest", damaged);
    auto opened = Manifest::open(real_disk(), root_ / "manifest");
    ASSERT_FALSE(opened) << "byte " << at;
    ASSERT_EQ(opened.error().code, Code::kCorrupt);
  }
}

TEST_F(ResumeTest, StateLinesOfTheWrongShapeAreRefusedOrSkipped) {
  for (const char* payload :
       {"{}", "[]", "3", R"({"rows":-4,"slices":[["a",0,-4,1]]})", R"({"rows":4,"slices":[]})",
        R"({"rows":1,"slices":["a"]})", R"({"rows":2,"slices":[["a",0,1,1]]})",
        R"({"rows":1,"slices":[["../a",0,1,1]]})", R"({"rows":1,"slices":[["/a",0,1,1]]})",
        R"({"rows":1,"slices":[[[300],0,1,1]]})", R"({"rows":1,"slices":[["a",0,"1",1]]})"}) {
    write(root_ / "manifest", "kale manifest 1\n" + record_line(payload));
    EXPECT_FALSE(Manifest::open(real_disk(), root_ / "manifest")) << payload;
  }
  const std::string file = R"({"name":"p","rows":1,"bytes":1,"digest":"d"})";
  for (const std::string& payload :
       {std::string("{}"), std::string(R"({"part":{},"rejects":{},"shard":"a"})"),
        R"({"shard":0,"generation":0,"prints":[1],"reasons":{},"part":)" + file + R"(,"rejects":)" +
            file + "}",
        R"({"shard":0,"generation":0,"prints":[],"reasons":[1],"part":)" + file + R"(,"rejects":)" +
            file + "}",
        R"({"shard":0,"generation":0,"prints":[],"reasons":{},"part":[],"rejects":)" + file +
            "}"}) {
    write(root_ / "ledger", "kale ledger 1\n" + record_line(payload));
    auto ledger = Ledger::open(real_disk(), root_ / "ledger");
    ASSERT_TRUE(ledger) << payload;
    EXPECT_TRUE((*ledger)->newest().empty()) << payload;
  }
}

// A number past 2^53 would wrap when it is added to: it is damage, whatever its checksum says.
TEST_F(ResumeTest, NumbersThatCannotBeCountsAreDamage) {
  const std::string huge = "18446744073709551615", past = "9007199254740993";
  const std::string file = R"({"name":"p","rows":1,"bytes":1,"digest":"d"})";
  auto ledger_line = [&](const std::string& shard, const std::string& generation) {
    return R"({"shard":)" + shard + R"(,"generation":)" + generation +
           R"(,"prints":[["source","aa"]],"reasons":{},"part":)" + file + R"(,"rejects":)" + file +
           "}";
  };
  auto records = [&](const std::string& line) {
    write(root_ / "ledger", "kale ledger 1\n" + record_line(line));
    return Ledger::open(real_disk(), root_ / "ledger").value()->newest().size();
  };
  EXPECT_EQ(records(ledger_line("9007199254740992", "3")), 1u);
  for (const std::string& number : {huge, past}) {
    EXPECT_EQ(records(ledger_line(number, "0")), 0u);
    EXPECT_EQ(records(ledger_line("0", number)), 0u);
  }
  for (const char* payload : {R"({"rows":1,"slices":[["a",18446744073709551615,1,1]]})",
                              R"({"rows":1,"slices":[["a",0,1,9007199254740993]]})",
                              R"({"rows":1000001,"slices":[["a",0,1000001,1]]})",
                              R"({"rows":1000001,"slices":[["a",0,1000000,1],["b",0,1,1]]})"}) {
    write(root_ / "manifest", "kale manifest 1\n" + record_line(payload));
    EXPECT_FALSE(Manifest::open(real_disk(), root_ / "manifest")) << payload;
  }
}

TEST_F(ResumeTest, ThePlanNamesWhatChanged) {
  auto ledger = Ledger::open(real_disk(), root_ / "ledger").value();
  LedgerRecord done = record(0, 0);
  ASSERT_TRUE(ledger->append(done));
  fs::create_directories(root_ / "parts");
  fs::create_directories(root_ / "rejects");
  auto plan = [&](const std::vector<StepPrint>& prints, std::int64_t shard = 0) {
    return plan_shard(real_disk(), root_, *ledger, prints, shard).value();
  };
  EXPECT_EQ(plan(done.prints)->why, "parts/p0 is missing");
  write(root_ / "parts/p0", "12345");
  write(root_ / "rejects/r0", "1234");
  EXPECT_EQ(plan(done.prints)->why, "rejects/r0 has 4 bytes, its record says 5");
  write(root_ / "rejects/r0", "12345");
  EXPECT_FALSE(plan(done.prints));
  EXPECT_EQ(plan(done.prints, 1)->why, "never done");

  auto changed = done.prints;
  changed[2].print = "dd";
  EXPECT_EQ(plan(changed)->why, "fuse changed");
  EXPECT_EQ(plan(changed)->first_step, 1u);
  EXPECT_TRUE(plan(changed)->previous);
  changed[0].print = "dd";
  EXPECT_EQ(plan(changed)->why, "source changed");
  EXPECT_FALSE(plan(changed)->previous);
}

TEST_F(ResumeTest, SweepKeepsOnlyWhatARecordNames) {
  auto ledger = Ledger::open(real_disk(), root_ / "ledger").value();
  ASSERT_TRUE(ledger->append(record(0, 0)));
  for (const char* folder : {"parts", "rejects", "state/journal"})
    fs::create_directories(root_ / folder);
  write(root_ / "parts/p0", "x");
  write(root_ / "parts/mine.txt", "x");
  write(root_ / "parts/part-00000-g0-w0.parquet", "x");
  write(root_ / "parts/part-00001-g0-w0.parquet.aside", "x");
  write(root_ / "state/journal/shard-00000-g0", "x");
  write(root_ / "state/journal/shard-00001-g0", "x");
  ASSERT_TRUE(sweep(real_disk(), root_, *ledger, {ShardPlan{1, 0, 0, {}, ""}}));
  EXPECT_EQ(real_disk().list(root_ / "parts").value(),
            (std::vector<std::string>{"mine.txt", "p0"}));
  EXPECT_EQ(real_disk().list(root_ / "state/journal").value(),
            std::vector<std::string>{"shard-00001-g0"});
}

}  // namespace
}  // namespace kale
