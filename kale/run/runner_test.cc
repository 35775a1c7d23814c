#include "kale/run/runner.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "kale/io/disk_fake.h"
#include "kale/run/world_fake.h"

namespace kale {
namespace {
namespace fs = std::filesystem;

class RunnerTest : public ::testing::Test {
 protected:
  RunnerTest() {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    root_ =
        fs::temp_directory_path() / ("kale_runner_" + std::to_string(::getpid()) + info->name());
    fs::remove_all(root_);
    fs::create_directories(root_);
  }
  ~RunnerTest() override { fs::remove_all(root_); }

  FakeWorld world(const std::string& name) {
    FakeWorld world;
    world.out = root_ / name;
    fs::create_directories(world.out);
    world.engine_log = (root_ / (name + ".log")).string();
    world.names = FakeWorld::some_names(60);
    world.options.shard_rows = 16;
    world.options.rows_in_flight = 8;
    return world;
  }
  FakeRun run(const FakeWorld& world) {
    StopToken stop;
    return run_world(world, real_disk(), stop);
  }
  static std::size_t requests(const FakeWorld& world) {
    std::ifstream log(world.engine_log);
    std::size_t lines = 0;
    for (std::string line; std::getline(log, line);) ++lines;
    return lines;
  }

  // A redo writes generation 1; its bytes are compared with a fresh run's.
  static std::string as_first_generation(std::string text) {
    for (std::size_t at; (at = text.find("-g1.")) != std::string::npos;) text[at + 2] = '0';
    return text;
  }

  // What `w` left after its redo is what a run with the same prompts in a new folder gives.
  void expect_same_as_fresh(const FakeWorld& w) {
    FakeWorld fresh = world("fresh");
    fresh.fuse_prompt = w.fuse_prompt;
    fresh.clean_words = w.clean_words;
    ASSERT_TRUE(run(fresh).status);
    EXPECT_TRUE(as_first_generation(output_bytes(w.out)) == output_bytes(fresh.out));
  }

