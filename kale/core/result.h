// A value or the reason there is none. Spelled like std::expected so that it can become an alias of
// it.
// Errors   one table of codes below; a new code needs a caller that acts on it
// Threads  plain values; no shared state
#pragma once

#include <source_location>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "kale/core/check.h"

namespace kale {

enum class Code {
  kBadConfig,   // the recipe, an option or a model does not fit; the user must change something
  kNotFound,    // a file or name that should exist does not
  kIo,          // the disk or network refused
  kCorrupt,     // bytes do not mean what their format says
  kTimeout,     // took longer than its limit; retryable
  kEngineGone,  // whoever answers prompts has died; stops the run
  kNotBuilt,    // this build lacks the part; the message names the preset that has it
  kLimit,       // one row exceeds a named limit
  kRejected,    // whoever answers refused this one request; the row fails
  kCancelled,   // the run is stopping; the row is neither kept nor rejected
  kBug,         // a step broke its contract; stops the run with an exit code of its own
};

std::string_view code_name(Code code);
bool retryable(Code code);

struct Error {
  Code code = Code::kIo;
  std::string message;  // names the file, row or key, and the cure
  std::source_location where = std::source_location::current();
};

// "kIo: part-00001.parquet: no space left (kale/io/disk.cc:42)"
std::string describe_error(const Error& error);

template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { return get(); }
  const T& value() const& { return const_cast<Result*>(this)->get(); }
  T&& value() && { return std::move(get()); }
  T& operator*() & { return get(); }
  const T& operator*() const& { return const_cast<Result*>(this)->get(); }
  T&& operator*() && { return std::move(get()); }
  T* operator->() { return &get(); }
  const T* operator->() const { return &const_cast<Result*>(this)->get(); }

  const Error& error() const& {
    KALE_CHECK(!has_value(), "error() of a Result that holds a value");
    return std::get<1>(state_);
  }
  Error&& error() && { return std::move(const_cast<Error&>(std::as_const(*this).error())); }

  template <class F>
  auto and_then(F&& f) && -> std::invoke_result_t<F, T&&> {
    if (!has_value()) return std::move(*this).error();
    return std::forward<F>(f)(std::move(get()));
  }
  template <class F>
  auto transform(F&& f) && -> Result<std::invoke_result_t<F, T&&>> {
    if (!has_value()) return std::move(*this).error();
    return std::forward<F>(f)(std::move(get()));
  }
  T value_or(T other) && { return has_value() ? std::move(get()) : std::move(other); }

 private:
  T& get() {
    KALE_CHECK(has_value(), describe_error(std::get<1>(state_)));
    return std::get<0>(state_);
  }
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : error_(std::move(error)), ok_(false) {}

  bool has_value() const { return ok_; }
  explicit operator bool() const { return ok_; }
  const Error& error() const& {
    KALE_CHECK(!ok_, "error() of a Status that is fine");
    return error_;
  }
  Error&& error() && { return std::move(error_); }

 private:
  Error error_;
  bool ok_ = true;
};

using Status = Result<void>;

}  // namespace kale

#define KALE_JOIN_(a, b) a##b
#define KALE_JOIN(a, b) KALE_JOIN_(a, b)
#define KALE_TRY_(name, out, expr, ret)   \
  auto name = (expr);                     \
  if (!name) ret std::move(name).error(); \
  out = std::move(name).value()
#define KALE_TRY_VOID_(name, expr, ret)     \
  do {                                      \
    auto name = (expr);                     \
    if (!name) ret std::move(name).error(); \
  } while (false)

// KALE_TRY(auto bytes, read_file(path));   returns the error of the enclosing function, or binds
// the value
#define KALE_TRY(out, expr) KALE_TRY_(KALE_JOIN(kale_try_, __COUNTER__), out, expr, return )
// The same inside a coroutine that returns Task<Result<...>>; expr must not hold a co_await.
#define KALE_CO_TRY(out, expr) KALE_TRY_(KALE_JOIN(kale_try_, __COUNTER__), out, expr, co_return )
// For a Status, which has no value to bind.
#define KALE_OK(expr) KALE_TRY_VOID_(KALE_JOIN(kale_try_, __COUNTER__), expr, return )
