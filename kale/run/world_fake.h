// A whole small world for tests: a source in memory, steps that ask a fake engine, go back, drop
// and fail, and a run over it in a folder of the test's own.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "kale/core/stop.h"
#include "kale/run/pipeline.h"
#include "kale/run/runner.h"

namespace kale {

// How many of something were alive at once.
struct Watch {
  std::atomic<int> alive = 0;
  std::atomic<int> most = 0;
  void born() {
    int now = ++alive;
    for (int seen = most; now > seen;)
      if (most.compare_exchange_weak(seen, now)) break;
  }
};

struct FakeWorld {
  std::filesystem::path out;
  std::string engine_log;     // counts requests across processes
  std::string engine_script;  // delays and failures; empty for none
  // One row each; "bad-*" has no alt-text, "drop-*" is dropped by fuse.
  std::vector<std::string> names;
  std::string fuse_prompt = "fuse";  // changing it changes fuse's fingerprint
  std::string clean_words;           // the same for clean, which sends rows back to fuse
  std::string gone;                  // a name whose picture cannot be read
  std::string replaced;              // a name in whose place another row stands
  // What a picture has; the manifest says 100 for each, as of pictures that a table names by path.
  std::size_t picture_bytes = 100;
  int decode_rounds = 0;  // of work on each picture, so that decoding lasts longer than reading
  std::shared_ptr<Watch> watch = std::make_shared<Watch>();  // of pictures
  std::int64_t extras_bytes = 0;  // that a row's extra columns say they have; 0: there are none
  std::shared_ptr<Watch> extras_watch = std::make_shared<Watch>();
  bool fuse_throws = false;
  int threads = 2;
  RunOptions options;
  std::vector<std::string> retry;
  std::function<std::unique_ptr<Sink>(Disk&, std::filesystem::path)> sink;  // JSON lines where null

  static std::vector<std::string> some_names(int rows);
};

struct FakeRun {
  Status status;
  std::int64_t shards_planned = 0;
  std::int64_t shards_done = 0;
  std::int64_t calls_to(const std::string& step) const;
  std::unique_ptr<Counters> counters;
};

// Opens the state in `world.out`, plans, sweeps and runs, as `kale run` does.
FakeRun run_world(const FakeWorld& world, Disk& disk, const StopToken& stop);

// Every file under parts/ and rejects/ and its bytes, as one text.
std::string output_bytes(const std::filesystem::path& out);

}  // namespace kale