  fs::path root_;
};

TEST_F(RunnerTest, EveryRowComesOutOnce) {
  FakeWorld small = world("a");
  FakeRun done = run(small);
  ASSERT_TRUE(done.status) << describe_error(done.status.error());
  EXPECT_EQ(done.shards_done, 4);
  EXPECT_EQ(done.counters->rows_done(), 60);
  EXPECT_GT(done.counters->rows(Fate::kDropped), 0);
  std::string bytes = output_bytes(small.out);
  for (const std::string& name : small.names) {
    std::string quoted = "\"path\":\"" + name + "\"";
    std::size_t first = bytes.find(quoted);
    ASSERT_NE(first, std::string::npos) << name;
    EXPECT_EQ(bytes.find(quoted, first + 1), std::string::npos) << name << " came out twice";
  }
}

TEST_F(RunnerTest, SameBytesWhateverThreadsAndWindow) {
  std::set<std::string> outputs;
  for (int threads : {1, 2})
    for (int window : {1, 64}) {
      FakeWorld w = world("t" + std::to_string(threads) + "w" + std::to_string(window));
      w.threads = threads;
      w.options.rows_in_flight = window;
      FakeRun done = run(w);
      ASSERT_TRUE(done.status) << describe_error(done.status.error());
      outputs.insert(output_bytes(w.out));
    }
  EXPECT_EQ(outputs.size(), 1u);
}

TEST_F(RunnerTest, ASecondRunHasNothingToDo) {
  FakeWorld w = world("a");
  ASSERT_TRUE(run(w).status);
  std::size_t asked = requests(w);
  FakeRun again = run(w);
  ASSERT_TRUE(again.status);
  EXPECT_EQ(again.shards_planned, 0);
  EXPECT_EQ(requests(w), asked);
}

TEST_F(RunnerTest, AMissingPartRedoesItsShardOnly) {
  FakeWorld w = world("a");
  ASSERT_TRUE(run(w).status);
  std::string before = output_bytes(w.out);
  fs::remove(w.out / "parts" / "parts-00002-g0.jsonl");
  FakeRun again = run(w);
  ASSERT_TRUE(again.status);
  EXPECT_EQ(again.shards_planned, 1);
  std::string after = as_first_generation(output_bytes(w.out));
  EXPECT_TRUE(after == before);
}

TEST_F(RunnerTest, AChangedPromptRunsItsStepAndLaterOnes) {
  FakeWorld w = world("a");
  ASSERT_TRUE(run(w).status);
  w.fuse_prompt = "fuse better";
  FakeRun again = run(w);
  ASSERT_TRUE(again.status) << describe_error(again.status.error());
  EXPECT_EQ(again.shards_done, 4);
  EXPECT_EQ(again.calls_to("decode"), 0);
  EXPECT_EQ(again.calls_to("describe"), 0);
  EXPECT_GT(again.calls_to("fuse"), 0);
  EXPECT_EQ(again.counters->rows_done(), 60);

  expect_same_as_fresh(w);
}

TEST_F(RunnerTest, AChangeAfterARetryingStepGivesWhatAFreshRunWould) {
  FakeWorld w = world("a");
  ASSERT_TRUE(run(w).status);
  w.clean_words = "other words";
  FakeRun again = run(w);
  ASSERT_TRUE(again.status) << describe_error(again.status.error());
  EXPECT_EQ(again.calls_to("describe"), 0);
  EXPECT_GT(again.calls_to("fuse"), 0) << "clean sends rows back to fuse";
  expect_same_as_fresh(w);
}

TEST_F(RunnerTest, ADamagedOlderGenerationIsMadeAnew) {
  FakeWorld w = world("a");
  ASSERT_TRUE(run(w).status);
  fs::path part = w.out / "parts" / "parts-00001-g0.jsonl";
  std::string bytes = real_disk().read(part, 1 << 30).value();
  bytes[bytes.size() / 2] ^= 1;
  std::ofstream(part, std::ios::binary) << bytes;
  w.fuse_prompt = "fuse better";
  ASSERT_TRUE(run(w).status);
  expect_same_as_fresh(w);
}

TEST_F(RunnerTest, APictureThatWasGoneIsReadAgain) {
  FakeWorld w = world("a");
  w.gone = "row-0031";
  FakeRun first = run(w);
  ASSERT_TRUE(first.status);
  EXPECT_EQ(first.counters->rows(Fate::kFailed), 1);
  w.gone.clear();
  w.fuse_prompt = "fuse better";
  ASSERT_TRUE(run(w).status);
  expect_same_as_fresh(w);
}

// One row's picture must not be described beside another's alt-text.
TEST_F(RunnerTest, ARowInAnothersPlaceEndsTheRunNamingTheFile) {
  FakeWorld w = world("a");
  w.gone = "row-0031";
  ASSERT_TRUE(run(w).status);
  w.gone.clear();
  w.replaced = "row-0032";
  w.fuse_prompt = "fuse better";
  FakeRun changed = run(w);
  ASSERT_FALSE(changed.status);
  EXPECT_EQ(changed.status.error().code, Code::kNotFound);
  for (const char* told : {"row-0032", "put it back", "new output folder"})
    EXPECT_NE(changed.status.error().message.find(told), std::string::npos)
        << changed.status.error().message;
  EXPECT_EQ(output_bytes(w.out).find("row-another"), std::string::npos);
  w.replaced.clear();
  ASSERT_TRUE(run(w).status);
  expect_same_as_fresh(w);
}

TEST_F(RunnerTest, NewInputAppendsShardsAndShiftsNone) {
  FakeWorld w = world("a");
  ASSERT_TRUE(run(w).status);
  std::string before = output_bytes(w.out);
  w.names.insert(w.names.begin(), "aaa-new");
  w.names.push_back("zzz-new");
  FakeRun again = run(w);
  ASSERT_TRUE(again.status);
  EXPECT_EQ(again.shards_planned, 1);
  EXPECT_EQ(again.counters->rows_done(), 2);
  fs::remove(w.out / "parts" / "parts-00004-g0.jsonl");
  fs::remove(w.out / "rejects" / "rejects-00004-g0.jsonl");
  EXPECT_TRUE(output_bytes(w.out) == before);
}

TEST_F(RunnerTest, AStepThatThrowsEndsTheRunNamingRowAndStep) {
  FakeWorld w = world("a");
  w.fuse_throws = true;
  FakeRun broken = run(w);
  ASSERT_FALSE(broken.status);
  EXPECT_EQ(broken.status.error().code, Code::kBug);
  EXPECT_NE(broken.status.error().message.find("step fuse threw at row "), std::string::npos);
  EXPECT_NE(broken.status.error().message.find("fuse is broken"), std::string::npos);

  w.fuse_throws = false;
  ASSERT_TRUE(run(w).status);
  EXPECT_EQ(output_bytes(w.out).find("-g1."), std::string::npos) << "nothing is redone";
  expect_same_as_fresh(w);
}

TEST_F(RunnerTest, ADeadEngineEndsTheRunAndTheNextOneGoesOn) {
  FakeWorld w = world("a");
  w.engine_script = (root_ / "script.yaml").string();
  w.options.rows_in_flight = 4;
  std::ofstream(w.engine_script) << "- match: 'describe row-0031'\n  fail: kEngineGone\n";
  FakeRun broken = run(w);
  ASSERT_FALSE(broken.status);
  EXPECT_EQ(broken.status.error().code, Code::kEngineGone);

  w.engine_script.clear();
  ASSERT_TRUE(run(w).status);
  expect_same_as_fresh(w);
}

TEST_F(RunnerTest, ARequestThatIsRejectedFailsItsRowOnly) {
  FakeWorld w = world("a");
  w.engine_script = (root_ / "script.yaml").string();
  std::ofstream(w.engine_script) << "- match: 'describe row-0031'\n  fail: kRejected\n";
  FakeRun done = run(w);
  ASSERT_TRUE(done.status) << done.status.error().message;
  EXPECT_EQ(done.counters->rows(Fate::kFailed), 1);
}

TEST_F(RunnerTest, ARowThatIsSentBackForeverFails) {
  FakeWorld w = world("a");
  w.names = {"row-0099", "row-0001"};
  FakeRun done = run(w);
  ASSERT_TRUE(done.status);
  EXPECT_EQ(done.counters->rows(Fate::kFailed), 1);
  EXPECT_NE(output_bytes(w.out).find("sent back to fuse for the last time"), std::string::npos);
}

TEST_F(RunnerTest, AStopRequestBeforehandDoesNothing) {
  FakeWorld w = world("a");
  StopToken stop;
  stop.request();
  FakeRun stopped = run_world(w, real_disk(), stop);
  EXPECT_TRUE(stopped.status);
  EXPECT_EQ(stopped.shards_done, 0);
  ASSERT_TRUE(run(w).status);
}

TEST_F(RunnerTest, ABudgetSmallerThanOneRowSlowsAndDoesNotHang) {
  FakeWorld w = world("a");
  w.options.memory_mb = 0;
  FakeRun done = run(w);
  ASSERT_TRUE(done.status);
  EXPECT_EQ(done.counters->rows_done(), 60);
}

TEST_F(RunnerTest, PicturesLargerThanTheManifestSaysCountWithTheirBytes) {
  FakeWorld w = world("a");
  w.names.resize(20);
  w.options.memory_mb = 1;
  w.picture_bytes = 700'000;
  w.decode_rounds = 10;
  FakeRun done = run(w);
  ASSERT_TRUE(done.status) << describe_error(done.status.error());
  EXPECT_EQ(done.counters->rows_done(), 20);
  EXPECT_LE(w.watch->most, 2) << "one that is at work, and one that was read and waits";
}

TEST_F(RunnerTest, NoFurtherShardIsOpenedWhileExtraColumnsTakeMoreThanTheBudget) {
  FakeWorld w = world("a");
  w.options.memory_mb = 1;
  w.options.rows_in_flight = 64;
  w.decode_rounds = 500;  // so that a shard is read long before it is done
  w.extras_bytes = std::int64_t{1} << 20;
  FakeRun done = run(w);
  ASSERT_TRUE(done.status) << describe_error(done.status.error());
  EXPECT_EQ(done.counters->rows_done(), 60);
  EXPECT_LE(w.extras_watch->most, 16) << "one shard of the three that may be in flight";
}

TEST_F(RunnerTest, AShardWhoseExtraColumnsNeverFitEndsTheRunNamingTheFile) {
  FakeWorld w = world("a");
  w.extras_bytes = std::int64_t{200} << 20;
  FakeRun broken = run(w);
  ASSERT_FALSE(broken.status);
  EXPECT_EQ(broken.status.error().code, Code::kLimit);
  for (const char* told : {"up to row 11 of the 16 of shard 0", "run.shard_rows"})
    EXPECT_NE(broken.status.error().message.find(told), std::string::npos)
        << broken.status.error().message;
  w.extras_bytes = 0;
  ASSERT_TRUE(run(w).status);
  expect_same_as_fresh(w);
}

TEST_F(RunnerTest, AFullDiskEndsTheRunAndTheNextOneGoesOn) {
  FakeWorld w = world("a");
  std::atomic<int> changes = 0;
  FaultDisk disk(real_disk(), [&](std::string_view, const fs::path&) -> Status {
    if (++changes > 120) return Error{Code::kIo, "no space left"};
    return {};
  });
  StopToken stop;
  FakeRun broken = run_world(w, disk, stop);
  ASSERT_FALSE(broken.status);
  EXPECT_NE(broken.status.error().message.find("no space left"), std::string::npos);
  ASSERT_TRUE(run(w).status);
  EXPECT_EQ(output_bytes(w.out).find("-g1."), std::string::npos) << "nothing is redone";
  expect_same_as_fresh(w);
}

}  // namespace
}  // namespace kale
