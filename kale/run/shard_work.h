// One shard on its way: its rows as they finish, its journal, and what the plan said about it.
// Threads  rows are written by their own coroutine each; `unfinished` is the join
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <vector>

#include "kale/core/sink.h"
#include "kale/core/source.h"
#include "kale/resume/journal.h"
#include "kale/resume/plan.h"
#include "kale/run/route.h"

namespace kale {

struct ShardWork {
  ShardPlan plan;
  Route route;
  std::unique_ptr<Journal> journal;
  std::unique_ptr<RowReader> reader;  // null where every row comes whole from the older generation
  std::vector<FinishedRow> rows;      // in input order; an unfinished row has no fate yet
  std::atomic<std::int64_t> unfinished = 1;  // rows, plus one held by admission until all are in
  // A row ended without a fate: the shard cannot be committed now.
  std::atomic<bool> abandoned = false;
  bool from_previous = false;
  std::int64_t held_bytes = 0;  // of extra columns; admission's until all rows are in
  bool wants_image_bytes = false;
  Route whole_route;                      // for rows that are read from the source again
  std::vector<bool> from_start;           // by row; true for all without an older generation
  std::atomic<std::int64_t> settled = 0;  // rows with a fate; all of them before a commit

  const Route& route_of(std::size_t row) const { return from_start[row] ? whole_route : route; }
};

}  // namespace kale
