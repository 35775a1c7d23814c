#include "kale/engines/http/http.h"

#include <array>
#include <atomic>
#include <cstdlib>
#include <ctime>
#include <fstream>

#include "kale/engines/http/engine_fake.h"
#include "kale/io/temp_folder.h"

namespace kale::http {
namespace {

TEST_F(HttpTest, AnswersAndKeepsTheConnection) {
  auto server = serve([](const Asked&) { return http_answer(200, chat("A cat.")); });
  for (int i = 0; i < 5; ++i) {
    auto reply = ask(user_says("what is it?"));
    ASSERT_TRUE(reply) << reply.error().message;
    EXPECT_EQ(reply->choices.at(0).text, "A cat.");
    EXPECT_EQ(reply->prompt_tokens, 7);
    EXPECT_EQ(reply->choices[0].new_tokens, 5);
  }
  EXPECT_EQ(server->chats().size(), 5u);
  EXPECT_EQ(server->connections(), 1) << "the connection of GET /models serves all";
}

TEST_F(HttpTest, KeepsTheWindowFullAndNeverExceedsIt) {
  options_.requests_in_flight = 3;
  std::mutex mutex;
  std::condition_variable changed;
  int waiting = 0;
  bool was_full = false;
  auto server = serve([&](const Asked&) {
    std::unique_lock lock(mutex);
    was_full |= ++waiting == 3;
    changed.notify_all();
    changed.wait_for(lock, kPatience, [&] { return was_full; });
    --waiting;
    return http_answer(200, chat("ok"));
  });
  for (const auto& reply : ask_many(20)) EXPECT_TRUE(reply) << reply.error().message;
  EXPECT_TRUE(was_full);
  EXPECT_EQ(server->most_at_once(), 3);
  EXPECT_LE(server->connections(), 3);
  EXPECT_EQ(server->chats().size(), 20u);
}

TEST_F(HttpTest, AnswersGoToWhoAsked) {
  auto server = serve([](const Asked& asked) {
    return http_answer(200,
                       chat(body_of(asked)["messages"][0]["content"].get<std::string>().c_str()));
  });
  auto replies = ask_many(30);
  for (std::size_t i = 0; i < replies.size(); ++i)
    EXPECT_EQ(replies[i]->choices.at(0).text, "number " + std::to_string(i));
}

TEST_F(HttpTest, TriesAgainWhereTheServerIsBusy) {
  std::atomic<int> asked = 0;
  auto server = serve([&](const Asked&) {
    switch (asked++) {
      case 0:
        return http_answer(429, "{}", "Retry-After: 0\r\n");
      case 1:
        return http_answer(500, R"({"error":{"message":"oops"}})");
      case 2:
        return std::string();  // breaks the connection
      case 3:
        return http_answer(503, "loading");
      default:
        return http_answer(200, chat("at last"));
    }
  });
  auto reply = ask(user_says("hello"));
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->choices.at(0).text, "at last");
  EXPECT_EQ(server->chats().size(), 5u);
}

TEST_F(HttpTest, WaitsAsLongAsTheServerAsks) {
  std::atomic<int> asked = 0;
  auto server = serve([&](const Asked&) {
    return asked++ == 0 ? http_answer(429, "{}", "Retry-After: 1\r\n")
                        : http_answer(200, chat("ok"));
  });
  auto began = std::chrono::steady_clock::now();
  ASSERT_TRUE(ask(user_says("hello")));
  EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::seconds(1));
  EXPECT_EQ(asked, 2);
}

TEST_F(HttpTest, WaitsUntilTheDateThatTheServerNames) {
  std::atomic<int> asked = 0;
  auto server = serve([&](const Asked&) {
    if (asked++ > 0) return http_answer(200, chat("ok"));
    std::time_t then = std::time(nullptr) + 2;
    std::array<char, 64> date;
    std::strftime(date.data(), date.size(), "%a, %d %b %Y %H:%M:%S GMT", std::gmtime(&then));
    return http_answer(503, "{}", std::string("Retry-After: ") + date.data() + "\r\n");
  });
  auto began = std::chrono::steady_clock::now();
  ASSERT_TRUE(ask(user_says("hello")));
  EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::seconds(1));
}

