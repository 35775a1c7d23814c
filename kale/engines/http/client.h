// Many requests to one server: a window in flight over kept connections, the others in a queue,
// retries on a timer. What each end means: verdict.h.
//
// A request that failed after its retries is not answered yet: it may be the server that is gone.
// It is held until the server answers anything else, which makes the failure the request's own, or
// until `gone_after` are held, which closes the client with kEngineGone. Where nothing else is
// under way the check is asked, a small request that any server can answer; GET /models would not
// do, since servers list models that have crashed. Before the first answer of all, requests that
// are refused, or fail where the check is answered, are failed `gone_after` times in all.
//
// Busy servers use up no retries: what they send away is asked again for `busy_max`, and then they
// are gone.
//
// Threads  start(), push() and close() are safe from any thread; one thread of the client's own
//          holds the connections and calls every `done`
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "kale/core/result.h"
#include "kale/core/rng.h"
#include "kale/engines/http/connection.h"
#include "kale/engines/http/verdict.h"

namespace kale::http {

struct ClientOptions {
  ServerAddress server;
  TransferLimits limits;
  std::size_t in_flight = 16;
  int retries_max = 4;
  std::chrono::milliseconds busy_max{1'800'000};
  std::size_t gone_after = 8;
  Backoff backoff;
  std::string check;  // body of a small request to /chat/completions
};

// Longest time for start(), whatever the server asks for.
inline constexpr std::chrono::seconds kStartMax{30};

class Client {
 public:
  explicit Client(ClientOptions options);
  ~Client();

  // Asks for /models first and waits for what comes of it, up to kStartMax: kBadConfig or
  // kEngineGone where other requests would fail for the same reason. A server without that address
  // is fine.
  Status start();

  // POST /chat/completions. `done` is called once, with the body of a 2xx answer or the error;
  // on this thread where the client is closed, else on the client's.
  using Done = std::function<void(Result<std::string>)>;
  void push(std::string body, Done done);

  // Answers whoever waits with `why`, and joins; the first call's reason counts.
  void close(Error why);

 private:
  using Clock = std::chrono::steady_clock;
  struct Call {
    Request request;
    Done done;
    int retries = 0;                             // of retries_max
    int waits = 0;                               // also those for a busy server
    std::optional<Clock::time_point> busy_from;  // the first time that the server was busy
    std::optional<Ended> failed;                 // held: how it ended
    bool is_check = false;
  };

  Ended look_for_server();
  void run();
  bool take_new();
  void begin_calls();
  void begin(Call call);
  void settle(Finished finished);
  Error refusal(const Ended& ended);
  void wait_while_busy(Call call, const Ended& ended);
  void retry(Call call, std::chrono::milliseconds wait, std::chrono::milliseconds pause);
  void hold(Call call, const Ended& ended);
  void release_held();
  bool check_where_idle();
  void settle_check(const Ended& ended);
  void give_up(const std::string& why, const Ended& last);
  void cancel_all();
  std::chrono::milliseconds patience() const;

  const ClientOptions options_;
  Connections connections_;
  std::thread thread_;

  std::mutex mutex_;
  std::deque<Call> new_calls_;
  std::optional<Error> closed_;

  // The thread's own.
  Rng rng_;
  std::deque<Call> ready_;
  std::multimap<Clock::time_point, Call> retries_;
  std::unordered_map<Connections::Id, Call> in_flight_;
  std::vector<Call> held_;
  Clock::time_point quiet_until_{};    // the server asked for a pause
  bool has_answered_ = false;          // anything but the check
  std::size_t failed_unanswered_ = 0;  // requests failed before that
};

}  // namespace kale::http
