#include "kale/engines/http/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "kale/core/check.h"

namespace kale::http {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLongestWait{60'000};  // wake() ends it
constexpr milliseconds kLookTimeout{30'000};  // for /models, which costs a server nothing
constexpr std::uint64_t kJitterSeed = 1;      // spreads retries; captions never see it

Request models_request() { return {.path = "/models", .body = "", .timeout_max = kLookTimeout}; }

// An HTTP answer that is no sign of trouble, whatever it says of /models.
bool is_there(const Ended& ended) {
  return ended.transport == Transport::kFine && verdict_of(ended) != Verdict::kAgain;
}

Error cannot_begin(const Ended& ended, const std::string& url) {
  Error error = error_of(ended, url);
  if (error.code == Code::kBadConfig) return error;
  return {Code::kEngineGone,
          fmt::format("{}; start the server, or set the option url to where it is", error.message)};
}

}  // namespace

Client::Client(ClientOptions options)
    : options_(std::move(options)),
      connections_(options_.server, options_.limits, options_.in_flight),
      rng_(kJitterSeed) {}

Client::~Client() { close({Code::kCancelled, "the http engine is stopping"}); }

Status Client::start() {
  Ended ended = look_for_server();
  bool refuses =
      ended.status == 401 || ended.status == 403 || (ended.status >= 300 && ended.status < 400);
  if (ended.transport != Transport::kTooLarge && (!is_there(ended) || refuses))
    return cannot_begin(ended, options_.server.url);
  thread_ = std::thread([this] { run(); });
  return {};
}

// On the calling thread, which has the connections until the client's own begins.
Ended Client::look_for_server() {
  for (int retries = 0;; ++retries) {
    connections_.begin(models_request());
    std::vector<Finished> finished;
    while (finished.empty()) {
      connections_.wait(kLongestWait);
      finished = connections_.advance();
    }
    Ended ended = std::move(finished.front().ended);
    if (verdict_of(ended) != Verdict::kAgain || retries == options_.retries_max) return ended;
    auto wait = wait_before(retries, options_.backoff, ended.retry_after, rng_);
    connections_.wait(wait);
  }
}

void Client::push(std::string body, Done done) {
  std::optional<Error> closed;
  {
    std::lock_guard lock(mutex_);
    closed = closed_;
    if (!closed) {
      KALE_CHECK(thread_.joinable(), "push() before start()");
      Request request{.path = "/chat/completions", .body = std::move(body)};
      new_calls_.push_back({.request = std::move(request), .done = std::move(done)});
    }
  }
  if (closed)
    done(*closed);
  else
    connections_.wake();
}

void Client::close(Error why) {
  {
    std::lock_guard lock(mutex_);
    if (!closed_) closed_ = std::move(why);
  }
  connections_.wake();
  if (thread_.joinable()) thread_.join();
}

void Client::run() {
  while (take_new()) {
    begin_calls();
    auto finished = connections_.advance();
    for (Finished& one : finished) settle(std::move(one));
    if (finished.empty() && !probe_where_idle()) connections_.wait(patience());
  }
  cancel_all();
}

// False once the client is closed.
bool Client::take_new() {
  std::lock_guard lock(mutex_);
  if (closed_) return false;
  for (Call& call : new_calls_) ready_.push_back(std::move(call));
  new_calls_.clear();
  return true;
}

// Fills the window: retries that are due, then whoever waits.
void Client::begin_calls() {
  auto now = Clock::now();
  if (now < quiet_until_) return;
  while (in_flight_.size() < options_.in_flight) {
    if (!retries_.empty() && retries_.begin()->first <= now) {
      begin(std::move(retries_.extract(retries_.begin()).mapped()));
    } else if (!ready_.empty()) {
      begin(std::move(ready_.front()));
      ready_.pop_front();
    } else {
      return;
    }
  }
}

void Client::begin(Call call) {
  auto id = connections_.begin(call.request);
  in_flight_.emplace(id, std::move(call));
}

void Client::settle(Finished finished) {
  auto node = in_flight_.extract(finished.id);
  KALE_CHECK(!node.empty(), "a transfer ends once");
  Call call = std::move(node.mapped());
  const Ended& ended = finished.ended;
  if (call.is_probe) return settle_probe(ended);
  if (is_there(ended)) release_held();
  switch (verdict_of(ended)) {
    case Verdict::kAnswered:
      return call.done(std::move(finished.body));
    case Verdict::kFinal:
      return call.done(error_of(ended, options_.server.url));
    case Verdict::kAgain:
      break;
  }
  if (call.retries < options_.retries_max)
    retry(std::move(call), ended.retry_after);
  else
    hold(std::move(call), ended);
}

void Client::retry(Call call, std::chrono::seconds asked) {
  auto wait = wait_before(call.retries, options_.backoff, asked, rng_);
  auto now = Clock::now();
  if (asked.count() > 0)
    quiet_until_ = std::max(quiet_until_, now + std::min(asked, kRetryAfterMax));
  ++call.retries;
  retries_.emplace(now + wait, std::move(call));
}

void Client::hold(Call call, const Ended& ended) {
  call.failed = ended;
  held_.push_back(std::move(call));
  if (held_.size() >= options_.gone_after) give_up(ended);
}

// The server answers: what failed before failed for its own sake.
void Client::release_held() {
  for (Call& call : std::exchange(held_, {}))
    call.done(error_of(*call.failed, options_.server.url));
}

// True when it asked.
bool Client::probe_where_idle() {
  if (held_.empty() || !in_flight_.empty() || !ready_.empty() || !retries_.empty()) return false;
  begin({.request = models_request(), .is_probe = true});
  return true;
}

void Client::settle_probe(const Ended& ended) {
  if (is_there(ended))
    release_held();
  else if (!held_.empty())
    give_up(ended);
}

void Client::give_up(const Ended& last) {
  std::lock_guard lock(mutex_);
  if (closed_) return;
  closed_ = Error{
      Code::kEngineGone,
      fmt::format("{}: {} requests in a row failed, so the server counts as gone; "
                  "mend it and run the same command again. The last one: {}",
                  options_.server.url, held_.size(), error_of(last, options_.server.url).message)};
}

void Client::cancel_all() {
  std::deque<Call> calls = std::exchange(ready_, {});
  for (auto& [id, call] : in_flight_) calls.push_back(std::move(call));
  for (auto& [due, call] : retries_) calls.push_back(std::move(call));
  for (Call& call : held_) calls.push_back(std::move(call));
  std::optional<Error> why;
  {
    std::lock_guard lock(mutex_);
    why = closed_;
    for (Call& call : new_calls_) calls.push_back(std::move(call));
    new_calls_.clear();
  }
  in_flight_.clear();
  retries_.clear();
  held_.clear();
  for (Call& call : calls)
    if (!call.is_probe) call.done(*why);
}

milliseconds Client::patience() const {
  if (in_flight_.size() >= options_.in_flight) return kLongestWait;  // for one of them to end
  auto now = Clock::now();
  auto until = now + kLongestWait;
  if (!retries_.empty()) until = std::min(until, std::max(retries_.begin()->first, quiet_until_));
  if (!ready_.empty()) until = std::min(until, quiet_until_);
  return std::clamp(std::chrono::ceil<milliseconds>(until - now), milliseconds(0), kLongestWait);
}

}  // namespace kale::http