TEST_F(HttpTest, ABusyServerUsesUpNoRetries) {
  options_.retries_max = 0;
  std::atomic<int> asked = 0;
  auto server = serve([&](const Asked&) {
    int number = asked++;
    if (number >= 20) return http_answer(200, chat("at last"));
    return number % 2 == 0 ? http_answer(429, "{}") : http_answer(503, "loading");
  });
  auto reply = ask(user_says("hello"));
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(server->chats().size(), 21u);
}

TEST_F(HttpTest, AServerThatStaysBusyIsGoneAndFailsNoRow) {
  options_.busy_max_s = 0.05;
  options_.gone_after = 1'000;
  auto server =
      serve([&](const Asked&) { return http_answer(429, "{}", "Retry-After: 1000\r\n"); });
  for (const auto& reply : ask_many(5)) {
    EXPECT_EQ(code_of(reply), Code::kEngineGone);
    EXPECT_NE(reply.error().message.find("busy_max_s"), std::string::npos) << reply.error().message;
  }
}

TEST_F(HttpTest, AnErrorObjectCountsAsTheStatusThatItNames) {
  options_.retries_max = 1;
  std::atomic<int> asked = 0;
  auto server = serve([&](const Asked&) {
    switch (asked++) {
      case 0:
      case 1:
        return http_answer(200, R"({"error":{"message":"slow down","code":429}})");
      case 2:
        return http_answer(200, R"({"error":{"message":"upstream broke","code":502}})");
      default:
        return http_answer(200, chat(R"(it says "error")"));
    }
  });
  auto reply = ask(user_says("hello"));
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(server->chats().size(), 4u);
}

TEST_F(HttpTest, AServerThatRefusesAllRequestsStopsTheRun) {
  options_.gone_after = 3;
  for (int status : {400, 413, 422, 418}) {
    auto server =
        serve([&](const Asked&) { return http_answer(status, R"({"error":"n is not known"})"); });
    engine_.reset();
    for (int i = 0; i < 2; ++i) EXPECT_EQ(code_of(ask(user_says("hello"))), Code::kRejected);
    auto third = ask(user_says("hello"));
    EXPECT_EQ(code_of(third), Code::kBadConfig) << status;
    EXPECT_NE(third.error().message.find("n is not known"), std::string::npos);
  }
}

TEST_F(HttpTest, AServerThatEverAnsweredRefusesRowsOnly) {
  options_.gone_after = 3;
  int status = 200;
  auto server = serve([&](const Asked&) { return http_answer(status, chat("ok")); });
  ASSERT_TRUE(ask(user_says("hello")));
  for (status = 403; status != 405; ++status)
    for (int i = 0; i < 5; ++i)
      EXPECT_EQ(code_of(ask(user_says("hello"))), Code::kRejected) << status;
  status = 401;
  EXPECT_EQ(code_of(ask(user_says("hello"))), Code::kBadConfig) << "the token ran out";
}

TEST_F(HttpTest, ARefusedRequestFailsItsRowOnly) {
  auto server = serve([](const Asked& asked) {
    return asked.body.find("number 1\"") != std::string::npos
               ? http_answer(400, R"({"error":{"message":"prompt too long"}})")
               : http_answer(200, chat("ok"));
  });
  auto replies = ask_many(3);
  EXPECT_TRUE(replies[0]);
  EXPECT_TRUE(replies[2]);
  EXPECT_EQ(code_of(replies[1]), Code::kRejected);
  EXPECT_NE(replies[1].error().message.find("prompt too long"), std::string::npos);
}

TEST_F(HttpTest, TheTokenIsSentAndInNoError) {
  ::setenv("KALE_TEST_TOKEN", "sk-very/secret", 1);
  options_.token_variable = "KALE_TEST_TOKEN";
  int status = 401;
  std::string says = R"({"error":{"message":"bad token sk-very/secret, or sk-very\/secret"}})";
  auto server = serve([&](const Asked&) { return http_answer(status, says); });
  for (status = 400; status <= 404; ++status) {
    auto reply = ask(user_says("hello"));
    EXPECT_EQ(code_of(reply), status == 400 ? Code::kRejected : Code::kBadConfig);
    EXPECT_EQ(reply.error().message.find("sk-very"), std::string::npos) << reply.error().message;
  }
  status = 200;
  says = R"({"choices":[],"key":"sk-very\/secret or \u0073k-very/secret"})";
  std::string told = ask(user_says("hello")).error().message;
  EXPECT_EQ(told.find("sk-very"), std::string::npos) << told;
  EXPECT_NE(server->chats().at(0).head.find("Authorization: Bearer sk-very/secret\r\n"),
            std::string::npos);
  EXPECT_EQ(engine().traits().model_digest.find("sk-very"), std::string::npos);
}

