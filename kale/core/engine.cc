#include "kale/core/engine.h"

namespace kale {

std::string_view finish_name(Finish finish) {
  switch (finish) {
    case Finish::kStop:
      return "stop";
    case Finish::kLength:
      return "length";
    case Finish::kRepetition:
      return "repetition";
  }
  check_failed("finish", "a finish reason without a name");
}

}  // namespace kale
