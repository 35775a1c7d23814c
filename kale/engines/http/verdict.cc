#include "kale/engines/http/verdict.h"

#include <fmt/format.h>

#include <algorithm>

namespace kale::http {
namespace {

bool is_busy(int status) { return status == 429 || status == 503; }
bool is_broken(int status) { return status == 408 || status >= 500; }

Error refused(const Ended& ended, std::string_view url, bool has_answered) {
  bool is_about_the_row = has_answered && (ended.status == 403 || ended.status == 404);
  switch (is_about_the_row ? 400 : ended.status) {
    case 401:
    case 403:
      // What the server says is left out: some quote the token.
      return {Code::kBadConfig,
              fmt::format("{} does not accept the token (HTTP {}); name a file or an environment "
                          "variable that holds a valid one in the option token_file or "
                          "token_variable",
                          url, ended.status)};
    case 402:
      return {
          Code::kBadConfig,
          fmt::format("{} wants to be paid (HTTP 402: {}); pay, or name the token of an account "
                      "that may ask, in the option token_file or token_variable",
                      url, ended.detail)};
    case 405:
    case 410:
      return {Code::kBadConfig,
              fmt::format("{} answers no chat completions (HTTP {}: {}); set the option url to the "
                          "address before /chat/completions",
                          url, ended.status, ended.detail)};
    case 404:
      return {Code::kBadConfig,
              fmt::format("{} knows no such model or address (HTTP 404: {}); set the options model "
                          "and url to what the server serves",
                          url, ended.detail)};
    default:
      return {Code::kRejected, fmt::format("{} refuses this request (HTTP {}): {}", url,
                                           ended.status, ended.detail)};
  }
}

}  // namespace

Verdict verdict_of(const Ended& ended) {
  switch (ended.transport) {
    case Transport::kTimedOut:
    case Transport::kFailed:
      return Verdict::kAgain;
    case Transport::kUntrusted:
    case Transport::kTooLarge:
      return Verdict::kFinal;
    case Transport::kFine:
      break;
  }
  if (ended.status >= 200 && ended.status < 300) return Verdict::kAnswered;
  if (is_busy(ended.status)) return Verdict::kBusy;
  return is_broken(ended.status) ? Verdict::kAgain : Verdict::kFinal;
}

Error error_of(const Ended& ended, std::string_view url, bool has_answered) {
  switch (ended.transport) {
    case Transport::kTimedOut:
      return {Code::kTimeout, fmt::format("{} did not answer in time ({}); raise timeout_s, or "
                                          "lower requests_in_flight",
                                          url, ended.detail)};
    case Transport::kFailed:
      return {Code::kIo, fmt::format("no answer from {} ({})", url, ended.detail)};
    case Transport::kUntrusted:
      return {Code::kBadConfig,
              fmt::format("no safe connection to {} ({}); the certificate must be one that this "
                          "system trusts",
                          url, ended.detail)};
    case Transport::kTooLarge:
      return {Code::kLimit, fmt::format("the answer of {} is longer than reply_bytes_max; raise it "
                                        "where that is wanted",
                                        url)};
    case Transport::kFine:
      break;
  }
  if (ended.status >= 300 && ended.status < 400)
    return {
        Code::kBadConfig,
        fmt::format("{} redirects (HTTP {}), and redirects are not followed; set the option url "
                    "to where the server is",
                    url, ended.status)};
  if (is_busy(ended.status) || is_broken(ended.status))
    return {Code::kIo,
            fmt::format("{} is busy or broken (HTTP {}): {}", url, ended.status, ended.detail)};
  return refused(ended, url, has_answered);
}

std::chrono::milliseconds wait_before(int retry, const Backoff& backoff,
                                      std::chrono::seconds retry_after, Rng& rng) {
  std::chrono::milliseconds wait = std::min(backoff.first, backoff.max);
  for (int i = 0; i < retry && wait < backoff.max; ++i) wait = std::min(wait * 2, backoff.max);
  auto by_chance = std::chrono::milliseconds(
      static_cast<std::int64_t>(static_cast<double>(wait.count()) * 0.5 * rng.uniform()));
  std::chrono::milliseconds asked =
      std::clamp(retry_after, std::chrono::seconds(0), kRetryAfterMax);
  return std::max(wait - by_chance, asked);
}

}  // namespace kale::http
