// kale-train: what `kale train` starts. It alone is linked to libtorch.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include "apps/exit.h"
#include "kale/train/train.h"

namespace kale {
namespace {

std::atomic<bool> stop_asked = false;

void ask_to_stop(int) {
  if (stop_asked.exchange(true)) std::_Exit(kExitStopped);  // asked twice: at once
}

// Lines that pass are overwritten where somebody watches, and left out of logs but now and then.
class Narrator {
 public:
  void say(const std::string& line, bool passing) {
    if (terminal_) {
      fmt::print(stderr, "\r\033[K{}{}", line, passing ? "" : "\n");
    } else if (!passing || ++passed_ % kPassingShown == 1) {
      fmt::print(stderr, "kale: {}\n", line);
    }
    std::fflush(stderr);
  }
  void done() const {
    if (terminal_) fmt::print(stderr, "\n");
  }

 private:
  static constexpr int kPassingShown = 20;
  bool terminal_ = isatty(STDERR_FILENO) != 0;
  int passed_ = 0;
};

struct Arguments {
  std::string recipe, out;
  std::vector<std::string> sets;
};

Status run(const Arguments& arguments) {
  KALE_TRY(TrainRecipe recipe, load_train_recipe(arguments.recipe, arguments.sets));
  KALE_TRY(std::unique_ptr<Processes> processes, join_processes());
  Narrator narrator;
  const TrainRun run{
      .out = arguments.out, .stop = stop_asked, .say = [&](const std::string& line, bool passing) {
        narrator.say(line, passing);
      }};
  Status trained = train(real_disk(), recipe, *processes, run);
  narrator.done();
  // What stops one process alone would leave the others waiting for it.
  if (!trained && trained.error().code != Code::kCancelled && processes->count() > 1)
    processes->abort(trained.error().message, exit_code(trained.error()));
  return trained;
}

}  // namespace
}  // namespace kale

int main(int argc, char** argv) {
  CLI::App app{
      "kale train distils a student: a small LLaVA network that sees a picture, reads its alt-text "
      "and writes the\ncaption that a run has made (BLIP3-KALE, stage 2).\n\n"
      "  kale train recipes/training/student.yaml --out out/student\n"
      "  kale train recipes/training/student.yaml --out out/student --set align.rate=0.002\n"
      "  mpirun -n 2 kale train ...                 two processes, the same steps\n\n"
      "Stop it at any time (Ctrl-C writes a checkpoint first): the same command goes on, with the "
      "same losses.\nOUT/student is what transformers loads, and `kale export gguf` turns it into "
      "files for llama.cpp.",
      "kale train"};
  kale::Arguments arguments;
  app.add_option("recipe", arguments.recipe, "a training recipe (docs/training.md)")->required();
  app.add_option("--out", arguments.out, "folder of the run: checkpoints, log, student")
      ->required();
  app.add_option("--set", arguments.sets, "section.option=value instead of the recipe's");
  CLI11_PARSE(app, argc, argv);
  std::signal(SIGINT, kale::ask_to_stop);
  std::signal(SIGTERM, kale::ask_to_stop);
  return kale::report(kale::run(arguments));
}
