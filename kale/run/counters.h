// What the progress line and the metrics file show. Written by rows, read by the printer; never
// part of a dataset.
// Threads  all members are atomics
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <string>

#include "kale/core/sink.h"

namespace kale {

struct StepCounters {
  std::string name;
  std::atomic<std::int64_t> inside = 0;   // rows in the step now
  std::atomic<std::int64_t> waiting = 0;  // of those, waiting for an engine
  std::atomic<std::int64_t> calls = 0;
  std::atomic<std::int64_t> retries = 0;    // rows it sent back
  std::atomic<std::int64_t> busy_ns = 0;    // time inside, waiting for engines included
  std::atomic<std::int64_t> waited_ns = 0;  // time waiting for engines
  std::atomic<std::int64_t> requests = 0;   // asked of engines
  std::atomic<std::int64_t> recalled = 0;   // answered by the journal instead
  std::atomic<std::int64_t> prompt_tokens = 0;
  std::atomic<std::int64_t> new_tokens = 0;
};

struct Counters {
  std::atomic<std::int64_t> rows_planned = 0;
  std::atomic<std::int64_t> shards_planned = 0;
  std::atomic<std::int64_t> shards_done = 0;
  std::array<std::atomic<std::int64_t>, 3> fates{};  // by Fate: rows that ran now
  // By Fate: rejected rows carried over from an older generation.
  std::array<std::atomic<std::int64_t>, 3> carried{};
  std::deque<StepCounters> steps;  // a deque: atomics do not move

  std::int64_t rows_done() const {
    std::int64_t rows = 0;
    for (const auto& count : fates) rows += count.load();
    for (const auto& count : carried) rows += count.load();
    return rows;
  }
  std::int64_t rows(Fate fate) const {
    auto index = static_cast<std::size_t>(fate);
    return fates[index].load() + carried[index].load();
  }
};

}  // namespace kale
