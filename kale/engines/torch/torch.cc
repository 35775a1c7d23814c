#include "kale/engines/torch/torch.h"

#include <fmt/format.h>

#include <filesystem>
#include <utility>
#include <vector>

#include "kale/engines/torch/answer.h"
#include "kale/engines/torch/batches.h"
#include "kale/engines/torch/fit.h"
#include "kale/engines/torch/network_door.h"
#include "kale/io/digest.h"
#include "kale/io/disk.h"

namespace kale {
namespace {

constexpr int kSidePx = 260;  // EfficientNet-Lite2's input
constexpr int kClassesInReply = 5;
constexpr std::int64_t kWeightsBytesMax = 1 << 30;
constexpr std::int64_t kNamesBytesMax = 1 << 20;

struct Files {
  std::filesystem::path weights;
  std::filesystem::path names;
  std::filesystem::path library;
};

Result<std::string> read_model_file(const std::filesystem::path& path, std::int64_t bytes_max) {
  auto bytes = real_disk().read(path, bytes_max);
  if (bytes) return std::move(*bytes);
  return Error{Code::kBadConfig,
               fmt::format("{}: cannot be read ({}); make it with "
                           "`python scripts/convert_efficientnet.py .deps/models`",
                           path.string(), bytes.error().message)};
}

class Torch : public Engine {
 public:
  Torch(TorchOptions options, Files files, std::string digest, int threads, Executor& cpu)
      : options_(std::move(options)),
        files_(std::move(files)),
        digest_(std::move(digest)),
        threads_(threads),
        cpu_(cpu) {}
  ~Torch() override { stop(); }

  EngineTraits traits() const override {
    return {.id = "torch:" + files_.weights.stem().string(),
            .model_digest = digest_,
            .revision = 1,
            .reproducible = true,
            .sees_images = true};
  }

  Status start() override {
    KALE_TRY(auto text, read_model_file(files_.names, kNamesBytesMax));
    names_ = split_names(text);
    KALE_TRY(auto bytes, read_model_file(files_.weights, kWeightsBytesMax));
    KALE_TRY(auto weights, Safetensors::parse(std::move(bytes), files_.weights.string()));
    auto bias = weights.tensors().find("classes.bias");
    if (bias == weights.tensors().end() || bias->second.elements() != std::ssize(names_)) {
      return Error{Code::kBadConfig,
                   fmt::format("{} has {} names and the network of {} has another number of "
                               "classes; make both with scripts/convert_efficientnet.py",
                               files_.names.string(), names_.size(), files_.weights.string())};
    }
    KALE_TRY(auto network, TorchNetwork::open(files_.library, weights));
    return batches_.start(std::move(network), {.batch = static_cast<int>(options_.batch_size),
                                               .side = kSidePx,
                                               .classes = static_cast<int>(names_.size()),
                                               .threads = threads_});
  }

  void stop() override { batches_.stop(); }

  Task<Result<Reply>> generate(Prompt prompt, Decoding) override {
    if (prompt.images.size() != 1)
      co_return Error{Code::kBadConfig,
                      "the classifier sees one picture at a time; a step that "
                      "sends text must ask a language model (engine: ...)"};
    std::vector<float> planes = fit_square(*prompt.images.front(), kSidePx);
    Completion<Result<std::vector<float>>> done(cpu_);
    batches_.add({.planes = std::move(planes), .done = &done});
    auto logits = co_await done;
    if (!logits) co_return std::move(logits).error();
    Reply reply;
    reply.choices.push_back({.text = classes_json(*logits, names_, kClassesInReply)});
    co_return reply;
  }

 private:
  TorchOptions options_;
  Files files_;
  std::string digest_;
  int threads_;
  Executor& cpu_;
  std::vector<std::string> names_;
  Batches batches_;
};

}  // namespace

Result<std::unique_ptr<Engine>> make_torch(TorchOptions options, const BuildContext& build) {
  if (options.weights.empty() || options.classes.empty()) {
    return Error{Code::kBadConfig,
                 "the classifier needs its options weights and classes; make both files with "
                 "`python scripts/convert_efficientnet.py .deps/models`"};
  }
  Files files{.weights = build.resolve(options.weights),
              .names = build.resolve(options.classes),
              .library = options.library.empty() ? std::filesystem::path()
                                                 : build.resolve(options.library)};
  // Files that are missing are reported by start(): `kale status` needs none of them.
  Digest digest;
  for (const auto& path : {files.weights, files.names}) {
    auto hash = xxh128_file(path);
    digest.add(hash ? std::string_view(*hash) : "");
  }
  int threads = options.threads > 0 ? static_cast<int>(options.threads) : build.cores;
  return std::unique_ptr<Engine>(std::make_unique<Torch>(std::move(options), std::move(files),
                                                         digest.hex(), threads, build.cpu));
}

}  // namespace kale
