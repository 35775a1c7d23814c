// How fast a student captions in libtorch, batch by batch, its pictures prepared beforehand:
// bench/train/captions.py runs it beside transformers.
//
//   OMP_NUM_THREADS=2 student_bench --student FOLDER --data WORLD --rows-at-once 16 --new-tokens 64
//
// Prints {"seconds": [a batch each], "captions": [a row each]}. The first batch is written once
// more beforehand, so that what is made at the first use is not counted.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <nlohmann/json.hpp>

#include "kale/core/duration.h"
#include "kale/train/validation.h"

namespace {

using namespace kale;

struct Settings {
  std::string student;
  CorpusOptions data;
  std::int64_t rows_at_once = 16;
  std::int64_t new_tokens = 64;
};

struct Asked {
  std::vector<std::string> alt_texts;
  std::vector<float> pixels;
};

Result<std::vector<Asked>> read_batches(const Settings& settings, const Pictures& pictures) {
  KALE_TRY(auto corpus, Corpus::open(settings.data, "."));
  std::vector<Asked> batches;
  for (std::size_t i = 0; i < corpus->blocks().size(); ++i) {
    KALE_TRY(Block block, corpus->read(i));
    for (Pair& pair : block.pairs) {
      KALE_TRY(auto planes, pictures.prepare(std::move(pair.image_bytes)));
      if (batches.empty() || std::ssize(batches.back().alt_texts) == settings.rows_at_once)
        batches.emplace_back();
      batches.back().alt_texts.push_back(std::move(pair.alt_text));
      batches.back().pixels.insert(batches.back().pixels.end(), planes.begin(), planes.end());
    }
  }
  return batches;
}

Status run(const Settings& settings) {
  KALE_TRY(const Student student, load_student(real_disk(), settings.student, std::nullopt));
  KALE_TRY(const Pictures pictures, Pictures::make(student.picture));
  KALE_TRY(const std::vector<Asked> batches, read_batches(settings, pictures));
  const LayoutOptions layout{.caption_tokens_max = settings.new_tokens};
  auto write = [&](const Asked& asked) {
    return write_captions(student, layout, asked.alt_texts, asked.pixels, {});
  };
  write(batches.front());
  nlohmann::json told{{"seconds", nlohmann::json::array()}, {"captions", nlohmann::json::array()}};
  for (const Asked& asked : batches) {
    const auto began = std::chrono::steady_clock::now();
    const std::vector<std::string> captions = write(asked);
    told["seconds"].push_back(seconds_since(began));
    for (const std::string& caption : captions) told["captions"].push_back(caption);
  }
  fmt::print("{}\n", told.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"how fast a student captions in libtorch"};
  Settings settings;
  settings.data.caption_column = "caption_fused_dense";
  app.add_option("--student", settings.student, "a student's folder")->required();
  app.add_option("--data", settings.data.path, "a world")->required();
  app.add_option("--rows-at-once", settings.rows_at_once, "of a batch")->check(CLI::Range(1, 4096));
  app.add_option("--new-tokens", settings.new_tokens, "at most")->check(CLI::Range(1, 8192));
  CLI11_PARSE(app, argc, argv);
  const Status done = run(settings);
  if (done) return 0;
  fmt::print(stderr, "{}\n", describe_error(done.error()));
  return 1;
}
