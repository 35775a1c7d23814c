// How a program ends, and what it says when it could not do what it was asked.
#pragma once

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

}  // namespace kale
