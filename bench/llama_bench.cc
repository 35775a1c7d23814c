// Captions a second of the llama engine on requests shaped like those of the step fuse: a shared
// beginning of about 270 tokens, about 40 of the row's own, 40 new ones. Prints one line for each
// setting: the median of the rounds and their spread. On a machine that does other things too, the
// CPU seconds of a caption tell more; threads that share a worker spin, and count as working.
//
//   llama_bench --model .deps/models/SmolLM2-135M-Instruct-Q8_0.gguf
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <thread>

#include "kale/engines/llama/ask_all.h"
#include "kale/engines/llama/llama.h"

namespace {

using kale::llama::Question;

struct Settings {
  std::vector<std::string> models;
  std::vector<std::int64_t> sequences = {1, 8, 16, 32};
  std::vector<std::int64_t> workers = {0};
  std::vector<int> candidates = {1, 5};
  std::int64_t threads = 0;
  std::size_t requests = 32;
  int new_tokens = 40;
  int rounds = 3;
};

const kale::Message kExamples[] = {
    {"system", "You merge a web text and a description of the same picture into one caption."},
    {"user",
     "Web text: Emperor penguins at Snow Hill, Antarctica, 2014.\nDescription: Several black and "
     "white birds stand on snow. One of them is smaller and grey. The sky is blue and clear."},
    {"assistant",
     "Emperor penguins stand on the snow of Snow Hill in Antarctica under a clear blue sky; one "
     "of them is smaller and grey."},
    {"user",
     "Web text: Ford Model T, photo by the museum.\nDescription: An old black car with large "
     "wheels is parked on grass in front of a brick building. Nobody sits in the car."},
    {"assistant",
     "An old black Ford Model T with large wheels is parked on grass in front of a brick "
     "building."},
    {"user",
     "Web text: A caribou.\nDescription: A brown animal with large antlers is walking to the left "
     "on a white background. Its head is lowered and its legs are long and thin."},
    {"assistant", "A brown caribou with large antlers walks to the left on a white background."},
};

const char* const kNames[] = {"nickel", "puffin", "violin", "cactus", "ferry", "lantern", "beetle"};
const char* const kColours[] = {"red", "grey", "green", "yellow", "brown"};

Question question(std::size_t row, const Settings& settings, int candidates) {
  Question question;
  question.prompt.messages.assign(std::begin(kExamples), std::end(kExamples));
  question.prompt.shared_messages = static_cast<int>(question.prompt.messages.size());
  question.prompt.messages.push_back(
      {"user",
       fmt::format("Web text: A {} number {}.\nDescription: A {} thing stands in the "
                   "middle of a plain background. It is large and seen from the side.",
                   kNames[row % std::size(kNames)], row, kColours[row % std::size(kColours)])});
  question.decoding.new_tokens_max = settings.new_tokens;
  question.decoding.candidates = candidates;
  question.decoding.temperature = candidates > 1 ? 0.7 : 0;
  question.decoding.seed = row;
  return question;
}

struct Round {
  double captions_per_second = 0;
  double new_tokens_per_second = 0;
  double cpu_seconds_per_caption = 0;
};

kale::Result<Round> run_round(kale::FakeExecutor& executor, kale::Engine& engine,
                              const Settings& settings, int candidates) {
  std::vector<Question> questions;
  for (std::size_t row = 0; row < settings.requests; ++row)
    questions.push_back(question(row, settings, candidates));
  auto begun = std::chrono::steady_clock::now();
  std::clock_t cpu_begun = std::clock();
  auto answers = kale::llama::ask_all(executor, engine, std::move(questions));
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  double tokens = 0;
  for (auto& answer : answers) {
    if (!answer) return answer.error();
    for (const kale::Choice& choice : answer->choices) tokens += choice.new_tokens;
  }
  double cpu_seconds = static_cast<double>(std::clock() - cpu_begun) / CLOCKS_PER_SEC;
  auto captions = static_cast<double>(settings.requests);
  return Round{captions / took.count(), tokens / took.count(), cpu_seconds / captions};
}

kale::Status bench(const kale::LlamaOptions& options, const Settings& settings, int candidates) {
  kale::FakeExecutor executor;
  int cores = static_cast<int>(std::thread::hardware_concurrency());
  KALE_TRY(auto engine,
           kale::make_llama(options, {executor, cores, std::filesystem::current_path(), {}}));
  KALE_OK(engine->start());
  std::vector<Round> rounds;
  for (int i = -1; i < settings.rounds; ++i) {  // the first one warms up: weights, prefix
    KALE_TRY(auto round, run_round(executor, *engine, settings, candidates));
    if (i >= 0) rounds.push_back(round);
  }
  std::sort(rounds.begin(), rounds.end(), [](const Round& a, const Round& b) {
    return a.captions_per_second < b.captions_per_second;
  });
  const Round& median = rounds[rounds.size() / 2];
  fmt::print("{:<34} {:>9} {:>7} {:>10} {:>10.2f} {:>7.2f}-{:<6.2f} {:>12.0f} {:>13.3f}\n",
             std::filesystem::path(options.model).stem().string(), options.sequences,
             options.workers, candidates, median.captions_per_second,
             rounds.front().captions_per_second, rounds.back().captions_per_second,
             median.new_tokens_per_second, median.cpu_seconds_per_caption);
  std::fflush(stdout);
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app("Captions a second of the llama engine");
  app.add_option("--model", settings.models, "GGUF files")->required();
  app.add_option("--sequences", settings.sequences, "replies written at once, one or several");
  app.add_option("--workers", settings.workers, "contexts, one or several; 0: the engine's choice");
  app.add_option("--candidates", settings.candidates, "replies to a prompt, one or several");
  app.add_option("--threads", settings.threads, "of all workers; 0: the cores");
  app.add_option("--requests", settings.requests, "in flight at once, each round");
  app.add_option("--tokens", settings.new_tokens, "longest reply");
  app.add_option("--rounds", settings.rounds, "of which the median is printed");
  CLI11_PARSE(app, argc, argv);
  fmt::print("{:<34} {:>9} {:>7} {:>10} {:>10} {:>14} {:>12} {:>13}\n", "model", "sequences",
             "workers", "candidates", "captions/s", "min-max", "new tokens/s", "CPU s/caption");
  for (const std::string& model : settings.models)
    for (int candidates : settings.candidates)
      for (std::int64_t workers : settings.workers)
        for (std::int64_t sequences : settings.sequences) {
          kale::LlamaOptions options;
          options.model = model;
          options.sequences = sequences;
          options.workers = workers;
          options.threads = settings.threads;
          auto done = bench(options, settings, candidates);
          if (!done) {
            fmt::print(stderr, "llama_bench: {}\n", kale::describe_error(done.error()));
            return 1;
          }
        }
  return 0;
}
