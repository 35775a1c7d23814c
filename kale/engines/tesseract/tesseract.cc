#include "kale/engines/tesseract/tesseract.h"

#include <fmt/format.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <utility>

#include "kale/engines/tesseract/recogniser.h"
#include "kale/io/digest.h"

namespace kale {
namespace {

constexpr std::array<std::string_view, 4> kSystemFolders = {
    "/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tessdata", "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata"};

std::vector<std::string> languages_of(std::string_view joined) {
  std::vector<std::string> languages;
  while (!joined.empty()) {
    std::size_t plus = std::min(joined.find('+'), joined.size());
    if (plus > 0) languages.emplace_back(joined.substr(0, plus));
    joined.remove_prefix(std::min(plus + 1, joined.size()));
  }
  return languages;
}

std::filesystem::path find_data(const std::filesystem::path& wanted, const std::string& language) {
  if (!wanted.empty()) return wanted;
  std::error_code ignored;
  for (std::string_view folder : kSystemFolders) {
    std::filesystem::path path(folder);
    if (std::filesystem::exists(path / (language + ".traineddata"), ignored)) return path;
  }
  return kSystemFolders.front();
}

class Tesseract : public Engine {
 public:
  Tesseract(TesseractOptions options, std::filesystem::path data, std::string digest,
            std::string missing, Executor& cpu)
      : options_(std::move(options)),
        digest_(std::move(digest)),
        missing_(std::move(missing)),
        cpu_(cpu),
        pool_({.data = std::move(data),
               .language = options_.language,
               .side_px_min = static_cast<int>(options_.side_px_min)}) {}

  EngineTraits traits() const override {
    return {.id = "tesseract:" + options_.language,
            .model_digest = digest_,
            .revision = 1,
            .reproducible = true,
            .sees_images = true};
  }

  Status start() override {
    if (!missing_.empty()) {
      return Error{
          Code::kBadConfig,
          fmt::format("no language data {}; install Debian's tesseract-ocr-{}, or name the "
                      "folder that has it in the engine's option data",
                      missing_, std::filesystem::path(missing_).stem().string())};
    }
    KALE_TRY(auto first, pool_.take());
    pool_.give(std::move(first));
    return {};
  }

  void stop() override { stopped_ = true; }

  Task<Result<Reply>> generate(Prompt prompt, Decoding) override {
    if (prompt.images.size() != 1)
      co_return Error{Code::kBadConfig,
                      "tesseract reads one picture at a time; a step that sends "
                      "text must ask a language model (engine: ...)"};
    co_await Hop{cpu_};
    if (stopped_) co_return Error{Code::kCancelled, "tesseract has been stopped"};
    auto reply = read(*prompt.images.front());
    co_return reply;
  }

 private:
  Result<Reply> read(const Pixels& pixels) {
    KALE_TRY(auto recogniser, pool_.take());
    std::string words = recogniser->words_json(pixels);
    pool_.give(std::move(recogniser));
    Reply reply;
    reply.choices.push_back({.text = std::move(words)});
    return reply;
  }

  TesseractOptions options_;
  std::string digest_;
  std::string missing_;  // a language file that is not there
  Executor& cpu_;
  RecogniserPool pool_;
  std::atomic<bool> stopped_ = false;
};

}  // namespace

Result<std::unique_ptr<Engine>> make_tesseract(TesseractOptions options,
                                               const BuildContext& build) {
  auto languages = languages_of(options.language);
  if (languages.empty()) {
    return Error{Code::kBadConfig, "the engine's option language is empty; write eng"};
  }
  std::filesystem::path wanted = options.data.empty() ? "" : build.resolve(options.data);
  std::filesystem::path data = find_data(wanted, languages.front());
  // Missing data is reported by start(): `kale status` needs no language data.
  std::string missing;
  Digest digest;
  for (const std::string& language : languages) {
    auto path = data / (language + ".traineddata");
    auto hash = xxh128_file(path);
    if (!hash && missing.empty()) missing = path.string();
    digest.add(hash ? std::string_view(*hash) : "");
  }
  return std::unique_ptr<Engine>(std::make_unique<Tesseract>(
      std::move(options), std::move(data), digest.hex(), std::move(missing), build.cpu));
}

}  // namespace kale
