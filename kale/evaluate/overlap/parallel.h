// Work on the parts of a range by several threads at once.
// Threads  work(part) runs on any of them, each part once; whoever calls takes part and waits
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace kale {

template <class Work>
void for_each_part(std::size_t parts, int threads, Work work) {
  std::atomic<std::size_t> next{0};
  const auto run = [&] {
    for (std::size_t part = next++; part < parts; part = next++) work(part);
  };
  std::vector<std::jthread> helpers;
  const auto useful = std::min(parts, static_cast<std::size_t>(std::max(threads, 1)));
  for (std::size_t i = 1; i < useful; ++i) helpers.emplace_back(run);
  run();
}

}  // namespace kale
