// What the http engine does when its server is slow, dies, or was never there.
#include <atomic>

#include "kale/engines/http/engine_fake.h"

namespace kale::http {
namespace {

TEST_F(HttpTest, WithoutAServerNothingStarts) {
  {
    FakeServer gone([](const Asked&) { return std::string(); });
    options_.url = gone.url();
  }
  Status status = start_error();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Code::kEngineGone);
  EXPECT_NE(status.error().message.find("start the server"), std::string::npos);
}

TEST_F(HttpTest, StartTellsWhatIsWrong) {
  std::atomic<int> status = 401;
  FakeServer server([&](const Asked&) { return http_answer(status, "{}"); });
  options_.url = server.url();
  options_.retries_max = 1;
  for (int bad : {401, 403, 302}) {
    status = bad;
    EXPECT_EQ(start_error().error().code, Code::kBadConfig) << bad;
  }
  status = 503;
  EXPECT_EQ(start_error().error().code, Code::kEngineGone);
  for (int fine : {200, 404, 405}) {
    status = fine;
    EXPECT_TRUE(start_error()) << fine;
  }
}

TEST_F(HttpTest, StartWaitsForAServerThatIsLoading) {
  std::atomic<int> asked = 0;
  FakeServer server([&](const Asked&) { return http_answer(asked++ < 2 ? 503 : 200, "{}"); });
  options_.url = server.url();
  EXPECT_TRUE(start_error());
  EXPECT_EQ(asked, 3);
}

TEST_F(HttpTest, StartDoesNotWaitForAPauseOfAnyLength) {
  FakeServer server([](const Asked&) { return http_answer(503, "{}", "Retry-After: 100\r\n"); });
  options_.url = server.url();
  auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(start_error().error().code, Code::kEngineGone);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(40));
}

TEST_F(HttpTest, ASlowReplyEndsAtTheTimeLimit) {
  options_.timeout_s = 0.2;
  options_.retries_max = 1;
  Gate gate;
  auto server = serve([&](const Asked& asked) {
    if (asked.body.find("slow") != std::string::npos) gate.wait();
    return http_answer(200, chat("ok"));
  });
  auto reply = ask(user_says("slow"));  // another question is answered: it is the row's own fault
  EXPECT_EQ(code_of(reply), Code::kTimeout);
  EXPECT_EQ(server->chats().size(), 3u) << "one retry, and the other question";
  EXPECT_TRUE(ask(user_says("quick")));
  gate.open();
}

TEST_F(HttpTest, ARowThatAlwaysBreaksTheServerFailsAlone) {
  options_.retries_max = 2;
  options_.gone_after = 2;
  auto server = serve([](const Asked& asked) {
    return asked.body.find("number 3\"") != std::string::npos ? http_answer(500, "crash")
                                                              : http_answer(200, chat("ok"));
  });
  auto replies = ask_many(6);
  for (std::size_t i = 0; i < replies.size(); ++i) EXPECT_EQ(replies[i].has_value(), i != 3) << i;
  EXPECT_EQ(code_of(replies[3]), Code::kIo);
  auto chats = server->chats();
  std::erase_if(chats, [](const Asked& one) {  // a check may have been asked, too
    return one.body.find("number") == std::string::npos;
  });
  EXPECT_EQ(chats.size(), 5u + 3u);
}

TEST_F(HttpTest, ManyFailuresWithoutAnAnswerMeanTheServerIsGone) {
  options_.retries_max = 1;
  options_.gone_after = 3;
  auto server = serve([](const Asked&) { return http_answer(502, "bad gateway"); });
  for (const auto& reply : ask_many(10)) EXPECT_EQ(code_of(reply), Code::kEngineGone);
  EXPECT_EQ(code_of(ask(user_says("later"))), Code::kEngineGone) << "and stays so";
}

