#include "kale/core/sink.h"

#include "kale/core/source.h"

namespace kale {

std::string_view fate_name(Fate fate) {
  switch (fate) {
    case Fate::kKept:
      return "kept";
    case Fate::kDropped:
      return "dropped";
    case Fate::kFailed:
      return "failed";
  }
  check_failed("fate", "a fate without a name");
}

std::string reject_label(const FinishedRow& row) {
  KALE_CHECK(row.fate != Fate::kKept, "a kept row has no reason");
  return (row.fate == Fate::kDropped ? "drop:" : "fail:") + row.reason;
}

std::int64_t ShardSpec::rows() const {
  std::int64_t rows = 0;
  for (const Slice& slice : slices) rows += slice.rows;
  return rows;
}

}  // namespace kale
