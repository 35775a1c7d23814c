#include "kale/run/route.h"

#include <algorithm>

namespace kale {
namespace {

Columns transient_columns() {
  Columns columns;
  for (const ColumnInfo& info : column_table())
    if (info.transient()) columns |= Columns{info.column};
  return columns;
}

// A step that may send rows back keeps alive what the steps in between read; where a later one
// sends them to it or before it, until that one: so the last step comes first.
std::vector<std::size_t> last_steps_reading(const Route& route) {
  std::vector<std::size_t> reach(route.traits.size());
  for (std::size_t i = 0; i < reach.size(); ++i) reach[i] = i;
  for (std::size_t from = reach.size(); from-- > 0;)
    for (std::string_view back : route.traits[from].retries)
      if (auto to = route.index_of(back))
        for (std::size_t i = *to; i <= from; ++i) reach[i] = std::max(reach[i], reach[from]);
  return reach;
}

// A redo starts where a step that runs may send rows back to: a row whose columns come from a later
// attempt would otherwise end differently from a fresh run.
std::size_t first_to_run(const Route& route, std::size_t first_changed) {
  std::size_t first = first_changed;
  for (std::size_t i = route.traits.size(); i-- > 0;) {
    if (i < first) break;
    for (std::string_view back : route.traits[i].retries)
      if (auto to = route.index_of(back)) first = std::min(first, *to);
  }
  return first;
}

}  // namespace

std::optional<std::size_t> Route::index_of(std::string_view step) const {
  for (std::size_t i = 0; i < traits.size(); ++i)
    if (traits[i].name == step) return i;
  return {};
}

Route plan_route(const std::vector<StepTraits>& steps, Columns provided, std::size_t first_step) {
  Route route;
  route.traits = steps;
  first_step = first_to_run(route, first_step);
  route.first_step = first_step;
  route.runs.assign(steps.size(), true);
  route.kept_columns = provided;
  const Columns transient = transient_columns();

  Columns needed;
  for (std::size_t i = first_step; i < steps.size(); ++i) needed |= steps[i].reads & transient;
  for (std::size_t i = first_step; i-- > 0;) {
    route.kept_columns |= steps[i].writes - transient;
    route.runs[i] = !(steps[i].writes & needed).empty();
    if (route.runs[i]) needed |= steps[i].reads & transient;
  }
  route.wants_image_bytes = needed.has(Column::kImageBytes);

  std::vector<std::size_t> reach = last_steps_reading(route);
  route.dead_after.assign(steps.size(), transient);
  for (std::size_t reader = 0; reader < steps.size(); ++reader) {
    if (!route.runs[reader]) continue;
    route.transient_bytes += steps[reader].transient_bytes;
    for (std::size_t i = 0; i < reach[reader]; ++i)
      route.dead_after[i] = route.dead_after[i] - steps[reader].reads;
  }
  return route;
}

}  // namespace kale
