// Requests on their way to the workers, first come first served.
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
};

class Queue {
 public:
  explicit Queue(std::size_t workers) : loads_(workers) {}

  // The error that close() was given, where the queue is closed.
  Status push(Request request);

  // The next request, where `fits` takes it and no other worker has less to do. Waits for one only
  // where `load` is 0; nullopt then means that the queue was closed.
  std::optional<Request> take(std::size_t worker, std::size_t load,
                              const std::function<bool(const Request&)>& fits);

  // Answers whoever waits with `why`; the first call counts.
  void close(Error why);
  std::optional<Error> closed() const;

 private:
  bool is_least_loaded(std::size_t worker) const;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Request> requests_;
  std::vector<std::size_t> loads_;  // replies being written, by worker
  std::optional<Error> closed_;
};

}  // namespace kale::llama
