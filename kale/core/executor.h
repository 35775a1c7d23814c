// Where coroutines are resumed, and the one-shot hand-over from an engine's thread to a waiting
// row.
// Threads  post() and Completion::set() are safe from any thread
#pragma once

#include <atomic>
#include <coroutine>
#include <functional>
#include <optional>
#include <utility>

#include "kale/core/check.h"

namespace kale {

class Executor {
 public:
  virtual ~Executor() = default;
  // Runs `work` later on one of the executor's threads; never inline.
  virtual void post(std::function<void()> work) = 0;
};

// A value that one thread sets once and one coroutine awaits once. Lives in the awaiting
// coroutine's frame, which is never destroyed while suspended; set() touches nothing of the
// completion after it has handed the value over.
//
//   Completion<Reply> done(executor);
//   queue.push({&request, &done});         // the engine's thread calls done.set(reply)
//   auto reply = co_await done;
template <class T>
class Completion {
 public:
  explicit Completion(Executor& executor) : executor_(&executor) {}
  Completion(const Completion&) = delete;
  Completion& operator=(const Completion&) = delete;

  void set(T value) {
    value_.emplace(std::move(value));
    Executor* executor = executor_;
    void* before = state_.exchange(kSet, std::memory_order_acq_rel);
    KALE_CHECK(before != kSet, "a completion is set once");
    if (before == nullptr) return;  // nobody waits yet; await_suspend will find kSet
    executor->post([before] { std::coroutine_handle<>::from_address(before).resume(); });
  }

  bool await_ready() const { return state_.load(std::memory_order_acquire) == kSet; }
  bool await_suspend(std::coroutine_handle<> waiter) {
    void* expected = nullptr;
    return state_.compare_exchange_strong(expected, waiter.address(), std::memory_order_acq_rel);
  }
  T await_resume() { return std::move(*value_); }

 private:
  static inline char set_marker_ = 0;
  static inline void* const kSet = &set_marker_;

  Executor* executor_;
  std::atomic<void*> state_ = nullptr;  // nullptr, the waiter's address, or kSet
  std::optional<T> value_;
};

// co_await Hop{executor}: go on later on one of the executor's threads.
struct Hop {
  Executor& executor;
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> waiter) {
    executor.post([waiter] { waiter.resume(); });
  }
  void await_resume() const {}
};

}  // namespace kale
