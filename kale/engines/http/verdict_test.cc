#include "kale/engines/http/verdict.h"

#include <gtest/gtest.h>

namespace kale::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Ended http(int status) { return {.status = status}; }
Ended broken(Transport transport) { return {.transport = transport}; }

TEST(Verdict, FollowsTheTable) {
  for (int status : {200, 201, 299}) EXPECT_EQ(verdict_of(http(status)), Verdict::kAnswered);
  for (int status : {429, 503}) EXPECT_EQ(verdict_of(http(status)), Verdict::kBusy) << status;
  for (int status : {408, 500, 502, 504, 599})
    EXPECT_EQ(verdict_of(http(status)), Verdict::kAgain) << status;
  for (int status : {301, 307, 400, 401, 403, 404, 413, 422})
    EXPECT_EQ(verdict_of(http(status)), Verdict::kFinal) << status;
  EXPECT_EQ(verdict_of(broken(Transport::kTimedOut)), Verdict::kAgain);
  EXPECT_EQ(verdict_of(broken(Transport::kFailed)), Verdict::kAgain);
  EXPECT_EQ(verdict_of(broken(Transport::kUntrusted)), Verdict::kFinal);
  EXPECT_EQ(verdict_of(broken(Transport::kTooLarge)), Verdict::kFinal);
}

TEST(Verdict, NamesClassAndCure) {
  struct Case {
    Ended ended;
    Code code;
    const char* cure;
  };
  for (const Case& one :
       {Case{http(401), Code::kBadConfig, "token_file"}, Case{http(402), Code::kBadConfig, "pay"},
        Case{http(405), Code::kBadConfig, "url"}, Case{http(410), Code::kBadConfig, "url"},
        Case{http(403), Code::kBadConfig, "token_variable"},
        Case{http(404), Code::kBadConfig, "model"}, Case{http(302), Code::kBadConfig, "url"},
        Case{http(400), Code::kRejected, "HTTP 400"}, Case{http(429), Code::kIo, "busy"},
        Case{http(500), Code::kIo, "HTTP 500"},
        Case{broken(Transport::kFailed), Code::kIo, "no answer"},
        Case{broken(Transport::kTimedOut), Code::kTimeout, "timeout_s"},
        Case{broken(Transport::kUntrusted), Code::kBadConfig, "certificate"},
        Case{broken(Transport::kTooLarge), Code::kLimit, "reply_bytes_max"}}) {
    Error error = error_of(one.ended, "http://host/v1", false);
    EXPECT_EQ(error.code, one.code) << error.message;
    EXPECT_NE(error.message.find(one.cure), std::string::npos) << error.message;
    EXPECT_NE(error.message.find("http://host/v1"), std::string::npos) << error.message;
  }
}

TEST(Verdict, AServerThatAnsweredMeansTheOneRequest) {
  for (int status : {403, 404, 400, 422})
    EXPECT_EQ(error_of(http(status), "http://host/v1", true).code, Code::kRejected) << status;
  for (int status : {401, 402, 405, 410})
    EXPECT_EQ(error_of(http(status), "http://host/v1", true).code, Code::kBadConfig) << status;
}

TEST(Verdict, WaitsTwiceAsLongEachTimeLessUpToAHalf) {
  Backoff backoff{milliseconds(100), milliseconds(1'000)};
  Rng rng(1);
  for (int retry = 0; retry < 60; ++retry) {
    auto whole = milliseconds(std::min(1'000, 100 << std::min(retry, 10)));
    for (int i = 0; i < 20; ++i) {
      auto wait = wait_before(retry, backoff, seconds(0), rng);
      EXPECT_LE(wait, whole) << retry;
      EXPECT_GE(wait, whole / 2) << retry;
    }
  }
  Rng same(7), again(7), other(8);
  auto first = wait_before(3, backoff, seconds(0), same);
  EXPECT_EQ(first, wait_before(3, backoff, seconds(0), again));
  EXPECT_NE(first, wait_before(3, backoff, seconds(0), other));
}

TEST(Verdict, WaitsWhatTheServerAsksUpToALimit) {
  Backoff backoff{milliseconds(1), milliseconds(2)};
  Rng rng(1);
  EXPECT_EQ(wait_before(0, backoff, seconds(5), rng), seconds(5));
  EXPECT_EQ(wait_before(0, backoff, seconds(1'000'000), rng), kRetryAfterMax);
  EXPECT_LE(wait_before(0, backoff, seconds(-3), rng), milliseconds(1)) << "a date in the past";
}

}  // namespace
}  // namespace kale::http
