#include "kale/core/result.h"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <cstdlib>

namespace kale {
namespace {

struct CodeRow {
  Code code;
  std::string_view name;
  bool retryable;
};

constexpr std::array kCodes{
    CodeRow{Code::kBadConfig, "kBadConfig", false},
    CodeRow{Code::kNotFound, "kNotFound", false},
    CodeRow{Code::kIo, "kIo", true},
    CodeRow{Code::kCorrupt, "kCorrupt", false},
    CodeRow{Code::kTimeout, "kTimeout", true},
    CodeRow{Code::kEngineGone, "kEngineGone", true},
    CodeRow{Code::kNotBuilt, "kNotBuilt", false},
    CodeRow{Code::kLimit, "kLimit", false},
    CodeRow{Code::kRejected, "kRejected", false},
    CodeRow{Code::kCancelled, "kCancelled", true},
    CodeRow{Code::kBug, "kBug", false},
};

const CodeRow& row_of(Code code) {
  for (const CodeRow& row : kCodes)
    if (row.code == code) return row;
  check_failed("code", "an error code without a row in kCodes");
}

}  // namespace

std::string_view code_name(Code code) { return row_of(code).name; }
bool retryable(Code code) { return row_of(code).retryable; }

std::string describe_error(const Error& error) {
  return fmt::format("{}: {} ({}:{})", code_name(error.code), error.message,
                     error.where.file_name(), error.where.line());
}

void check_failed(std::string_view condition, std::string_view why, std::source_location where) {
  fmt::print(stderr, "kale: bug: {} [{}] at {}:{}\n", why, condition, where.file_name(),
             where.line());
  std::fflush(stderr);
  std::abort();
}

}  // namespace kale
