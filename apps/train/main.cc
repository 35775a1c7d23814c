// kale-train: what `kale train` starts. It alone is linked to libtorch.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
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
  std::string recipe, out, data, validation, student, vision, text;
  std::vector<std::string> sets;
};

// Paths of the command line start where it was typed; --set comes last and may still change them.
std::vector<std::string> all_sets(const Arguments& arguments) {
  std::vector<std::string> sets;
  auto add = [&](const char* option, const std::string& path) {
    if (!path.empty())
      sets.push_back(fmt::format("{}={}", option,
                                 nlohmann::json(std::filesystem::absolute(path).string()).dump()));
  };
  add("data.train", arguments.data);
  add("data.validation", arguments.validation);
  add("student.from", arguments.student);
  add("student.vision", arguments.vision);
  add("student.text", arguments.text);
  sets.insert(sets.end(), arguments.sets.begin(), arguments.sets.end());
  return sets;
}

Status run(const Arguments& arguments) {
  KALE_TRY(TrainRecipe recipe, load_train_recipe(arguments.recipe, all_sets(arguments)));
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
      "  kale train recipes/training/student.yaml --data out/stage1 --vision clip --text smollm2 "
      "--out "
      "out/student\n"
      "  mpirun -n 2 kale train ...                 two processes, the same steps\n\n"
      "Stop it at any time (Ctrl-C writes a checkpoint first): the same command goes on, with the "
      "same losses.\nOUT/student is what transformers loads, and `kale export gguf` turns it into "
      "files for llama.cpp.",
      "kale train"};
  kale::Arguments arguments;
  app.add_option("recipe", arguments.recipe, "a training recipe (docs/training.md)")->required();
  app.add_option("--out", arguments.out, "folder of the run: checkpoints, log, student")
      ->required();
  app.add_option("--data", arguments.data, "what to learn from, instead of data.train");
  app.add_option("--validation", arguments.validation, "instead of data.validation");
  app.add_option("--student", arguments.student, "a LLaVA folder, instead of student.from");
  app.add_option("--vision", arguments.vision, "a CLIP or SigLIP folder: student.vision");
  app.add_option("--text", arguments.text, "a Llama or Qwen2 folder: student.text");
  app.add_option("--set", arguments.sets,
                 "section.option=value instead of the recipe's; its paths start at the recipe");
  try {
    app.parse(argc, argv);
    std::signal(SIGINT, kale::ask_to_stop);
    std::signal(SIGTERM, kale::ask_to_stop);
    return kale::report(kale::run(arguments));
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kale::kExitUsage;
  } catch (const std::exception& error) {
    fmt::print(stderr, "kale: bug: {}\n", error.what());
    return kale::kExitBug;
  }
}
