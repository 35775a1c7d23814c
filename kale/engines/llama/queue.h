// Requests on their way to the workers, first come first served; those with pictures by way of the
// encoder.
// Threads  safe from many threads
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "kale/core/engine.h"
#include "kale/core/executor.h"
#include "kale/engines/llama/chat.h"

namespace kale::llama {

struct Request {
  PromptTokens prompt;
  Decoding decoding;
  Completion<Result<Reply>>* done = nullptr;
  Prompt unseen;  // with its pictures, until these are encoded; then `prompt` has its tokens
};

// Encoded pictures that wait for a worker; each may take some MiB.
inline constexpr std::size_t kSeenMax = 8;

class Queue {
 public:
  explicit Queue(std::size_t workers) : loads_(workers) {}

  // The error that close() was given, where the queue is closed.
  Status push(Request request);
  Status push_unseen(Request request);

  // The next request, where `fits` takes it and no other worker has less to do. Waits for one only
  // where `load` is 0; nullopt then means that the queue was closed.
  std::optional<Request> take(std::size_t worker, std::size_t load,
                              const std::function<bool(const Request&)>& fits);

  // Up to `count` requests whose pictures are to be encoded, which push() then takes. Waits while
  // there is none, or kSeenMax are encoded; none means that the queue was closed.
  std::vector<Request> take_unseen(std::size_t count);

  // Answers whoever waits with `why`; the first call counts.
  void close(Error why);
  std::optional<Error> closed() const;
  std::size_t seen() const;  // requests with encoded pictures that wait for a worker

 private:
  Status push_to(std::deque<Request>& requests, Request request);
  bool is_least_loaded(std::size_t worker) const;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Request> requests_;
  std::deque<Request> unseen_;
  std::size_t seen_ = 0;            // of requests_
  std::vector<std::size_t> loads_;  // replies being written, by worker
  std::optional<Error> closed_;
};

}  // namespace kale::llama
