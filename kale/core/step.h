// One step of one row's journey. It fills columns of the row, or drops the row with a reason, or
// fails it.
// Errors   a world that broke (kEngineGone, kCancelled) is passed on inside Failed; the runner
//          stops the run
// Threads  apply() runs on a worker thread and may compute there; many rows are in apply() at once
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kale/core/context.h"
#include "kale/core/outcome.h"
#include "kale/core/row.h"

namespace kale {

struct StepTraits {
  std::string_view name;
  Columns reads;
  Columns writes;
  int revision = 1;  // raised when the step's behaviour changes; part of the fingerprint
  std::vector<std::string> texts;  // prompts and word lists in use; part of the fingerprint
  // Asked by the step; their traits are part of the fingerprint.
  std::vector<const Engine*> engines;
  std::vector<std::string_view> retries;  // earlier steps it may send a row back to (Retry)
  std::int64_t transient_bytes = 0;  // largest transient columns it may write to a row (pixels)
};

class Step {
 public:
  virtual ~Step() = default;
  virtual StepTraits traits() const = 0;
  virtual Task<Outcome> apply(Row& row, Context& ctx) = 0;
};

}  // namespace kale