TEST_F(HttpTest, ReadsTheTokenFromAFileAndOnlyAWholeOne) {
  TempFolder folder;
  options_.token_file = (folder.path() / "token").string();
  std::ofstream(options_.token_file) << "abc123\n";
  auto server = serve([](const Asked&) { return http_answer(200, chat("ok")); });
  ASSERT_TRUE(ask(user_says("hello")));
  EXPECT_NE(server->chats().at(0).head.find("Bearer abc123\r\n"), std::string::npos);

  std::ofstream(options_.token_file) << "two secrets\n";
  Status status = start_error();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Code::kBadConfig);
  EXPECT_EQ(status.error().message.find("secrets"), std::string::npos);
  options_.token_file = (folder.path() / "none").string();
  EXPECT_FALSE(start_error());
}

TEST_F(HttpTest, AReplyIsWhatTheServerSaidWhateverTheToken) {
  auto server =
      serve([](const Asked&) { return http_answer(200, chat("a token of a-long-word")); });
  for (const char* token : {"token", "a-long-word"}) {
    ::setenv("KALE_TEST_TOKEN", token, 1);
    options_.token_variable = "KALE_TEST_TOKEN";
    engine_.reset();
    auto reply = ask(user_says("hello"));
    ASSERT_TRUE(reply) << reply.error().message;
    EXPECT_EQ(reply->choices.at(0).text, "a token of a-long-word");
  }
}

TEST_F(HttpTest, AShortTokenEndsNoErrorInALoop) {
  ::setenv("KALE_TEST_TOKEN", "token", 1);
  options_.token_variable = "KALE_TEST_TOKEN";
  auto server = serve([](const Asked&) { return http_answer(400, "no such token"); });
  EXPECT_NE(ask(user_says("hello")).error().message.find("no such token"), std::string::npos);
}

TEST_F(HttpTest, ATokenPastedAsTheVariablesNameIsRefusedUnseen) {
  for (const char* name : {"sk-secret", "1SECRET", "my secret", "$SECRET", "A=secret"}) {
    options_.token_variable = name;
    auto made = make_http(options_, build_);
    ASSERT_FALSE(made) << name;
    EXPECT_EQ(made.error().code, Code::kBadConfig);
    EXPECT_EQ(made.error().message.find(name), std::string::npos) << made.error().message;
    EXPECT_NE(made.error().message.find("token_variable"), std::string::npos);
  }
  options_.token_variable = "abc_KALE_NOT_SET_7";  // it may be a token all the same
  Status status = start_error();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().message.find("KALE_NOT_SET"), std::string::npos);
}

TEST_F(HttpTest, RedirectsAreNotFollowed) {
  options_.token_file.clear();
  ::setenv("KALE_TEST_TOKEN", "sk-secret", 1);
  options_.token_variable = "KALE_TEST_TOKEN";
  FakeServer elsewhere([](const Asked&) { return http_answer(200, chat("stolen")); });
  auto server = serve([&](const Asked&) {
    return http_answer(307, "", "Location: " + elsewhere.url() + "/chat/completions\r\n");
  });
  auto reply = ask(user_says("hello"));
  EXPECT_EQ(code_of(reply), Code::kBadConfig);
  EXPECT_TRUE(elsewhere.asked().empty());
}

TEST_F(HttpTest, NoProxyIsUsed) {
  FakeServer proxy([](const Asked&) { return http_answer(200, chat("through a proxy")); });
  for (const char* name : {"http_proxy", "all_proxy", "ALL_PROXY"})
    ::setenv(name, proxy.origin().c_str(), 1);
  auto server = serve([](const Asked&) { return http_answer(200, chat("straight")); });
  auto reply = ask(user_says("hello"));
  for (const char* name : {"http_proxy", "all_proxy", "ALL_PROXY"}) ::unsetenv(name);
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->choices.at(0).text, "straight");
  EXPECT_TRUE(proxy.asked().empty());
}

