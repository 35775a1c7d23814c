// A bug is a crash with a message, in release builds too. For the state of the world use Status,
// for a bad row Outcome.
#pragma once

#include <source_location>
#include <string_view>

namespace kale {

[[noreturn]] void check_failed(std::string_view condition, std::string_view why,
                               std::source_location where = std::source_location::current());

}  // namespace kale

#define KALE_CHECK(condition, why)                             \
  do {                                                         \
    if (!(condition)) ::kale::check_failed(#condition, (why)); \
  } while (false)
