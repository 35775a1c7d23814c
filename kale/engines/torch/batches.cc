#include "kale/engines/torch/batches.h"

#include <algorithm>
#include <utility>

namespace kale {

Status Batches::start(std::unique_ptr<TorchNetwork> network, BatchShape shape) {
  network_ = std::move(network);
  shape_ = shape;
  // Once before anyone waits: weights that do not fit the network show here, with their cure.
  std::vector<float> nothing(static_cast<std::size_t>(shape.batch) * 3 *
                             static_cast<std::size_t>(shape.side * shape.side));
  auto logits = network_->run(nothing, shape.batch, shape.side, shape.classes);
  if (!logits) return std::move(logits).error();
  for (int i = 0; i < shape.threads; ++i) threads_.emplace_back([this] { serve(); });
  return {};
}

std::optional<Error> Batches::refusal() const {
  if (stopping_) return Error{Code::kCancelled, "the classifier has been stopped"};
  if (broken_) return broken_;
  if (threads_.empty()) return Error{Code::kEngineGone, "the classifier has not been started"};
  return std::nullopt;
}

void Batches::add(Waiter waiter) {
  std::unique_lock lock(mutex_);
  if (auto error = refusal()) {
    lock.unlock();
    waiter.done->set(std::move(*error));
    return;
  }
  waiting_.push_back(std::move(waiter));
  changed_.notify_one();
}

void Batches::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

// Empty when it is time to end. Whoever waits while the network is broken is answered here.
std::vector<Waiter> Batches::next_batch() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    std::vector<Waiter> batch;
    auto error = refusal();
    while (!waiting_.empty() && (error || std::ssize(batch) < shape_.batch)) {
      batch.push_back(std::move(waiting_.front()));
      waiting_.pop_front();
    }
    if (!error) return batch;
    lock.unlock();
    for (Waiter& waiter : batch) waiter.done->set(*error);
    lock.lock();
    if (stopping_ && waiting_.empty()) return {};
  }
}

void Batches::serve() {
  std::vector<float> images(static_cast<std::size_t>(shape_.batch) * 3 *
                            static_cast<std::size_t>(shape_.side * shape_.side));
  while (true) {
    std::vector<Waiter> batch = next_batch();
    if (batch.empty()) return;
    answer(std::move(batch), images);
  }
}

void Batches::answer(std::vector<Waiter> batch, std::vector<float>& images) {
  std::fill(images.begin(), images.end(), 0.0F);
  auto into = images.begin();
  for (const Waiter& waiter : batch)
    into = std::copy(waiter.planes.begin(), waiter.planes.end(), into);
  auto logits = network_->run(images, shape_.batch, shape_.side, shape_.classes);
  if (!logits) {
    Error gone{Code::kEngineGone, logits.error().message};
    {
      std::lock_guard lock(mutex_);
      broken_ = gone;
    }
    for (Waiter& waiter : batch) waiter.done->set(gone);
    return;
  }
  auto from = logits->begin();
  for (Waiter& waiter : batch) {
    waiter.done->set(std::vector<float>(from, from + shape_.classes));
    from += shape_.classes;
  }
}

}  // namespace kale
