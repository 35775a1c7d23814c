#include <fmt/format.h>

#include "apps/kale/verbs.h"
#include "kale/assemble/tables.h"

namespace kale {

void add_options(CLI::App& app, int& exit) {
  CLI::App* verb = app.add_subcommand("options", "every option of every part, as docs/options.md");
  verb->callback([&exit] {
    fmt::print("{}", options_page());
    exit = kExitDone;
  });
}

}  // namespace kale
