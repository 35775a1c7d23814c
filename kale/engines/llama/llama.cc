#include "kale/engines/llama/llama.h"

#include <fmt/format.h>
#include <llama.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "kale/engines/llama/chat.h"
#include "kale/engines/llama/model.h"
#include "kale/engines/llama/queue.h"
#include "kale/engines/llama/worker.h"
#include "kale/io/digest.h"
#include "kale/io/disk.h"

namespace kale {
namespace {

constexpr std::int64_t kSmallModelBytes = std::int64_t{512} << 20;
constexpr std::int64_t kTemplateBytesMax = 1 << 20;
constexpr std::int64_t kReplyCells = 384;  // cells a sequence where the recipe does not say
constexpr int kPrefixes = 4;
// llama.cpp tells apart 256 sequences: the prefixes, and each reply's own and its prompt's.
constexpr std::int64_t kRepliesMax = (256 - kPrefixes) / 2;

struct Plan {
  std::size_t workers = 1;
  int threads = 1;  // each
  llama::WorkerLimits limits;
};

std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

// Small weights are read from memory faster than a core multiplies with them, so contexts beside
// each other beat threads that wait for each other after each product.
std::int64_t workers_for(const LlamaOptions& options, std::int64_t threads, std::int64_t bytes) {
  std::int64_t workers = options.workers;
  if (workers == 0) workers = bytes < kSmallModelBytes && options.gpu_layers == 0 ? threads : 1;
  return std::min(workers, options.sequences);
}

Result<Plan> make_plan(const LlamaOptions& options, std::int64_t cores, std::int64_t bytes) {
  std::int64_t threads = options.threads > 0 ? options.threads : std::max<std::int64_t>(1, cores);
  std::int64_t workers = workers_for(options, threads, bytes);
  std::int64_t replies = ceil_div(options.sequences, workers);
  if (replies > kRepliesMax)
    return Error{Code::kBadConfig,
                 fmt::format("sequences: {} is too many for {} workers; set it to {} at most",
                             options.sequences, workers, kRepliesMax * workers)};
  std::int64_t cells = options.cache_tokens > 0 ? options.cache_tokens / workers
                                                : options.context_tokens + replies * kReplyCells;
  if (cells < options.context_tokens)
    return Error{Code::kBadConfig,
                 fmt::format("cache_tokens: {} gives each of {} workers {}, less than the {} of "
                             "context_tokens; set cache_tokens to {} or more, or to 0",
                             options.cache_tokens, workers, cells, options.context_tokens,
                             options.context_tokens * workers)};
  Plan plan;
  plan.workers = static_cast<std::size_t>(workers);
  plan.threads = static_cast<int>(std::max<std::int64_t>(1, threads / workers));
  plan.limits = {.replies = static_cast<int>(replies),
                 .prefixes = replies == 1 ? 1 : kPrefixes,
                 .cells = static_cast<int>(cells),
                 .exact = replies == 1,
                 .loop_tokens_max = static_cast<int>(options.loop_tokens_max),
                 .loop_times = static_cast<int>(options.loop_times)};
  return plan;
}

class LlamaEngine : public Engine {
 public:
  LlamaEngine(LlamaOptions options, Executor& cpu, std::filesystem::path model, std::string digest,
              std::string chat_template, Plan plan)
      : options_(std::move(options)),
        cpu_(cpu),
        model_path_(std::move(model)),
        digest_(std::move(digest)),
        template_(std::move(chat_template)),
        plan_(plan),
        queue_(plan.workers) {}
  ~LlamaEngine() override { stop(); }

  EngineTraits traits() const override {
    return {.id = "llama:" + model_path_.stem().string(),
            .model_digest = digest_,
            .revision = 1,
            .reproducible = plan_.limits.exact,
            .sees_images = false,
            .continues_replies = true};
  }

  Status start() override {
    KALE_TRY(weights_, llama::load_weights(model_path_, static_cast<int>(options_.gpu_layers)));
    std::int64_t trained = llama_model_n_ctx_train(weights_.get());
    if (options_.context_tokens > trained)
      return Error{Code::kBadConfig,
                   fmt::format("{}: was trained on {} tokens of context; lower context_tokens from "
                               "{} to that or less",
                               model_path_.string(), trained, options_.context_tokens)};
    if (template_.empty()) {
      KALE_TRY(template_, llama::own_template(*weights_, model_path_));
    }
    auto chat = llama::Chat::make(llama_model_get_vocab(weights_.get()), template_);
    if (!chat)
      return Error{Code::kBadConfig,
                   fmt::format("{}: {}", model_path_.string(), chat.error().message)};
    chat_.emplace(std::move(*chat));
    return start_workers();
  }