TEST_F(HttpTest, AServerThatDiesAnswersNobodyAndFailsNoRow) {
  options_.requests_in_flight = 4;
  options_.retries_max = 1;
  options_.gone_after = 100;  // more than ask: the check finds it
  Gate in_flight, killed;
  std::atomic<int> asked = 0;
  std::atomic<bool> dying = false;
  FakeServer server([&](const Asked& one) {
    if (dying) return std::string();
    if (!one.is_chat()) return http_answer(404, "{}");
    if (asked++ < 3) return http_answer(200, chat("ok"));
    in_flight.open();
    killed.wait();
    return std::string();
  });
  options_.url = server.url();
  std::thread killer([&] {
    EXPECT_TRUE(in_flight.wait());
    dying = true;
    killed.open();
    server.die();
  });
  int answered = 0;
  for (const auto& reply : ask_many(12)) {
    answered += reply.has_value() ? 1 : 0;
    if (!reply) {
      EXPECT_EQ(code_of(reply), Code::kEngineGone) << reply.error().message;
    }
  }
  killer.join();
  EXPECT_LE(answered, 3) << "a sent answer may be lost on its way";
}

TEST_F(HttpTest, AServerThatOnlyListsItsModelsIsGoneAndFailsNoRow) {
  options_.retries_max = 0;
  options_.gone_after = 100;  // more than ask
  FakeServer server([](const Asked& asked) {
    return asked.is_chat() ? http_answer(502, "bad gateway") : http_answer(200, R"({"data":[]})");
  });
  options_.url = server.url();
  for (const auto& reply : ask_many(5)) EXPECT_EQ(code_of(reply), Code::kEngineGone);
}

TEST_F(HttpTest, ARefusalClearsNobodyOfADeadServer) {
  options_.retries_max = 0;
  options_.gone_after = 100;
  auto server = serve([](const Asked& asked) {
    return asked.body.find("number 3\"") != std::string::npos ? http_answer(413, "too long")
                                                              : http_answer(502, "bad gateway");
  });
  auto replies = ask_many(4);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(code_of(replies[i]), Code::kEngineGone) << i;
}

TEST_F(HttpTest, ABusyServerIsAskedAgainWhetherItIsThere) {
  options_.retries_max = 0;
  std::atomic<int> asked = 0;
  auto server = serve([&](const Asked& one) {
    if (one.body.find("poison") != std::string::npos) return http_answer(500, "crash");
    return asked++ < 2 ? http_answer(429, "{}") : http_answer(200, chat("yes"));
  });
  EXPECT_EQ(code_of(ask(user_says("poison"))), Code::kIo) << "the row's own fault";
  EXPECT_EQ(asked, 3);
}

TEST_F(HttpTest, AServerThatAnswersNothingButTheCheckIsGone) {
  options_.retries_max = 0;
  options_.gone_after = 3;
  auto server = serve([](const Asked& asked) {
    return asked.body.find("picture") != std::string::npos ? http_answer(500, "crash")
                                                           : http_answer(200, chat("yes"));
  });
  for (int i = 0; i < 2; ++i) EXPECT_EQ(code_of(ask(user_says("picture"))), Code::kIo);
  EXPECT_EQ(code_of(ask(user_says("picture"))), Code::kEngineGone);
}

Task<bool> keep(Engine& engine, Result<Reply>& answer) {
  Prompt prompt = user_says("hello");
  Decoding decoding;
  auto reply = co_await engine.generate(std::move(prompt), std::move(decoding));
  answer = std::move(reply);
  co_return true;
}

TEST_F(HttpTest, StopCancelsWhatIsInFlight) {
  options_.requests_in_flight = 2;
  Gate in_flight, done;
  auto server = serve([&](const Asked&) {
    in_flight.open();
    done.wait();
    return std::string();
  });
  std::thread stopper([&, &asked_of = engine()] {
    EXPECT_TRUE(in_flight.wait());
    asked_of.stop();
    done.open();
  });
  for (const auto& reply : ask_many(5)) EXPECT_EQ(code_of(reply), Code::kCancelled);
  stopper.join();
  Result<Reply> after = Reply{};
  EXPECT_TRUE(executor_.run(keep(engine(), after)));
  EXPECT_EQ(code_of(after), Code::kCancelled) << "and whoever asks later";
}

TEST_F(HttpTest, RetriesThatWaitAreCancelledToo) {
  Gate busy;
  auto server = serve([&](const Asked&) {
    busy.open();
    return http_answer(429, "{}", "Retry-After: 100000\r\n");
  });
  std::thread stopper([&, &asked_of = engine()] {
    EXPECT_TRUE(busy.wait());
    asked_of.stop();
  });
  for (const auto& reply : ask_many(3)) EXPECT_EQ(code_of(reply), Code::kCancelled);
  stopper.join();
}

}  // namespace
}  // namespace kale::http
