// The progress line: rows done, kept, dropped, failed, rows/s, time left, and what waits where.
// Redrawn in place on a terminal; elsewhere a plain line every ten seconds.
// Threads  one of its own; reads only atomics
#pragma once

#include <chrono>
#include <cstdio>
#include <string>
#include <thread>

#include "kale/run/counters.h"

namespace kale {

// "120/480 rows  kept 118 dropped 2 failed 0  2.4 rows/s  ETA 2:30  describe 12 (11 waiting) fuse
// 20 (20 waiting)" `rows_per_s` of 0 is not known yet.
std::string progress_line(const Counters& counters, double rows_per_s);

class Progress {
 public:
  Progress(const Counters& counters, std::FILE* to, bool terminal);
  // Leaves the last line standing.
  ~Progress();

 private:
  void show(std::stop_token done);
  void print(bool last);

  const Counters& counters_;
  std::FILE* to_;
  const bool terminal_;
  const std::chrono::steady_clock::time_point began_;
  std::jthread thread_;
};

}  // namespace kale
