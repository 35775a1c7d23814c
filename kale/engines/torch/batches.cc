#include "kale/engines/torch/batches.h"

#include <algorithm>
#include <utility>

namespace kale {

Status Batches::start(std::unique_ptr<Network> network, BatchShape shape) {
  network_ = std::move(network);
  shape_ = shape;
  // Once before anyone waits: weights that do not fit the network show here, with their cure.
  std::vector<float> nothing(static_cast<std::size_t>(shape.batch) * 3 *
                             static_cast<std::size_t>(shape.side * shape.side));
  auto logits = network_->run(nothing, shape.batch, shape.side, shape.classes);
  if (!logits) return std::move(logits).error();
  thread_ = std::thread([this] { serve(); });
  return {};
}

std::optional<Error> Batches::refusal() const {
  if (stopping_) return Error{Code::kCancelled, "the classifier has been stopped"};
  if (broken_) return broken_;
  if (!thread_.joinable()) return Error{Code::kEngineGone, "the classifier has not been started"};
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
    changed_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void Batches::serve() {
  std::vector<float> images(static_cast<std::size_t>(shape_.batch) * 3 *
                            static_cast<std::size_t>(shape_.side * shape_.side));
  while (true) {
    std::vector<Waiter> batch;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      bool all = stopping_ || broken_.has_value();
      while (!waiting_.empty() && (all || std::ssize(batch) < shape_.batch)) {
        batch.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
      }
      if (auto error = all ? refusal() : std::nullopt) {
        bool over = stopping_;
        lock.unlock();
        for (Waiter& waiter : batch) waiter.done->set(*error);
        if (over) return;
        continue;
      }
    }
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
