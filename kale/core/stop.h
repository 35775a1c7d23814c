// One flag that asks everybody to stop. Set once, never cleared. Async-signal-safe to request.
#pragma once

#include <atomic>

namespace kale {

class StopToken {
 public:
  void request() { stop_.store(true, std::memory_order_release); }
  bool requested() const { return stop_.load(std::memory_order_acquire); }

 private:
  std::atomic<bool> stop_ = false;
};

}  // namespace kale
