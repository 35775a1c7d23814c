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
#include "kale/engines/llama/encoder.h"
#include "kale/engines/llama/model.h"
#include "kale/engines/llama/projector.h"
#include "kale/engines/llama/queue.h"
#include "kale/engines/llama/worker.h"
#include "kale/io/digest.h"
#include "kale/io/disk.h"

namespace kale {
namespace {

constexpr std::int64_t kSmallModelBytes = std::int64_t{512} << 20;
constexpr std::int64_t kTemplateBytesMax = 1 << 20;
constexpr std::int64_t kReplyCells = 384;  // cells a sequence where the recipe does not say
constexpr int kUsualSidePx = 1024;         // of pictures, for what they take where nobody says
constexpr std::size_t kSeenTogether = 4;   // requests whose pictures are encoded at once
constexpr int kPrefixes = 4;
// llama.cpp tells apart 256 sequences: the prefixes, and each reply's own and its prompt's.
constexpr std::int64_t kRepliesMax = (256 - kPrefixes) / 2;

struct Plan {
  std::size_t workers = 1;
  int threads = 1;  // each
  int encoder_threads = 1;
  llama::WorkerLimits limits;
};

// What is loaded and hashed into the digest.
struct Files {
  std::filesystem::path model;
  std::filesystem::path mmproj;  // empty: text alone
  std::string chat_template;     // empty: the model's own
  std::string digest;
};

std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

// Small weights are read from memory faster than a core multiplies with them, so contexts beside
// each other beat threads that wait for each other after each product.
std::int64_t workers_for(const LlamaOptions& options, std::int64_t threads, std::int64_t bytes) {
  std::int64_t workers = options.workers;
  if (workers == 0) workers = bytes < kSmallModelBytes && options.gpu_layers == 0 ? threads : 1;
  return std::min(workers, options.sequences);
}

// Cores kept for encoding pictures: llama.cpp spins at its barriers, so threads of one product must
// not share cores with others. Of fewer than four none is kept, since the encoder mostly rests.
std::int64_t cores_for_encoder(const LlamaOptions& options, std::int64_t threads) {
  if (options.mmproj.empty()) return 0;
  if (options.encoder_threads > 0) return std::min(options.encoder_threads, threads - 1);
  return threads / 4;
}

Result<Plan> make_plan(const LlamaOptions& options, std::int64_t cores, std::int64_t bytes) {
  std::int64_t threads = options.threads > 0 ? options.threads : std::max<std::int64_t>(1, cores);
  std::int64_t encoding = cores_for_encoder(options, threads);
  std::int64_t decoding = threads - encoding;
  std::int64_t workers = workers_for(options, decoding, bytes);
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
  plan.threads = static_cast<int>(std::max<std::int64_t>(1, decoding / workers));
  plan.encoder_threads = static_cast<int>(std::max<std::int64_t>(1, encoding));
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
  LlamaEngine(LlamaOptions options, Executor& cpu, Files files, Plan plan)
      : options_(std::move(options)),
        cpu_(cpu),
        files_(std::move(files)),
        plan_(plan),
        queue_(plan.workers) {}
  ~LlamaEngine() override { stop(); }

  EngineTraits traits() const override {
    std::string id = "llama:" + files_.model.stem().string();
    if (!files_.mmproj.empty()) id += "+" + files_.mmproj.stem().string();
    return {.id = std::move(id),
            .model_digest = files_.digest,
            .revision = 1,
            .reproducible = plan_.limits.exact,
            .sees_images = !files_.mmproj.empty(),
            .continues_replies = true};
  }

  Status start() override {
    KALE_TRY(weights_, llama::load_weights(files_.model, static_cast<int>(options_.gpu_layers)));
    std::int64_t trained = llama_model_n_ctx_train(weights_.get());
    if (options_.context_tokens > trained)
      return Error{Code::kBadConfig,
                   fmt::format("{}: was trained on {} tokens of context; lower context_tokens from "
                               "{} to that or less",
                               files_.model.string(), trained, options_.context_tokens)};
    if (files_.chat_template.empty()) {
      KALE_TRY(files_.chat_template, llama::own_template(*weights_, files_.model));
    }
    auto chat = llama::Chat::make(llama_model_get_vocab(weights_.get()), files_.chat_template);
    if (!chat)
      return Error{Code::kBadConfig,
                   fmt::format("{}: {}", files_.model.string(), chat.error().message)};
    chat_.emplace(std::move(*chat));
    if (!files_.mmproj.empty()) {
      KALE_OK(load_projector());
    }
    KALE_OK(start_workers());
    if (projector_) threads_.emplace_back([this] { encode(); });
    return {};
  }

  void stop() override {
    queue_.close({Code::kCancelled, "the llama engine is stopping"});
    stop_.store(true, std::memory_order_relaxed);  // after close(): an aborted decode is no failure
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

  Task<Result<Reply>> generate(Prompt prompt, Decoding decoding) override {
    const std::string begins_with = decoding.begins_with;
    auto request = prepare(std::move(prompt), std::move(decoding));
    if (!request) co_return std::move(request).error();
    Completion<Result<Reply>> done(cpu_);
    request->done = &done;
    auto pushed = request->unseen.images.empty() ? queue_.push(std::move(*request))
                                                 : queue_.push_unseen(std::move(*request));
    if (!pushed) co_return std::move(pushed).error();
    auto reply = co_await done;
    if (reply)
      for (Choice& choice : reply->choices) choice.text.insert(0, begins_with);
    co_return reply;
  }

 private:
  Status load_projector() {
    llama::ProjectorOptions options{.path = files_.mmproj,
                                    .threads = plan_.encoder_threads,
                                    .on_gpu = options_.gpu_layers != 0,
                                    .tokens_min = static_cast<int>(options_.image_tokens_min),
                                    .tokens_max = static_cast<int>(options_.image_tokens_max)};
    KALE_TRY(projector_, llama::Projector::load(options, *weights_, files_.model, stop_));
    int usual = projector_->tokens_of(kUsualSidePx, kUsualSidePx);
    if (usual >= options_.context_tokens)
      return Error{Code::kBadConfig,
                   fmt::format("mmproj: {}: a picture of {} x {} pixels takes {} tokens, more than "
                               "context_tokens, {}; raise that to {} or more, or lower "
                               "image_tokens_max",
                               files_.mmproj.string(), kUsualSidePx, kUsualSidePx, usual,
                               options_.context_tokens, usual + kReplyCells)};
    if (options_.cache_tokens == 0) plan_.limits.cells += plan_.limits.replies * usual;
    return {};
  }

  Status start_workers() {
    auto size = llama::context_size(plan_.limits, plan_.threads);
    if (projector_) size.batch_tokens = projector_->batch_tokens();
    for (std::size_t i = 0; i < plan_.workers; ++i) {
      KALE_TRY(auto decoder, llama::make_decoder(*weights_, size, files_.model, stop_));
      workers_.push_back(std::make_unique<llama::Worker>(i, std::move(decoder), plan_.limits,
                                                         queue_, projector_.get()));
    }
    for (auto& worker : workers_) threads_.emplace_back([&worker] { worker->run(); });
    return {};
  }

  // On a thread of its own. Where replies must not depend on what else is in flight, nothing is
  // encoded together.
  void encode() {
    std::size_t together = plan_.limits.exact ? 1 : kSeenTogether;
    auto place = [this](const llama::Request& request, std::vector<llama::PicturePart> pictures) {
      return tokens(request.unseen, request.decoding, std::move(pictures));
    };
    llama::Encoder(*projector_, queue_, together, place).run();
  }

  Result<llama::Request> prepare(Prompt prompt, Decoding decoding) const {
    if (auto closed = queue_.closed()) return *closed;
    KALE_CHECK(chat_, "generate() before start()");
    decoding.candidates = std::max(1, decoding.candidates);
    decoding.new_tokens_max = static_cast<int>(
        std::clamp<std::int64_t>(decoding.new_tokens_max, 1, options_.new_tokens_max));
    llama::Request request;
    request.decoding = std::move(decoding);
    if (prompt.images.empty()) {
      KALE_TRY(request.prompt, tokens(prompt, request.decoding, {}));
    } else if (!projector_) {
      return Error{Code::kBadConfig,
                   "a step sends pictures, and the llama engine has no projector for them; set "
                   "mmproj to that of the model"};
    } else {
      request.unseen = std::move(prompt);
    }
    return request;
  }

  Result<llama::PromptTokens> tokens(const Prompt& prompt, const Decoding& decoding,
                                     std::vector<llama::PicturePart> pictures) const {
    KALE_TRY(auto made, chat_->tokens(prompt, decoding.begins_with, std::move(pictures)));
    auto count = static_cast<std::int64_t>(made.tokens.size());
    if (count + decoding.new_tokens_max <= options_.context_tokens) return made;
    return Error{
        Code::kLimit,
        fmt::format("a prompt of {} tokens and up to {} new ones exceed context_tokens, "
                    "{}; raise it, or {}",
                    count, decoding.new_tokens_max, options_.context_tokens,
                    made.pictures.empty() ? "shorten the prompt" : "lower image_tokens_max")};
  }

  const LlamaOptions options_;
  Executor& cpu_;
  Files files_;
  Plan plan_;

  llama::Queue queue_;
  std::atomic<bool> stop_ = false;
  llama::Weights weights_;  // outlives the contexts
  std::optional<llama::Chat> chat_;
  std::unique_ptr<llama::Projector> projector_;
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

Result<std::filesystem::path> existing(const std::string& option, const BuildContext& build,
                                       std::string_view cure) {
  auto path = build.resolve(option);
  KALE_TRY(auto info, real_disk().stat(path));
  if (!info)
    return Error{Code::kNotFound, fmt::format("{}: no such model file; {}", path.string(), cure)};
  if (info->is_folder)
    return Error{Code::kNotFound,
                 fmt::format("{}: a folder; name the GGUF file in it, or of a student's folder one "
                             "that `kale export gguf` makes",
                             path.string())};
  return path;
}

Result<Files> find_files(const LlamaOptions& options, const BuildContext& build) {
  Files files;
  KALE_TRY(files.model,
           existing(options.model, build,
                    "scripts/setup.sh makes the default one and `make demo` kale-mini, or name a "
                    "GGUF file of yours by the option model (--model for the engine llm)"));
  KALE_TRY(files.chat_template, template_source(options.chat_template, build));
  KALE_TRY(files.digest, xxh128_file(files.model));
  if (!files.chat_template.empty())
    files.digest = Digest().add(files.digest).add(files.chat_template).hex();
  if (options.mmproj.empty()) return files;
  KALE_TRY(files.mmproj, existing(options.mmproj, build,
                                  "name the projector that came with the model by the option "
                                  "mmproj (--mmproj for the engine llm), or \"\" for text alone"));
  KALE_TRY(auto projector, xxh128_file(files.mmproj));
  files.digest = Digest()
                     .add(files.digest)
                     .add("mmproj")
                     .add(projector)
                     .add(options.image_tokens_min)
                     .add(options.image_tokens_max)
                     .hex();
  return files;
}

}  // namespace

Result<std::unique_ptr<Engine>> make_llama(LlamaOptions options, const BuildContext& build) {
  if (options.model.empty())
    return Error{Code::kBadConfig,
                 "model: empty; name a GGUF file for the llama engine (for the engine llm: "
                 "--model FILE)"};
  if (options.image_tokens_max > 0 && options.image_tokens_min > options.image_tokens_max)
    return Error{Code::kBadConfig,
                 fmt::format("image_tokens_min: {} is above image_tokens_max, {}; lower it",
                             options.image_tokens_min, options.image_tokens_max)};
  KALE_TRY(auto files, find_files(options, build));
  KALE_TRY(auto info, real_disk().stat(files.model));
  KALE_TRY(auto plan, make_plan(options, build.cores, info ? info->bytes : 0));
  return std::unique_ptr<Engine>(
      std::make_unique<LlamaEngine>(std::move(options), build.cpu, std::move(files), plan));
}

}  // namespace kale
