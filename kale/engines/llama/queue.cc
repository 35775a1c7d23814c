#include "kale/engines/llama/queue.h"

#include <algorithm>
#include <utility>

namespace kale::llama {

Status Queue::push(Request request) { return push_to(requests_, std::move(request)); }

Status Queue::push_unseen(Request request) { return push_to(unseen_, std::move(request)); }

Status Queue::push_to(std::deque<Request>& requests, Request request) {
  {
    std::lock_guard lock(mutex_);
    if (closed_) return *closed_;
    seen_ += !request.prompt.pictures.empty();
    requests.push_back(std::move(request));
  }
  changed_.notify_all();  // all: the worker that should take it may be any of those asleep
  return {};
}

std::vector<Request> Queue::take_unseen(std::size_t count) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return closed_ || (!unseen_.empty() && seen_ < kSeenMax); });
  std::vector<Request> taken;
  while (!closed_ && !unseen_.empty() && taken.size() < count) {
    taken.push_back(std::move(unseen_.front()));
    unseen_.pop_front();
  }
  return taken;
}

bool Queue::is_least_loaded(std::size_t worker) const {
  return loads_[worker] == *std::min_element(loads_.begin(), loads_.end());
}

std::optional<Request> Queue::take(std::size_t worker, std::size_t load,
                                   const std::function<bool(const Request&)>& fits) {
  std::unique_lock lock(mutex_);
  loads_[worker] = load;
  if (load == 0) changed_.wait(lock, [this] { return closed_ || !requests_.empty(); });
  if (closed_ || requests_.empty()) return std::nullopt;
  if (!is_least_loaded(worker) || !fits(requests_.front())) return std::nullopt;
  Request request = std::move(requests_.front());
  requests_.pop_front();
  ++loads_[worker];  // until its next call says more
  if (!request.prompt.pictures.empty() && seen_-- == kSeenMax) changed_.notify_all();
  return request;
}

void Queue::close(Error why) {
  std::deque<Request> requests;
  std::deque<Request> unseen;
  {
    std::lock_guard lock(mutex_);
    if (closed_) return;
    closed_ = why;
    requests.swap(requests_);
    unseen.swap(unseen_);
  }
  changed_.notify_all();
  for (Request& request : requests) request.done->set(why);
  for (Request& request : unseen) request.done->set(why);
}

std::optional<Error> Queue::closed() const {
  std::lock_guard lock(mutex_);
  return closed_;
}

std::size_t Queue::seen() const {
  std::lock_guard lock(mutex_);
  return seen_;
}

}  // namespace kale::llama
