// Many requests to one server: a window in flight over kept connections, the others in a queue,
// retries on a timer. What each end means: verdict.h.
//
// A request that failed after its retries is not answered yet: it may be the server that is gone.
// It is held until the server answers anything else, which makes the failure the request's own, or
// until `gone_after` are held, which closes the client with kEngineGone. Where nothing else is
// under way, GET /models asks whether the server is there.
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
  std::size_t gone_after = 8;
  Backoff backoff;
};

class Client {
 public:
  explicit Client(ClientOptions options);
  ~Client();

  // Asks for /models first and waits for what comes of it: kBadConfig or kEngineGone where other
  // requests would fail for the same reason. A server without that address is fine.
  Status start();

  // POST /chat/completions. `done` is called once, with the body of a 2xx answer or the error;
  // on this thread where the client is closed, else on the client's.
  using Done = std::function<void(Result<std::string>)>;
  void push(std::string body, Done done);

  // Answers whoever waits with `why`, and joins; the first call's reason counts.
  void close(Error why);

 private:
  struct Call {
    Request request;
    Done done;
    int retries = 0;
    std::optional<Ended> failed;  // held: how it ended
    bool is_probe = false;
  };
  using Clock = std::chrono::steady_clock;

  Ended look_for_server();
  void run();
  bool take_new();
  void begin_calls();
  void begin(Call call);
  void settle(Finished finished);
  void retry(Call call, std::chrono::seconds asked);
  void hold(Call call, const Ended& ended);
  void release_held();
  bool probe_where_idle();
  void settle_probe(const Ended& ended);
  void give_up(const Ended& last);
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
  Clock::time_point quiet_until_{};  // the server asked for a pause
};

}  // namespace kale::http
