#include "kale/engines/fake/fake.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "kale/core/rng.h"
#include "kale/engines/fake/replies.h"
#include "kale/engines/fake/script.h"
#include "kale/io/digest.h"
#include "kale/io/disk.h"

namespace kale {
namespace {

using Clock = std::chrono::steady_clock;
using Answer = Result<Reply>;

constexpr std::int64_t kScriptBytesMax = std::int64_t{16} << 20;
constexpr std::size_t kLogTextBytes = 60;

// A request on its way: known reply, not yet given.
struct Waiting {
  Completion<Answer>* done = nullptr;
  Answer answer = Reply{};
  std::chrono::milliseconds delay{0};
  std::string log_line;
};

std::string_view last_user_message(const Prompt& prompt) {
  for (auto it = prompt.messages.rbegin(); it != prompt.messages.rend(); ++it)
    if (it->role == "user") return it->content;
  return {};
}

std::string log_line(std::uint64_t hash, std::string_view text) {
  std::string line = fmt::format("{:016x} {}", hash, text.substr(0, kLogTextBytes));
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 32; }, ' ');
  line.push_back('\n');
  return line;
}

// Words stand for tokens: the fake has no vocabulary of its own.
int word_count(std::string_view text) {
  return text.empty() ? 0 : static_cast<int>(std::count(text.begin(), text.end(), ' ')) + 1;
}

class FakeEngine : public Engine {
 public:
  FakeEngine(FakeOptions options, Executor& cpu, Script script, std::string script_digest,
             std::filesystem::path log_path)
      : options_(std::move(options)),
        cpu_(cpu),
        script_(std::move(script)),
        script_digest_(std::move(script_digest)),
        log_path_(std::move(log_path)) {}
  ~FakeEngine() override { stop(); }

  EngineTraits traits() const override {
    return {.id = "fake:" + options_.id,
            .model_digest = script_digest_,
            .revision = 1,
            .reproducible = true,
            .sees_images = true};
  }

  Status start() override {
    std::lock_guard lock(mutex_);
    if (!log_path_.empty()) {
      KALE_TRY(log_, real_disk().append_to(log_path_));
    }
    timer_ = std::thread([this] { serve(); });
    return {};
  }

