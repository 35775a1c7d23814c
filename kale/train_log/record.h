// What one step of training did.
// Format   docs/formats.md, train.jsonl
// Threads  plain values
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kale {

struct StepRecord {
  std::int64_t step = 0;  // the first is 1
  std::string stage;
  double loss = 0;  // mean over the step's labelled tokens
  double rate = 0;
  std::int64_t rows = 0;    // of this step, in all processes
  std::int64_t tokens = 0;  // those that carry a label
  double gradient_norm = 0;
  double seconds = 0;         // of this step, validation left out
  double waited_seconds = 0;  // of these, for data
  std::int64_t device_bytes = 0;
  std::vector<std::pair<std::string, double>> validation;  // where this step was validated

  bool operator==(const StepRecord&) const = default;
};

// One line without its end. What is not finite is written as null, which JSON has no other word
// for, and read as NaN.
std::string record_line(const StepRecord& record);
// None for what is no such line.
std::optional<StepRecord> read_record(std::string_view line);

}  // namespace kale
