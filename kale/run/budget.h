// Admission: a row enters when a row slot and its bytes are free. A row that needs more than the
// whole budget enters alone, so that a budget set too small slows a run and never hangs it. What
// rows hold until their shard is committed keeps no row out, for only rows that come in free it;
// whoever opens a further shard asks for it.
// Threads  all functions are safe from many threads
// Units    bytes of transient columns (encoded picture, pixels); held are the input's extra columns
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace kale {

class Budget {
 public:
  Budget(std::int64_t rows_max, std::int64_t bytes_max)
      : rows_max_(rows_max), bytes_max_(bytes_max) {}

  // Waits at most `patience`; false when there was still no room.
  bool admit(std::int64_t bytes, std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    bool room = freed_.wait_for(lock, patience, [&] {
      return rows_ < rows_max_ && (bytes_ + bytes <= bytes_max_ || rows_ == 0);
    });
    if (!room) return false;
    ++rows_;
    bytes_ += bytes;
    return true;
  }
  // More for a row that is in, once it is known to be larger than it said. Waits as admit() does,
  // and not at all where no other row is in.
  bool admit_more(std::int64_t bytes, std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    bool room =
        freed_.wait_for(lock, patience, [&] { return bytes_ + bytes <= bytes_max_ || rows_ == 1; });
    if (room) bytes_ += bytes;
    return room;
  }
  void release_bytes(std::int64_t bytes) {
    std::lock_guard lock(mutex_);
    bytes_ -= bytes;
    freed_.notify_one();
  }
  void release_row() {
    std::lock_guard lock(mutex_);
    --rows_;
    freed_.notify_one();
  }
  // Until a shard is committed; less where `bytes` is negative.
  void hold(std::int64_t bytes) {
    std::lock_guard lock(mutex_);
    held_ += bytes;
  }
  bool holds_too_much() const {
    std::lock_guard lock(mutex_);
    return held_ > bytes_max_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable freed_;
  const std::int64_t rows_max_;
  const std::int64_t bytes_max_;
  std::int64_t rows_ = 0;
  std::int64_t bytes_ = 0;
  std::int64_t held_ = 0;
};

}  // namespace kale
