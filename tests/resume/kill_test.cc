// A run is killed with SIGKILL in each commit window and at seeded points, run again, and must end
// with the bytes of an undisturbed run, having asked its engine for nothing twice but what was in
// flight. Every run is a child process, so that nothing but files survives it.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <random>
#include <string>

#include "kale/io/disk_fake.h"
#include "kale/run/world_fake.h"
#include "kale/write/parquet_sink.h"

namespace kale {
namespace {
namespace fs = std::filesystem;

constexpr int kRowsInFlight = 8;
constexpr int kSeededPoints = 50;

using Hook = FaultDisk::Hook;

struct Ending {
  bool killed = false;
  int exit_code = -1;
};

class KillTest : public ::testing::Test {
 protected:
  KillTest() {
    root_ = fs::temp_directory_path() / ("kale_kill_" + std::to_string(::getpid()));
    fs::remove_all(root_);
    fs::create_directories(root_);
  }
  ~KillTest() override { fs::remove_all(root_); }

  FakeWorld world(const std::string& name) {
    FakeWorld world;
    world.out = root_ / name;
    world.engine_log = (root_ / (name + ".log")).string();
    world.names = FakeWorld::some_names(60);
    world.options.shard_rows = 16;
    world.options.rows_in_flight = kRowsInFlight;
    world.sink = [](Disk& disk, fs::path out) { return make_parquet_sink(disk, out, "w0"); };
    fs::create_directories(world.out);
    return world;
  }

  // Runs in a child that kills itself when `doomed` says so; counts its disk changes into
  // `changes`, if given.
  Ending run(const FakeWorld& world,
             const std::function<bool(std::string_view, const fs::path&)>& doomed,
             const fs::path& changes_file = {}) {
    pid_t child = ::fork();
    if (child == 0) {
      std::atomic<long> changes = 0;
      FaultDisk disk(real_disk(), [&](std::string_view verb, const fs::path& path) -> Status {
        ++changes;
        if (doomed && doomed(verb, path)) {
          ::kill(::getpid(), SIGKILL);
          ::pause();  // other threads must not run on while the signal arrives
        }
        return {};
      });
      StopToken stop;
      FakeRun done = run_world(world, disk, stop);
      if (!done.status) std::cerr << describe_error(done.status.error()) << "\n";
      if (!changes_file.empty()) std::ofstream(changes_file) << changes;
      ::_exit(done.status ? 0 : 1);
    }
    int state = 0;
    ::waitpid(child, &state, 0);
    return {WIFSIGNALED(state), WIFEXITED(state) ? WEXITSTATUS(state) : -1};
  }

  static long lines(const std::string& file) {
    std::ifstream log(file);
    long count = 0;
    for (std::string line; std::getline(log, line);) ++count;
    return count;
  }

  // The undisturbed run that all others are compared with.
  void SetUp() override {
    FakeWorld calm = world("calm");
    Ending ending = run(calm, nullptr, root_ / "changes");
    ASSERT_EQ(ending.exit_code, 0);
    expected_ = output_bytes(calm.out);
    requests_ = lines(calm.engine_log);
    std::ifstream(root_ / "changes") >> changes_;
    ASSERT_GT(changes_, 100);
    ASSERT_GT(requests_, 100);
  }

  void finish_and_compare(const FakeWorld& w, int kills) {
    ASSERT_EQ(run(w, nullptr).exit_code, 0);
    EXPECT_TRUE(output_bytes(w.out) == expected_) << "the bytes differ from an undisturbed run's";
    long repeated = lines(w.engine_log) - requests_;
    EXPECT_GE(repeated, 0) << "answers came from nowhere";
    EXPECT_LE(repeated, static_cast<long>(kills) * kRowsInFlight);
    EXPECT_TRUE(fs::is_empty(w.out / "state" / "journal"));
  }

  fs::path root_;
  std::string expected_;
  long requests_ = 0;
  long changes_ = 0;
};

struct Window {
  const char* name;
  const char* verb;
  const char* path_part;
};

// Ahead of these changes; `nth` of them, so that other shards are done, half done and untouched.
constexpr Window kWindows[] = {
    {"in the rejects file", "append", "rejects-"},
    {"before rejects have their name", "rename", "rejects-"},
    {"after rejects, before the part", "create", "part-"},
    {"in the part", "append", "part-"},
    {"before the part has its name", "rename", "part-"},
    {"after the part, before the record", "append", "ledger"},
    {"in the sync of the record", "sync", "ledger"},
    {"after the record, before the journal goes", "remove", "journal"},
    {"while the first journal is made", "rename", "journal"},
    {"while the manifest is frozen", "rename", "manifest"},
};

TEST_F(KillTest, InEachCommitWindow) {
  int tried = 0;
  for (const Window& window : kWindows)
    for (int nth : {1, 2}) {
      SCOPED_TRACE(std::string(window.name) + ", time " + std::to_string(nth));
      FakeWorld w = world("window" + std::to_string(tried++));
      std::atomic<int> seen = 0;
      Ending ending = run(w, [&](std::string_view verb, const fs::path& path) {
        bool here =
            verb == window.verb && path.string().find(window.path_part) != std::string::npos;
        return here && ++seen == nth;
      });
      bool reached = std::string_view(window.path_part) != "manifest" || nth == 1;
      EXPECT_EQ(ending.killed, reached) << "the window was not reached";
      finish_and_compare(w, 1);
    }
}

TEST_F(KillTest, AtSeededPoints) {
  const char* given = std::getenv("KALE_KILL_SEED");
  unsigned seed = given != nullptr ? static_cast<unsigned>(std::strtoul(given, nullptr, 10))
                                   : std::random_device()();
  std::cout << "seed " << seed << " (KALE_KILL_SEED=" << seed << " repeats it)\n";
  std::mt19937 random(seed);
  for (int point = 0; point < kSeededPoints; ++point) {
    long at = std::uniform_int_distribution<long>(1, changes_)(random);
    SCOPED_TRACE("seed " + std::to_string(seed) + ", killed at change " + std::to_string(at));
    FakeWorld w = world("point" + std::to_string(point));
    std::atomic<long> seen = 0;
    run(w, [&](std::string_view, const fs::path&) { return ++seen == at; });
    finish_and_compare(w, 1);
  }
}

TEST_F(KillTest, AgainAndAgain) {
  FakeWorld w = world("again");
  int kills = 0;
  for (long at = 40; kills < 30; ++kills) {
    std::atomic<long> seen = 0;
    if (!run(w, [&](std::string_view, const fs::path&) { return ++seen == at; }).killed) break;
  }
  EXPECT_GT(kills, 2);
  finish_and_compare(w, kills);
}

}  // namespace
}  // namespace kale