  void stop() override {
    {
      std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    changed_.notify_all();
    if (timer_.joinable()) timer_.join();
  }

  Task<Answer> generate(Prompt prompt, Decoding decoding) override {
    Completion<Answer> done(cpu_);
    auto waiting = prepare(prompt, decoding);
    waiting.done = &done;
    if (!enqueue(std::move(waiting))) co_return cancelled();
    auto answer = co_await done;
    co_return answer;
  }

 private:
  static Error cancelled() { return {Code::kCancelled, "the fake engine is stopping"}; }

  Waiting prepare(const Prompt& prompt, const Decoding& decoding) const {
    auto message = last_user_message(prompt);
    std::uint64_t hash = request_hash(prompt, decoding);
    const Rule* rule = script_.choose(message);
    Waiting waiting;
    waiting.log_line = log_line(hash, message);
    waiting.delay = delay_of(rule, hash);
    if (rule && rule->fail) {
      waiting.answer = Error{*rule->fail, fmt::format("the script fails \"{}\"", message)};
    } else {
      waiting.answer = reply_to(rule, prompt, decoding);
    }
    return waiting;
  }

  std::chrono::milliseconds delay_of(const Rule* rule, std::uint64_t hash) const {
    if (!rule || !rule->delay_ms_min) return std::chrono::milliseconds(options_.delay_ms);
    auto span = static_cast<std::uint64_t>(rule->delay_ms_max - *rule->delay_ms_min) + 1;
    return std::chrono::milliseconds(*rule->delay_ms_min +
                                     static_cast<std::int64_t>(Rng(hash).below(span)));
  }

  Reply reply_to(const Rule* rule, const Prompt& prompt, const Decoding& decoding) const {
    Reply reply;
    for (const Message& message : prompt.messages)
      reply.prompt_tokens += word_count(message.content);
    std::uint64_t content = content_hash(prompt);
    for (int candidate = 0; candidate < std::max(1, decoding.candidates); ++candidate) {
      Choice choice;
      if (rule && !rule->replies.empty()) {
        choice.text =
            Script::reply(*rule, last_user_message(prompt), static_cast<std::size_t>(candidate));
      } else {
        choice.text = text_by_hash(content, decoding.seed, candidate);
      }
      if (rule) choice.finish = rule->finish;
      if (options_.stands_for == "text") choice.new_tokens = word_count(choice.text);
      reply.choices.push_back(std::move(choice));
    }
    return reply;
  }

  std::string text_by_hash(std::uint64_t content, std::uint64_t seed, int candidate) const {
    if (options_.stands_for == "classifier") return classes_by_hash(content);
    if (options_.stands_for == "ocr") return words_by_hash(content);
    Digest digest;
    digest.add(static_cast<std::int64_t>(content)).add(static_cast<std::int64_t>(seed));
    return sentence_by_hash(digest.add(std::int64_t{candidate}).low64());
  }

  bool enqueue(Waiting waiting) {
    std::lock_guard lock(mutex_);
    if (stopped_) return false;
    KALE_CHECK(timer_.joinable(), "generate() before start()");
    queue_.push_back(std::move(waiting));
    admit();
    changed_.notify_all();
    return true;
  }

  // Moves requests from the queue to those being served, and logs them as they begin. Needs mutex_.
  void admit() {
    while (!queue_.empty() && static_cast<std::int64_t>(serving_.size()) < options_.in_flight_max) {
      Waiting next = std::move(queue_.front());
      queue_.pop_front();
      if (log_) {
        auto logged = log_->append(next.log_line);
        if (!logged) next.answer = std::move(logged).error();
      }
      serving_.emplace(Clock::now() + next.delay, std::move(next));
    }
  }

  // The timer thread: hands out answers that are due, cancels all of them at the end.
  void serve() {
    std::unique_lock lock(mutex_);
    while (!stopped_) {
      if (serving_.empty()) {
        changed_.wait(lock);
      } else if (auto due = serving_.begin()->first; due > Clock::now()) {
        changed_.wait_until(lock, due);
      } else {
        Waiting next = std::move(serving_.begin()->second);
        serving_.erase(serving_.begin());
        admit();
        lock.unlock();
        next.done->set(std::move(next.answer));
        lock.lock();
      }
    }
    auto serving = std::exchange(serving_, {});
    auto queue = std::exchange(queue_, {});
    lock.unlock();
    for (auto& [due, waiting] : serving) waiting.done->set(cancelled());
    for (Waiting& waiting : queue) waiting.done->set(cancelled());
  }

  const FakeOptions options_;
  Executor& cpu_;
  const Script script_;
  const std::string script_digest_;
  const std::filesystem::path log_path_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Waiting> queue_;
  std::multimap<Clock::time_point, Waiting> serving_;
  std::unique_ptr<WritableFile> log_;
  bool stopped_ = false;
  std::thread timer_;
};

}  // namespace

Result<std::unique_ptr<Engine>> make_fake(FakeOptions options, const BuildContext& build) {
  std::string yaml;
  if (!options.script.empty()) {
    KALE_TRY(yaml, real_disk().read(build.resolve(options.script), kScriptBytesMax));
  }
  KALE_TRY(auto script, Script::parse(yaml, options.script));
  auto log_path = options.log.empty() ? std::filesystem::path() : build.resolve(options.log);
  auto digest = xxh128_hex(yaml);
  return std::unique_ptr<Engine>(std::make_unique<FakeEngine>(
      std::move(options), build.cpu, std::move(script), std::move(digest), std::move(log_path)));
}

}  // namespace kale
