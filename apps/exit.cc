#include "apps/exit.h"

#include <fmt/format.h>

namespace kale {

int exit_code(const Error& error) {
  switch (error.code) {
    case Code::kBadConfig:
    case Code::kNotBuilt:
      return kExitUsage;
    case Code::kNotFound:
      return kExitNoInput;
    case Code::kEngineGone:
    case Code::kTimeout:
      return kExitEngine;
    case Code::kCancelled:
      return kExitStopped;
    case Code::kBug:
      return kExitBug;
    case Code::kIo:
    case Code::kCorrupt:
    case Code::kLimit:
    case Code::kRejected:
      return kExitIo;
  }
  return kExitBug;
}

int report(const Status& status) {
  if (status) return kExitDone;
  fmt::print(stderr, "kale: {}\n", status.error().message);
  return exit_code(status.error());
}

}  // namespace kale
