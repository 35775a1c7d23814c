#include <fmt/format.h>

#include "apps/kale/verbs.h"

int main(int argc, char** argv) {
  CLI::App app{
      "kale turns pictures with alt-text into a knowledge-augmented dense caption dataset.\n\n"
      "  kale run recipes/kale.yaml --out out/facts  caption, or go on where an earlier run ended\n"
      "  kale status out/facts                       what is done\n"
      "  kale explain out/facts ROW                  what happened to a row, and why a shard will "
      "run"};
  app.require_subcommand(1);
  app.set_version_flag("--version", "kale " KALE_VERSION);
  app.footer(
      "Exit codes: 0 done, 3 stopped on request (run again to go on), 64 bad recipe or option, 66 "
      "input missing\nor changed, 69 a model is not to be had, 70 a bug, 74 the disk refused, or "
      "another kale is at work\nin the folder.");
  int exit = kale::kExitDone;
  kale::add_run(app, exit);
  kale::add_status(app, exit);
  kale::add_explain(app, exit);
  kale::add_options(app, exit);
  kale::add_world(app, exit);
  kale::add_evaluate(app, exit);
  kale::add_train(app, exit);
  kale::add_export(app, exit);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    int code = app.exit(error);
    return code == 0 ? 0 : kale::kExitUsage;
  } catch (const std::exception& error) {
    fmt::print(stderr, "kale: bug: {}\n", error.what());
    return kale::kExitBug;
  }
  return exit;
}
