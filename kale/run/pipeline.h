// What a run is made of: handed over by assemble, so that run knows no step, source, sink or engine
// by name.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "kale/core/options.h"
#include "kale/core/sink.h"
#include "kale/core/source.h"
#include "kale/core/step.h"
#include "kale/io/disk.h"
#include "kale/resume/fingerprint.h"
#include "kale/resume/manifest.h"

namespace kale {

struct RunOptions {
  std::int64_t cores = 0;
  std::int64_t rows_in_flight = 64;
  std::int64_t memory_mb = 512;
  std::int64_t shard_rows = 10000;
  std::int64_t shards_in_flight = 3;
  std::int64_t attempts_max = 3;
  std::int64_t drain_s = 60;

  void visit(OptionVisitor& v) {
    auto speed = Affects::kSpeedOnly;
    v.field({.name = "cores",
             .help = "processor cores to use; 0 is all",
             .affects = speed,
             .min = 0,
             .max = 4096},
            cores);
    v.field({.name = "rows_in_flight",
             .help = "rows on their journey at once",
             .affects = speed,
             .min = 1,
             .max = 1e6},
            rows_in_flight);
    v.field({.name = "memory_mb",
             .help = "budget for pictures in memory, in MiB",
             .affects = speed,
             .min = 1,
             .max = 1e7},
            memory_mb);
    v.field({.name = "shard_rows",
             .help = "rows a shard; holds for input not yet in the manifest",
             .affects = speed,
             .min = 1,
             .max = kShardRowsMax},
            shard_rows);
    v.field({.name = "shards_in_flight",
             .help = "shards open at once, so that engines never starve at a shard's end",
             .affects = speed,
             .min = 1,
             .max = 1000},
            shards_in_flight);
    v.field({.name = "attempts_max",
             .help = "times a row may run through a step that sends it back",
             .min = 1,
             .max = 100},
            attempts_max);
    v.field({.name = "drain_s",
             .help = "after the first Ctrl-C, seconds given to rows in flight",
             .affects = speed,
             .min = 0,
             .max = 86400},
            drain_s);
  }
};

struct Pipeline {
  std::unique_ptr<Source> source;
  std::vector<std::unique_ptr<Step>> steps;
  std::vector<std::unique_ptr<Engine>> engines;
  std::unique_ptr<Sink> sink;
  std::vector<StepPrint> prints;  // the source's, then one a step
  std::string provenance;         // JSON, the same for every row
  std::uint64_t seed = 1;
  RunOptions options;
};

}  // namespace kale
