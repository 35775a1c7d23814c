// The door to the network: transfers over kept connections to one server, on libcurl's multi
// interface. The only file that knows curl.
// Errors   none of its own: every end is an Ended
// Threads  belongs to one thread; wake() is safe from any
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "kale/engines/http/verdict.h"

namespace kale::http {

struct ServerAddress {
  std::string url;    // "http://127.0.0.1:8080/v1", no slash at its end
  std::string token;  // empty for none; sent to `url` alone
};

struct TransferLimits {
  std::chrono::milliseconds timeout{300'000};
  std::chrono::milliseconds connect_timeout{10'000};
  std::size_t reply_bytes_max = 4 << 20;
};

struct Request {
  std::string path;  // "/models"
  std::string body;  // JSON, sent by POST; GET where it is empty
  // Less than the limits' timeout where a quick answer is all that counts.
  std::chrono::milliseconds timeout_max = std::chrono::hours(24);
};

struct Finished {
  std::uint64_t id = 0;
  Ended ended;
  std::string body;
};

class Connections {
 public:
  using Id = std::uint64_t;

  Connections(ServerAddress server, TransferLimits limits, std::size_t connections_max);
  ~Connections();

  Id begin(const Request& request);
  // Moves all transfers on, and returns those that ended.
  std::vector<Finished> advance();
  // Until a transfer can move on, `longest` has passed, or wake() was called.
  void wait(std::chrono::milliseconds longest);
  void wake();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace kale::http
