// Open files, each at the row where somebody stopped reading it: whoever goes on there need not
// read the file from its start again.
// Threads  all functions are safe from many threads
// Units    at most kParkedMax stand open; the one parked first is closed for another
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace kale {

template <class Reader>
struct Cursor {
  std::string path;      // of the file, relative to the source root
  std::int64_t row = 0;  // that comes next
  std::unique_ptr<Reader> reader;
};

template <class Reader>
class Parked {
 public:
  static constexpr std::size_t kParkedMax = 4;

  // The one that stands nearest before `row`, or at it.
  std::optional<Cursor<Reader>> take(const std::string& path, std::int64_t row) {
    std::lock_guard lock(mutex_);
    auto best = parked_.end();
    for (auto it = parked_.begin(); it != parked_.end(); ++it)
      if (it->path == path && it->row <= row && (best == parked_.end() || it->row > best->row))
        best = it;
    if (best == parked_.end()) return std::nullopt;
    Cursor<Reader> cursor = std::move(*best);
    parked_.erase(best);
    return cursor;
  }

  void park(Cursor<Reader> cursor) {
    std::lock_guard lock(mutex_);
    parked_.push_back(std::move(cursor));
    if (parked_.size() > kParkedMax) parked_.pop_front();
  }

 private:
  std::mutex mutex_;
  std::deque<Cursor<Reader>> parked_;
};

}  // namespace kale
