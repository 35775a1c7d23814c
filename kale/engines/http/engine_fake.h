// What the tests of the http engine share: an engine in front of a scripted server, and questions.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "kale/core/executor_fake.h"
#include "kale/engines/http/http.h"
#include "kale/engines/http/server_fake.h"

namespace kale::http {

inline constexpr std::chrono::seconds kPatience{60};  // a bound, never a measure

// Opened once; who waits goes on.
class Gate {
 public:
  void open() {
    std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  bool wait() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [this] { return open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
};

inline std::string chat(const std::vector<std::string>& texts) {
  nlohmann::json choices = nlohmann::json::array();
  for (const std::string& text : texts)
    choices.push_back(
        {{"message", {{"role", "assistant"}, {"content", text}}}, {"finish_reason", "stop"}});
  return nlohmann::json{{"choices", choices},
                        {"usage", {{"prompt_tokens", 7}, {"completion_tokens", 5}}}}
      .dump();
}
inline std::string chat(const char* text) { return chat(std::vector<std::string>{text}); }

inline nlohmann::json body_of(const Asked& asked) {
  return nlohmann::json::parse(asked.body, nullptr, false);
}

inline Prompt user_says(std::string text) {
  Prompt prompt;
  prompt.messages.push_back({"user", std::move(text)});
  return prompt;
}

class HttpTest : public ::testing::Test {
 protected:
  // Whoever calls this keeps the server below what its handler uses, so that it ends first.
  [[nodiscard]] std::unique_ptr<FakeServer> serve(Handler handler) {
    auto server = std::make_unique<FakeServer>([handler](const Asked& asked) {
      return asked.is_chat() ? handler(asked) : http_answer(404, "{}");
    });
    options_.url = server->url();
    return server;
  }

  Engine& engine() {
    if (!engine_) {
      auto made = make_http(options_, build_);
      KALE_CHECK(made.has_value(), "the test's options are fine");
      engine_ = std::move(*made);
      Status started = engine_->start();
      EXPECT_TRUE(started) << started.error().message;
    }
    return *engine_;
  }

  Status start_error() {
    auto made = make_http(options_, build_);
    if (!made) return made.error();
    return (*made)->start();
  }

  Result<Reply> ask(Prompt prompt, Decoding decoding = {}) {
    return executor_.run(engine().generate(std::move(prompt), std::move(decoding)));
  }

  // All at once; answers in the order of the questions.
  std::vector<Result<Reply>> ask_all(std::vector<Prompt> prompts) {
    std::vector<Result<Reply>> answers(prompts.size(), Result<Reply>(Reply{}));
    Completion<bool> all(executor_);
    std::size_t left = prompts.size();
    for (std::size_t i = 0; i < prompts.size(); ++i)
      spawn(answer_one(engine(), std::move(prompts[i]), answers[i], left, all), executor_);
    executor_.run(wait_for(all));
    return answers;
  }
  std::vector<Result<Reply>> ask_many(int count) {
    std::vector<Prompt> prompts;
    for (int i = 0; i < count; ++i) prompts.push_back(user_says("number " + std::to_string(i)));
    return ask_all(std::move(prompts));
  }

  HttpTest() {
    options_.model = "tiny";
    options_.backoff_first_ms = 1;
    options_.backoff_max_ms = 4;
  }

  FakeExecutor executor_;
  BuildContext build_{.cpu = executor_};
  HttpOptions options_;
  std::unique_ptr<Engine> engine_;

 private:
  static Task<void> answer_one(Engine& engine, Prompt prompt, Result<Reply>& answer,
                               std::size_t& left, Completion<bool>& all) {
    Decoding decoding;
    auto reply = co_await engine.generate(std::move(prompt), std::move(decoding));
    answer = std::move(reply);
    if (--left == 0) all.set(true);
  }
  static Task<bool> wait_for(Completion<bool>& all) {
    bool done = co_await all;
    co_return done;
  }
};

inline Code code_of(const Result<Reply>& reply) {
  KALE_CHECK(!reply.has_value(), "the test expects an error");
  return reply.error().code;
}

}  // namespace kale::http