TEST_F(HttpTest, RefusesAnAnswerThatIsTooLarge) {
  options_.reply_bytes_max = 2'000;
  auto server =
      serve([](const Asked&) { return http_answer(200, chat(std::string(3'000, 'x').c_str())); });
  EXPECT_EQ(code_of(ask(user_says("hello"))), Code::kLimit);
  EXPECT_EQ(server->chats().size(), 1u) << "the same answer would come again";
}

TEST_F(HttpTest, ReadsAnAnswerInChunks) {
  auto server = serve([](const Asked&) {
    std::string body = chat("in pieces"),
                head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    std::string chunks;
    for (char c : body) chunks += std::string("1\r\n") + c + "\r\n";
    return head + chunks + "0\r\n\r\n";
  });
  auto reply = ask(user_says("hello"));
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->choices.at(0).text, "in pieces");
}

TEST_F(HttpTest, GarbageFailsTheRow) {
  auto server = serve([](const Asked&) { return http_answer(200, "<html>\xff welcome"); });
  auto reply = ask(user_says("hello"));
  EXPECT_EQ(code_of(reply), Code::kCorrupt);
  EXPECT_NE(reply.error().message.find("welcome"), std::string::npos);
}

TEST_F(HttpTest, AsksForMissingCandidatesOneByOne) {
  auto server = serve([](const Asked& asked) {
    auto seed = body_of(asked)["seed"].get<std::int64_t>();
    return http_answer(200, chat(std::to_string(seed).c_str()));
  });
  Decoding decoding{.temperature = 0.7, .candidates = 3, .seed = 0xabcdef017fffffff};
  auto reply = ask(user_says("hello"), decoding);
  ASSERT_TRUE(reply) << reply.error().message;
  ASSERT_EQ(reply->choices.size(), 3u);
  EXPECT_EQ(reply->choices[0].text, "2147483647");
  EXPECT_EQ(reply->choices[1].text, "0") << "31 bits of seed + 1";
  EXPECT_EQ(reply->choices[2].text, "1");
  auto chats = server->chats();
  ASSERT_EQ(chats.size(), 3u);
  EXPECT_EQ(body_of(chats[0])["n"], 3);
  EXPECT_FALSE(body_of(chats[1]).contains("n"));
}

TEST_F(HttpTest, TakesAllCandidatesOfAServerThatGivesThem) {
  auto server = serve([](const Asked&) {
    return http_answer(200, chat(std::vector<std::string>{"a", "b", "c", "one too many"}));
  });
  auto reply = ask(user_says("hello"), {.temperature = 1, .candidates = 3});
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->choices.size(), 3u);
  EXPECT_EQ(server->chats().size(), 1u);
  reply = ask(user_says("hello"), {.temperature = 0, .candidates = 3});
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->choices.size(), 3u) << "greedy: one text for all";
  EXPECT_EQ(reply->choices[2].text, "a");
  EXPECT_FALSE(body_of(server->chats().at(1)).contains("n"));
}

TEST_F(HttpTest, OptionsAreChecked) {
  auto bad = [&](auto change) {
    HttpOptions options = options_;
    change(options);
    auto made = make_http(options, build_);
    return !made && made.error().code == Code::kBadConfig &&
           made.error().message.find("secret") == std::string::npos;
  };
  EXPECT_TRUE(bad([](HttpOptions& o) { o.model = ""; }));
  EXPECT_TRUE(bad([](HttpOptions& o) { o.url = "ftp://host"; }));
  EXPECT_TRUE(bad([](HttpOptions& o) { o.url = "http://"; }));
  EXPECT_TRUE(bad([](HttpOptions& o) { o.url = "http://me:secret@host/v1"; }));
  EXPECT_TRUE(bad([](HttpOptions& o) { o.url = "http://host/v1?key=secret"; }));
  EXPECT_TRUE(bad([](HttpOptions& o) { o.body = "[1]"; }));
  EXPECT_TRUE(bad([](HttpOptions& o) { o.body = R"({"stream": true})"; }));
  EXPECT_TRUE(bad([](HttpOptions& o) { o.token_file = o.token_variable = "x"; }));
  EXPECT_TRUE(bad([](HttpOptions& o) { o.body = R"({"temperature": 0.5})"; }));
  EXPECT_TRUE(bad([](HttpOptions& o) { o.body = R"({"seed": 7})"; }));
  EXPECT_FALSE(bad([](HttpOptions& o) { o.body = R"({"temperature": null, "seed": null})"; }));
  EXPECT_FALSE(bad([](HttpOptions& o) { o.url = "https://host:8000/v1/"; }));
}

}  // namespace
}  // namespace kale::http
