// One function a verb; each adds its subcommand and says what to do when it is chosen.
#pragma once

#include <CLI/CLI.hpp>

#include "apps/exit.h"

namespace kale {

void add_run(CLI::App& app, int& exit);
void add_status(CLI::App& app, int& exit);
void add_explain(CLI::App& app, int& exit);
void add_options(CLI::App& app, int& exit);
void add_world(CLI::App& app, int& exit);
void add_evaluate(CLI::App& app, int& exit);
void add_train(CLI::App& app, int& exit);
void add_export(CLI::App& app, int& exit);

}  // namespace kale
