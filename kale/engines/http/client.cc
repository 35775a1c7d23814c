#include "kale/engines/http/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "kale/core/check.h"

namespace kale::http {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLongestWait{60'000};  // wake() ends it
constexpr std::uint64_t kJitterSeed = 1;      // spreads retries; captions never see it

Request chat_request(std::string body) {
  return {.path = "/chat/completions", .body = std::move(body)};
}

bool is_trouble(Verdict verdict) { return verdict == Verdict::kBusy || verdict == Verdict::kAgain; }

// The pause before all requests that an answer asks for.
milliseconds pause_of(const Ended& ended) { return std::min(ended.retry_after, kRetryAfterMax); }

Error cannot_begin(const Ended& ended, const std::string& url) {
  Error error = error_of(ended, url, false);
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
  bool is_there = ended.transport == Transport::kTooLarge ||
                  (ended.transport == Transport::kFine && !is_trouble(verdict_of(ended)));
  bool refuses =
      ended.status == 401 || ended.status == 403 || (ended.status >= 300 && ended.status < 400);
  if (!is_there || refuses) return cannot_begin(ended, options_.server.url);
  thread_ = std::thread([this] { run(); });
  return {};
}

// On the calling thread, which has the connections until the client's own begins.
Ended Client::look_for_server() {
  const auto deadline = Clock::now() + kStartMax;
  for (int retries = 0;; ++retries) {
    auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
    connections_.begin({.path = "/models", .timeout_max = std::max(left, milliseconds(1))});
    std::vector<Finished> finished;
    while (finished.empty()) {
      connections_.wait(kLongestWait);
      finished = connections_.advance();
    }
    Ended ended = std::move(finished.front().ended);
    if (!is_trouble(verdict_of(ended)) || retries == options_.retries_max) return ended;
    auto wait = wait_before(retries, options_.backoff, ended.retry_after, rng_);
    if (Clock::now() + wait >= deadline) return ended;
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
      new_calls_.push_back({.request = chat_request(std::move(body)), .done = std::move(done)});
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
    if (finished.empty() && !check_where_idle()) connections_.wait(patience());
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
  const Verdict verdict = verdict_of(ended);
  if (call.is_check && verdict != Verdict::kBusy) return settle_check(ended);
  switch (verdict) {
    case Verdict::kAnswered:
      has_answered_ = true;
      release_held();
      return call.done(std::move(finished.body));
    case Verdict::kFinal:
      return call.done(refusal(ended));
    case Verdict::kBusy:
      return wait_while_busy(std::move(call), ended);
    case Verdict::kAgain:
      break;
  }
  if (call.retries == options_.retries_max) return hold(std::move(call), ended);
  ++call.retries;
  auto wait = wait_before(call.waits, options_.backoff, ended.retry_after, rng_);
  retry(std::move(call), wait, pause_of(ended));
}

// Where a server refuses whatever it is asked, the recipe is wrong and not the rows.
Error Client::refusal(const Ended& ended) {
  Error error = error_of(ended, options_.server.url, has_answered_);
  if (has_answered_ || error.code != Code::kRejected) return error;
  if (++failed_unanswered_ < options_.gone_after) return error;
  return {Code::kBadConfig,
          fmt::format("{} requests failed and none was answered yet; set the engine's options to "
                      "what the server takes. {}",
                      failed_unanswered_, error.message)};
}

void Client::wait_while_busy(Call call, const Ended& ended) {
  auto now = Clock::now();
  if (!call.busy_from) call.busy_from = now;
  auto left = std::chrono::ceil<milliseconds>(*call.busy_from + options_.busy_max - now);
  auto wait = wait_before(call.waits, options_.backoff, ended.retry_after, rng_);
  if (left.count() > 0)
    return retry(std::move(call), std::min(wait, left), std::min(pause_of(ended), left));
  held_.push_back(std::move(call));
  give_up("it was busy for longer than busy_max_s", ended);
}

void Client::retry(Call call, milliseconds wait, milliseconds pause) {
  auto now = Clock::now();
  if (pause.count() > 0) quiet_until_ = std::max(quiet_until_, now + pause);
  ++call.waits;
  retries_.emplace(now + wait, std::move(call));
}

void Client::hold(Call call, const Ended& ended) {
  call.failed = ended;
  held_.push_back(std::move(call));
  if (held_.size() >= options_.gone_after)
    give_up(fmt::format("{} requests in a row failed", held_.size()), ended);
}

// The server answers: what failed before failed for its own sake.
void Client::release_held() {
  for (Call& call : std::exchange(held_, {}))
    call.done(error_of(*call.failed, options_.server.url, has_answered_));
}

// True when it asked.
bool Client::check_where_idle() {
  if (held_.empty() || !in_flight_.empty() || !ready_.empty() || !retries_.empty()) return false;
  begin({.request = chat_request(options_.check), .is_check = true});
  return true;
}

void Client::settle_check(const Ended& ended) {
  if (held_.empty()) return;
  if (verdict_of(ended) != Verdict::kAnswered)
    return give_up(fmt::format("{} requests and a small check failed", held_.size()), ended);
  if (!has_answered_) failed_unanswered_ += held_.size();
  if (has_answered_ || failed_unanswered_ < options_.gone_after) return release_held();
  give_up("nothing but a small check was answered yet", *held_.back().failed);
}

void Client::give_up(const std::string& why, const Ended& last) {
  std::lock_guard lock(mutex_);
  if (closed_) return;
  closed_ = Error{Code::kEngineGone,
                  fmt::format("{}: {}, so the server counts as gone; mend it and run the same "
                              "command again. The last failure: {}",
                              options_.server.url, why,
                              error_of(last, options_.server.url, has_answered_).message)};
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
    if (!call.is_check) call.done(*why);
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