  void stop() override {
    queue_.close({Code::kCancelled, "the llama engine is stopping"});
    stop_.store(true, std::memory_order_relaxed);  // after close(): an aborted decode is no failure
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

  Task<Result<Reply>> generate(Prompt prompt, Decoding decoding) override {
    const std::string begins_with = decoding.begins_with;
    auto request = prepare(prompt, std::move(decoding));
    if (!request) co_return std::move(request).error();
    Completion<Result<Reply>> done(cpu_);
    request->done = &done;
    auto pushed = queue_.push(std::move(*request));
    if (!pushed) co_return std::move(pushed).error();
    auto reply = co_await done;
    if (reply)
      for (Choice& choice : reply->choices) choice.text.insert(0, begins_with);
    co_return reply;
  }

 private:
  Status start_workers() {
    auto size = llama::context_size(plan_.limits, plan_.threads);
    for (std::size_t i = 0; i < plan_.workers; ++i) {
      KALE_TRY(auto decoder, llama::make_decoder(*weights_, size, model_path_, stop_));
      workers_.push_back(
          std::make_unique<llama::Worker>(i, std::move(decoder), plan_.limits, queue_));
    }
    for (auto& worker : workers_) threads_.emplace_back([&worker] { worker->run(); });
    return {};
  }

  Result<llama::Request> prepare(const Prompt& prompt, Decoding decoding) const {
    if (auto closed = queue_.closed()) return *closed;
    KALE_CHECK(chat_, "generate() before start()");
    if (!prompt.images.empty())
      return Error{Code::kBadConfig, "the llama engine reads text only; ask it without images"};
    decoding.candidates = std::max(1, decoding.candidates);
    decoding.new_tokens_max = static_cast<int>(
        std::clamp<std::int64_t>(decoding.new_tokens_max, 1, options_.new_tokens_max));
    llama::Request request;
    KALE_TRY(request.prompt, chat_->tokens(prompt, decoding.begins_with));
    auto tokens = static_cast<std::int64_t>(request.prompt.tokens.size());
    if (tokens + decoding.new_tokens_max > options_.context_tokens)
      return Error{Code::kLimit,
                   fmt::format("a prompt of {} tokens and up to {} new ones exceed context_tokens, "
                               "{}; raise it, or shorten the prompt",
                               tokens, decoding.new_tokens_max, options_.context_tokens)};
    request.decoding = std::move(decoding);
    return request;
  }

  const LlamaOptions options_;
  Executor& cpu_;
  const std::filesystem::path model_path_;
  const std::string digest_;
  std::string template_;
  const Plan plan_;

  llama::Queue queue_;
  std::atomic<bool> stop_ = false;
  llama::Weights weights_;  // outlives the contexts
  std::optional<llama::Chat> chat_;
  std::vector<std::unique_ptr<llama::Worker>> workers_;
  std::vector<std::thread> threads_;
};

// A file's content where there is such a file, else the name itself.
Result<std::string> template_source(const std::string& option, const BuildContext& build) {
  if (option.empty()) return std::string();
  auto path = build.resolve(option);
  KALE_TRY(auto info, real_disk().stat(path));
  if (!info) return option;
  return real_disk().read(path, kTemplateBytesMax);
}

}  // namespace

Result<std::unique_ptr<Engine>> make_llama(LlamaOptions options, const BuildContext& build) {
  if (options.model.empty())
    return Error{Code::kBadConfig, "model: name a GGUF file for the llama engine"};
  auto path = build.resolve(options.model);
  KALE_TRY(auto info, real_disk().stat(path));
  if (!info || info->is_folder)
    return Error{Code::kNotFound,
                 fmt::format("{}: no such model file; scripts/setup.sh makes the default one, or "
                             "set the option model to a GGUF file of yours",
                             path.string())};
  KALE_TRY(auto chat_template, template_source(options.chat_template, build));
  KALE_TRY(auto digest, xxh128_file(path));
  if (!chat_template.empty()) digest = Digest().add(digest).add(chat_template).hex();
  KALE_TRY(auto plan, make_plan(options, build.cores, info->bytes));
  return std::unique_ptr<Engine>(std::make_unique<LlamaEngine>(std::move(options), build.cpu,
                                                               std::move(path), std::move(digest),
                                                               std::move(chat_template), plan));
}

}  // namespace kale
