// A few threads that run the network for whoever waits, in batches of one fixed shape.
// Errors   kCancelled after stop(); kEngineGone when the network fails, for every waiter after
// Threads  add() is safe from many threads; start() and stop() belong to one
// Units    planes [3, side, side]; an answer is logits [classes]
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "kale/core/executor.h"
#include "kale/core/result.h"
#include "kale/engines/torch/network_door.h"

namespace kale {

struct BatchShape {
  int batch = 1;
  int side = 0;
  int classes = 0;
  int threads = 1;  // each computes one batch at a time
};

struct Waiter {
  std::vector<float> planes;
  Completion<Result<std::vector<float>>>* done = nullptr;
};

class Batches {
 public:
  ~Batches() { stop(); }
  Status start(std::unique_ptr<TorchNetwork> network, BatchShape shape);
  void add(Waiter waiter);
  void stop();

 private:
  void serve();
  std::vector<Waiter> next_batch();
  void answer(std::vector<Waiter> batch, std::vector<float>& images);
  std::optional<Error> refusal() const;

  std::unique_ptr<TorchNetwork> network_;
  BatchShape shape_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Waiter> waiting_;
  bool stopping_ = false;
  std::optional<Error> broken_;
  std::vector<std::thread> threads_;
};

}  // namespace kale
