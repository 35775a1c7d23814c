// Which steps a shard's rows pass, and when their transient columns can go: worked out once a shard
// from the traits.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "kale/core/step.h"

namespace kale {

struct Route {
  std::vector<StepTraits> traits;
  // Steps before the first changed one run only to remake transient columns.
  std::vector<bool> runs;
  std::vector<Columns> dead_after;  // transient columns that no step from here on will read
  std::size_t first_step = 0;
  bool wants_image_bytes = false;
  std::int64_t transient_bytes = 0;  // of the steps that run
  Columns kept_columns;  // still valid from an older generation: the source's and earlier steps'

  std::optional<std::size_t> index_of(std::string_view step) const;
};

// `first_step` is the first one that changed; the route may start earlier.
Route plan_route(const std::vector<StepTraits>& steps, Columns provided, std::size_t first_step);

}  // namespace kale
