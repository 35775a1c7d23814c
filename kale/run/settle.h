// How a row's outcome becomes its fate, and which older fates stand when a shard is redone.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kale/core/outcome.h"
#include "kale/core/sink.h"
#include "kale/core/step.h"
#include "kale/run/route.h"

namespace kale {

// Not the row's fault: the run ends, and the row has no fate.
bool is_worlds(Code code);
bool declares_retry(const StepTraits& traits, std::string_view step);

// `outcome` is Dropped or Failed.
void reject(FinishedRow& finished, std::string_view step, const Outcome& outcome);
// A picture that was gone, or could not be read, may be back: such a row is read again.
bool failed_at_source(const FinishedRow& finished);
// Rejected for a reason that is to be tried again.
bool is_retried(const FinishedRow& finished, const std::vector<std::string>& retry);
// A row that left before the first step to be redone stays rejected.
bool rejection_stands(const FinishedRow& finished, const Route& route);
// Makes a row of an older generation ready to walk again: only columns that are still valid stay
// filled.
void restart_row(FinishedRow& finished, const Route& route,
                 std::shared_ptr<const std::string> image_bytes);

}  // namespace kale
