// What the end of one request means, and how long to wait before it is made again. Pure.
// The table stands in http.h.
// Threads  free functions, safe
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "kale/core/result.h"
#include "kale/core/rng.h"

namespace kale::http {

enum class Transport {
  kFine,       // a whole HTTP answer
  kTimedOut,   // over timeout_s or connect_timeout_s
  kFailed,     // no connection, or it broke
  kUntrusted,  // TLS, which no retry mends
  kTooLarge,   // over reply_bytes_max
};

struct Ended {
  Transport transport = Transport::kFine;
  // Of HTTP, where the transport is fine; what an error object in a 2xx answer states.
  int status = 0;
  std::chrono::seconds retry_after{};  // 0 where the server does not say
  std::string detail;                  // what the server or the transport says, fit to be shown
};

enum class Verdict {
  kAnswered,  // 2xx
  kBusy,      // 429, 503: asks for patience
  kAgain,     // broken, slow or away; says nothing about the request itself
  kFinal,     // the same request would end the same way
};
Verdict verdict_of(const Ended& ended);

// What to tell whoever asked, for every end but kAnswered. `url` is the engine's. A server that has
// answered before knows the model and takes the token: then 403 and 404 are about the one request.
Error error_of(const Ended& ended, std::string_view url, bool has_answered);

// A server that asks for more is asked again after this.
inline constexpr std::chrono::seconds kRetryAfterMax{120};

struct Backoff {
  std::chrono::milliseconds first{500};
  std::chrono::milliseconds max{30'000};
};
// Before retry number `retry` (from 0): doubled each time up to the maximum, less up to a half by
// chance, so that requests that failed together do not come back together. Never less than what
// the server asks for, up to kRetryAfterMax.
std::chrono::milliseconds wait_before(int retry, const Backoff& backoff,
                                      std::chrono::seconds retry_after, Rng& rng);

}  // namespace kale::http
