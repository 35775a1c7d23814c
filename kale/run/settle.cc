#include "kale/run/settle.h"

#include <algorithm>
#include <utility>

#include "kale/resume/plan.h"

namespace kale {

bool is_worlds(Code code) {
  return code == Code::kEngineGone || code == Code::kCancelled || code == Code::kBug ||
         code == Code::kBadConfig || code == Code::kNotBuilt;
}

bool declares_retry(const StepTraits& traits, std::string_view step) {
  return std::find(traits.retries.begin(), traits.retries.end(), step) != traits.retries.end();
}

void reject(FinishedRow& finished, std::string_view step, const Outcome& outcome) {
  finished.step = step;
  if (auto* dropped = std::get_if<Dropped>(&outcome)) {
    finished.fate = Fate::kDropped;
    finished.reason = drop_name(dropped->reason);
    finished.detail = dropped->detail;
    return;
  }
  auto* failed = std::get_if<Failed>(&outcome);
  KALE_CHECK(failed != nullptr, "only dropped and failed rows are rejected");
  finished.fate = Fate::kFailed;
  finished.reason = code_name(failed->error.code);
  finished.detail = failed->error.message;
}

bool failed_at_source(const FinishedRow& finished) {
  return finished.fate == Fate::kFailed && finished.step.empty();
}

bool is_retried(const FinishedRow& finished, const std::vector<std::string>& retry) {
  return finished.fate != Fate::kKept && names_label(retry, reject_label(finished));
}

bool rejection_stands(const FinishedRow& finished, const Route& route) {
  if (finished.fate == Fate::kKept) return false;
  if (finished.step.empty()) return true;  // dropped by the source, which has not changed
  auto step = route.index_of(finished.step);
  return step && *step < route.first_step;
}

void restart_row(FinishedRow& finished, const Route& route,
                 std::shared_ptr<const std::string> image_bytes) {
  finished.fate = Fate::kKept;
  finished.step.clear();
  finished.reason.clear();
  finished.detail.clear();
  finished.row.filled = finished.row.filled & route.kept_columns;
  finished.row.image_bytes = std::move(image_bytes);
}

}  // namespace kale
