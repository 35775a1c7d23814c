// A lazy coroutine: nothing runs before it is awaited. One owner, awaited once, never destroyed
// while suspended. A co_await is always a whole statement (g++ 12 miscompiles temporaries and
// lambdas beside one).
// Errors   an exception that escapes the body is rethrown where the task is awaited
// Threads  a task moves between threads at its co_awaits; it never runs on two at once
#pragma once

#include <atomic>
#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

#include "kale/core/check.h"
#include "kale/core/executor.h"

namespace kale {

template <class T>
class Task;

namespace detail {

// A child that ends before its parent has suspended must not resume it: the parent just goes on. So
// both sides set one flag, and whoever comes second acts. This keeps the stack flat over any number
// of awaits that end at once (answers from the journal), also where the compiler makes no tail
// call.
struct PromiseBase {
  std::coroutine_handle<> continuation = std::noop_coroutine();
  std::exception_ptr thrown;
  std::atomic<bool> other_side_done = false;

  struct FinalAwaiter {
    bool await_ready() const noexcept { return false; }
    template <class P>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<P> self) const noexcept {
      PromiseBase& promise = self.promise();
      std::coroutine_handle<> parent = promise.continuation;
      bool parent_suspended = promise.other_side_done.exchange(true, std::memory_order_acq_rel);
      return parent_suspended ? parent : std::noop_coroutine();
    }
    void await_resume() const noexcept {}
  };

  std::suspend_always initial_suspend() const noexcept { return {}; }
  FinalAwaiter final_suspend() const noexcept { return {}; }
  void unhandled_exception() { thrown = std::current_exception(); }
};

template <class T>
struct Promise : PromiseBase {
  std::optional<T> value;
  Task<T> get_return_object();
  template <class U>
  void return_value(U&& result) {
    value.emplace(std::forward<U>(result));
  }
  T take() {
    if (thrown) std::rethrow_exception(thrown);
    return std::move(*value);
  }
};

template <>
struct Promise<void> : PromiseBase {
  Task<void> get_return_object();
  void return_void() const {}
  void take() const {
    if (thrown) std::rethrow_exception(thrown);
  }
};

}  // namespace detail

template <class T>
class [[nodiscard]] Task {
 public:
  using promise_type = detail::Promise<T>;
  using Handle = std::coroutine_handle<promise_type>;

  explicit Task(Handle handle) : handle_(handle) {}
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Task() {
    if (handle_) handle_.destroy();
  }

  bool await_ready() const { return false; }
  bool await_suspend(std::coroutine_handle<> waiter) {
    handle_.promise().continuation = waiter;
    handle_.resume();
    return !handle_.promise().other_side_done.exchange(true, std::memory_order_acq_rel);
  }
  T await_resume() { return handle_.promise().take(); }

 private:
  Handle handle_;
};

template <class T>
Task<T> detail::Promise<T>::get_return_object() {
  return Task<T>(std::coroutine_handle<Promise>::from_promise(*this));
}
inline Task<void> detail::Promise<void>::get_return_object() {
  return Task<void>(std::coroutine_handle<Promise>::from_promise(*this));
}

namespace detail {

struct Detached {
  struct promise_type {
    Detached get_return_object() const { return {}; }
    std::suspend_never initial_suspend() const noexcept { return {}; }
    std::suspend_never final_suspend() const noexcept { return {}; }
    void return_void() const {}
    void unhandled_exception() const {
      check_failed("spawn", "an exception escaped a spawned task");
    }
  };
};

inline Detached run_detached(Task<void> task, Executor& executor) {
  co_await Hop{executor};
  co_await task;
}

}  // namespace detail

// Starts `task` on the executor and lets it go; it owns itself until it ends and must not throw.
inline void spawn(Task<void> task, Executor& executor) {
  detail::run_detached(std::move(task), executor);
}

}  // namespace kale
