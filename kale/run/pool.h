// The worker threads: every row's coroutine and every engine's completion runs here.
// Threads  post() from any thread
#pragma once

#include <asio/post.hpp>
#include <asio/thread_pool.hpp>
#include <functional>
#include <utility>

#include "kale/core/executor.h"

namespace kale {

class WorkerPool : public Executor {
 public:
  explicit WorkerPool(int threads) : pool_(static_cast<std::size_t>(threads)) {}
  ~WorkerPool() override { pool_.join(); }
  void post(std::function<void()> work) override { asio::post(pool_, std::move(work)); }

 private:
  asio::thread_pool pool_;
};

}  // namespace kale
