// One function a verb; each adds its subcommand and says what to do when it is chosen.
#pragma once

#include <CLI/CLI.hpp>

#include "kale/core/result.h"

namespace kale {

// Exit codes; 64 and up after sysexits.h.
enum ExitCode : int {
  kExitDone = 0,
  kExitStopped = 3,   // asked to stop; run again to go on
  kExitUsage = 64,    // bad command line, recipe or option
  kExitNoInput = 66,  // a file that must be there is not, or the input has changed
  kExitEngine = 69,   // a model or its server is not to be had
  kExitBug = 70,      // kale or a step broke its contract
  kExitIo = 74,       // the disk refused, state is damaged, or another run has the folder
};
int exit_code(const Error& error);
int report(const Status& status);  // prints the error, if any, and returns its exit code

void add_run(CLI::App& app, int& exit);
void add_status(CLI::App& app, int& exit);
void add_explain(CLI::App& app, int& exit);
void add_options(CLI::App& app, int& exit);
void add_world(CLI::App& app, int& exit);
void add_evaluate(CLI::App& app, int& exit);
void add_export(CLI::App& app, int& exit);

}  // namespace kale
